"""An editor around the text of a city page: previews, sets a date and lifts it, publishes, confirms, restores."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from profiles.models import City
from tests.make import make_editor

PASSWORD = "Drei-Koordinaten-2026"


def hagen():
    return City.objects.get(slug="hagen")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_editor_previews_dates_publishes_and_restores(visit, scripts):
    editor = make_editor("Rita Richter", email="rita@koordinaten.example")
    editor.set_password(PASSWORD)
    editor.save()
    page = visit(java_script_enabled=scripts)
    page.goto("/redaktion/")
    page.get_by_label("E-Mail").fill(editor.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page).to_have_url(re.compile("/redaktion/"))
    overview = f"/redaktion/profiles/city/{hagen().pk}/change/"
    editions = page.get_by_role("region", name="Ausgaben")

    page.goto(overview)
    page.get_by_role("button", name="Arbeitsfassung beginnen").click()
    draft = hagen().editions.get(number=2)
    section = draft.sections.first()
    section.body += "\n\nDieser Satz ist neu."
    section.save()

    page.goto(overview)
    editions.get_by_role("link", name="Vorschau von Ausgabe 2").click()
    expect(page.get_by_text("Vorschau, Ausgabe 2.")).to_be_visible()
    expect(page.get_by_text("Dieser Satz ist neu.")).to_be_visible()
    page.get_by_role("link", name="Veröffentlichen …").click()
    page.get_by_role("link", name="mit Ausgabe 1 vergleichen").click()
    expect(page.locator("ins").last).to_contain_text("Dieser Satz ist neu.")
    page.go_back()

    page.get_by_label("Tag").fill(f"{localdate() + timedelta(days=5):%Y-%m-%d}")
    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(page.get_by_text("Was von beidem gilt?")).to_be_visible()
    page.get_by_label("An einem Termin").check()
    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(editions.get_by_text("geplant")).to_be_visible()
    editions.get_by_role("button", name="Termin aufheben").click()
    expect(page.get_by_text("Der Termin ist aufgehoben.")).to_be_visible()

    page.goto(overview)
    editions.get_by_role("link", name="Veröffentlichen …").click()
    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(page.get_by_text("Hagen · Ausgabe 2 ist veröffentlicht.")).to_be_visible()
    page.get_by_label("Einstieg: 2.800 € bis 3.300 €, oft").check()
    page.get_by_role("button", name="Geprüft, stimmt noch").click()
    expect(page.get_by_text("Das steht als Ausgabe 3 auf der Seite.")).to_be_visible()
    page.goto("/staedte/hagen/")
    expect(page.get_by_text("Dieser Satz ist neu.")).to_be_visible()

    page.goto(overview)
    editions.get_by_role("button", name="Wiederherstellen von Ausgabe 1").click()
    expect(page.get_by_text("Das ist der Stand von Ausgabe 1.")).to_be_visible()
    page.goto(overview)
    editions.get_by_role("link", name="Veröffentlichen …").click()
    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(page.get_by_text("Hagen · Ausgabe 4 ist veröffentlicht.")).to_be_visible()
    page.goto("/staedte/hagen/")
    expect(page.get_by_text("Hagen und die Cloud").first).to_be_visible()
    expect(page.get_by_text("Dieser Satz ist neu.")).to_have_count(0)
