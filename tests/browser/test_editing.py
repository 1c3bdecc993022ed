"""An editor at the desk of a city page: text loses a sentence, is mended and published; and two at once."""

import re

import pytest
from playwright.sync_api import expect

from profiles.models import City
from tests.make import make_editor

PASSWORD = "Drei-Koordinaten-2026"
SECTION = "Das zweite Werkzeug zahlt sich aus"
NEARLY = re.compile("^Wer neu anfängt, bekommt in Hagen meist")


@pytest.fixture
def desk(visit):
    """desk(name): that editor at the working copy of Hagen."""

    def make(name="Rita Richter", **options):
        email = f"{name.split()[0].lower()}@koordinaten.example"
        editor = make_editor(name, email=email)
        editor.set_password(PASSWORD)
        editor.save()
        page = visit(**options)
        page.goto("/redaktion/")
        page.get_by_label("E-Mail").fill(email)
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        expect(page).to_have_url(re.compile("/redaktion/"))
        page.goto(f"/redaktion/profiles/edition/{hagen().working_edition(editor).pk}/change/")
        return page

    return make


def hagen():
    return City.objects.get(slug="hagen")


def panel(page):
    return page.get_by_role("region", name=SECTION)


def lose_the_sentence(page):
    text = panel(page).get_by_label("Text", exact=True)
    text.fill(text.input_value().replace("in Hagen oft", "in Hagen meist"))


def test_a_lost_sentence_stops_publishing_is_taken_over_previewed_published_and_undone(desk):
    page = desk()
    line = panel(page).locator(".desk-line").first
    expect(line).to_contain_text("steht im Text")
    lose_the_sentence(page)
    expect(line).to_contain_text("Satz fehlt")
    expect(panel(page).locator(".desk-read")).to_contain_text("in Hagen meist")
    expect(page.get_by_role("status").first).to_contain_text("1 offen")
    page.get_by_role("button", name="Speichern und veröffentlichen").click()
    expect(page.get_by_text("lässt sich noch nicht veröffentlichen")).to_be_visible()
    page.get_by_role("link", name="Zurück zum Text").click()

    panel(page).get_by_role("button", name="Diesen Satz übernehmen").click()
    expect(panel(page).get_by_label("Belegsatz").first).to_have_value(re.compile("in Hagen meist"))
    expect(line).to_contain_text("steht im Text")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Gespeichert.")).to_be_visible()
    expect(page.get_by_text("Jede Zahl und jedes Merkmal ist belegt.")).to_be_visible()
    page.get_by_role("button", name="Speichern und Vorschau").click()
    expect(page.locator("#text-geld")).to_contain_text("bekommt in Hagen meist")
    page.go_back()
    publish(page)
    page.goto("/staedte/hagen/")
    expect(page.locator("#text-geld")).to_contain_text("bekommt in Hagen meist")

    page.goto(f"/redaktion/profiles/city/{hagen().pk}/change/")
    page.get_by_role("button", name="Wiederherstellen von Ausgabe 1").click()
    expect(page.get_by_text("Das ist der Stand von Ausgabe 1")).to_be_visible()
    publish(page)
    page.goto("/staedte/hagen/")
    expect(page.locator("#text-geld")).to_contain_text("bekommt in Hagen oft")


def publish(page):
    page.get_by_role("button", name="Speichern und veröffentlichen").click()
    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(page.get_by_text("ist veröffentlicht")).to_be_visible()


def test_the_same_without_javascript(desk):
    page = desk(java_script_enabled=False, viewport={"width": 390, "height": 800})
    lose_the_sentence(page)
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Das fehlt noch zum Veröffentlichen")).to_be_visible()
    panel(page).get_by_role("button", name="Diesen Satz übernehmen").click()
    expect(page.get_by_text("Jede Zahl und jedes Merkmal ist belegt.")).to_be_visible()
    panel(page).get_by_role("button", name="Merkmal für den Abschnitt").click()
    expect(panel(page).get_by_label("Merkmal", exact=True)).to_be_focused()
    panel(page).get_by_label("Merkmal", exact=True).select_option(label="Cloud")
    panel(page).get_by_label("Oder einen Satz des Abschnitts wählen").last.select_option(index=1)
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(panel(page).locator(".desk-line")).to_have_count(3)


def test_a_sentence_is_chosen_from_the_text_as_it_stands_now(desk):
    page = desk()
    lose_the_sentence(page)
    line = panel(page).locator(".desk-line").first
    expect(line).to_contain_text("Satz fehlt")
    line.locator("summary").click()
    choice = line.get_by_label("Oder einen Satz des Abschnitts wählen")
    choice.focus()
    choice.select_option(index=1)
    expect(line.get_by_label("Belegsatz")).to_have_value(NEARLY)
    expect(line).to_contain_text("steht im Text")


def test_the_second_of_two_editors_is_told_and_loses_nothing(desk):
    rita, ole = desk(), desk("Ole Otto")
    lose_the_sentence(rita)
    ole.get_by_label("Vorspann").fill("Hagen, wie Ole es sieht.")
    rita.get_by_role("button", name="Speichern", exact=True).click()
    expect(rita.get_by_text("Gespeichert.")).to_be_visible()

    ole.get_by_label("Notiz").fill("Von Ole")
    expect(ole.get_by_text("Rita Richter hat eben auch gespeichert")).to_be_visible()
    with ole.expect_response(lambda response: response.request.method == "POST" and response.status == 409):
        ole.get_by_role("button", name="Speichern", exact=True).click()
    expect(ole.get_by_role("alert")).to_contain_text("während Sie geschrieben haben")
    expect(ole.locator("ins").first).to_contain_text("meist")
    expect(ole.get_by_label("Vorspann")).to_have_value("Hagen, wie Ole es sieht.")
    ole.get_by_role("button", name="Speichern", exact=True).click()
    expect(ole.get_by_text("Gespeichert.")).to_be_visible()
    draft = hagen().editions.get(published_at=None)
    assert draft.lead == "Hagen, wie Ole es sieht."
    assert "in Hagen meist" in draft.sections.get(slug="geld").body
