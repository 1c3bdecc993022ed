"""Somebody of the Redaktion makes a city more, with the keyboard and without code; a seeker finds it."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from profiles.models import City, Place
from tests.browser.test_journeys import PASSWORD, log_in
from tests.make import make_user, make_vacancy

LEAD = "Zwischen Druckmaschinen und Hausgeräten wird in Gütersloh viel umgestellt."
SENTENCE = "Wer anfängt, bekommt meist 2.900 bis 3.500 Euro."


@pytest.fixture
def redaktion(board):
    person = make_user("Rita Richter", email="rita@koordinaten.example", is_staff=True)
    person.groups.add(Group.objects.get(name="Redaktion"))
    person.set_password(PASSWORD)
    person.save()
    return person


def tab_to(page, locator):
    """Presses Tab until `locator` has the focus, and sees that this shows."""
    expect(locator).to_have_count(1)
    for _ in range(80):
        if locator.evaluate("element => element === document.activeElement"):
            width = locator.evaluate("element => parseFloat(getComputedStyle(element).outlineWidth)")
            assert width >= 2, "whoever uses the keyboard sees where they are"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {locator} by Tab")


def press(page, locator):
    tab_to(page, locator)
    page.keyboard.press("Enter")


def write(page, locator, text):
    tab_to(page, locator)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False])
def test_a_sixth_city_is_made_with_the_keyboard_and_found(visit, redaktion, scripts):
    verl = Place.objects.get(name="Verl")
    make_vacancy(open=True, title="Koordination Druckstraße (m/w/d)", place_id=verl.pk, postal_code="33415")
    page = visit(java_script_enabled=scripts)
    log_in(page, redaktion.email, "/redaktion/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Hauptinhalt springen")).to_be_focused()
    press(page, page.get_by_role("link", name="Städte", exact=True).last)
    press(page, page.get_by_role("link", name="Stadt hinzufügen"))
    expect(page.get_by_label("Welcher Ort bekommt eine Seite?")).to_be_focused()
    page.keyboard.type("gutersloh")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="Gütersloh", exact=True))
    expect(page.get_by_label("Adresse der Seite")).to_have_value("guetersloh")
    expect(page.get_by_role("table")).to_contain_text("Verl (1)")
    press(page, page.get_by_role("button", name="Anlegen und schreiben"))
    expect(page.get_by_text("ist angelegt, aber noch nicht zu lesen")).to_be_visible()

    page.get_by_label("Vorspann").fill(LEAD)
    page.get_by_role("button", name="Abschnitt").last.click()
    page.get_by_label("Überschrift").fill("Was es zu verdienen gibt")
    page.get_by_label("Text", exact=True).fill(SENTENCE)
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.get_by_role("button", name="Gehaltszahl").click()
    page.get_by_label("Bezeichnung").fill("Einstieg")
    page.get_by_label("Niveau").select_option("einstieg")
    page.get_by_label("von (€)").fill("2900")
    page.get_by_label("bis (€)").fill("3500")
    page.get_by_label("Belegsatz").fill(SENTENCE)
    page.get_by_role("button", name="Speichern und veröffentlichen").click()
    page.get_by_role("button", name=re.compile("^Veröffentlichen")).click()
    assert City.objects.get(slug="guetersloh").live_edition()

    seeker = visit()
    seeker.goto("/staedte/")
    seeker.get_by_role("link", name="Gütersloh").first.click()
    expect(seeker.get_by_role("heading", level=1)).to_contain_text("Gütersloh")
    expect(seeker.locator("main")).to_contain_text(SENTENCE)
    seeker.goto("/stellen/?stadt=guetersloh")
    expect(seeker.get_by_role("status")).to_have_text("1 Stelle")
    expect(seeker.get_by_role("link", name="Koordination Druckstraße")).to_be_visible()
