"""Writing an ad in a real browser: towns by keyboard, saving by itself, the way back."""

import re

import pytest
from playwright.sync_api import expect

from listings.models import Vacancy
from tests.make import HAMM, make_employer, make_user

PASSWORD = "Drei-Koordinaten-2026"


@pytest.fixture
def writer(visit):
    """writer(**options): a page of somebody with a firm, logged in."""

    def make(**options):
        user = make_user("Anna Adler", "anna@hasewerk.example")
        user.set_password(PASSWORD)
        user.save()
        make_employer("Hasewerk GmbH", owner=user)
        page = visit(**options)
        login(page)
        return page

    return make


def login(page):
    page.goto("/konto/login/")
    page.get_by_label("E-Mail").fill("anna@hasewerk.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page).to_have_url(re.compile("/arbeitgeber/"))


def test_a_town_is_chosen_by_keyboard(writer):
    page = writer(viewport={"width": 390, "height": 800})
    page.goto("/arbeitgeber/stellen/neu/")
    page.get_by_label("Titel", exact=True).fill("IT-Projektkoordination (m/w/d)")
    field = page.get_by_role("combobox", name="Ort")
    field.focus()
    field.press_sequentially("hamm")
    options = page.get_by_role("listbox", name="Orte").get_by_role("option")
    expect(options.first).to_have_text("Hamm, Nordrhein-Westfalen")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Hamm, Nordrhein-Westfalen")
    page.get_by_role("button", name="Speichern und Vorschau").click()
    expect(page).to_have_url(re.compile("/vorschau/"))
    assert Vacancy.objects.get().place_id == HAMM


def test_a_postal_code_fills_in_both_fields(writer):
    page = writer()
    page.goto("/arbeitgeber/stellen/neu/")
    field = page.get_by_role("combobox", name="Ort")
    field.focus()
    field.press_sequentially("49074")
    page.get_by_role("listbox", name="Orte").get_by_role("option").first.click()
    expect(field).to_have_value("Osnabrück")
    expect(page.get_by_label("Postleitzahl")).to_have_value("49074")


def saved(page):
    return page.locator("[data-saved]")


def test_a_draft_saves_itself_and_the_way_back_overwrites_nothing(writer):
    page = writer()
    page.goto("/arbeitgeber/stellen/neu/")
    page.get_by_label("Titel", exact=True).fill("IT-Projektkoordination")
    expect(saved(page)).to_have_text(re.compile(r"^Gespeichert um \d\d:\d\d Uhr$"))
    expect(page).to_have_url(re.compile(r"/arbeitgeber/stellen/\d+/bearbeiten/$"))
    vacancy = Vacancy.objects.get()
    page.get_by_label("Aufgaben").press_sequentially("Sie halten die Termine zusammen.", delay=5)
    page.get_by_label("Gehalt von").fill("viel")
    expect(saved(page)).to_have_text(re.compile("noch nicht passt"))
    expect(page.locator("#pruefung")).to_contain_text("Gehalt von")
    vacancy.refresh_from_db()
    assert (vacancy.tasks, vacancy.unsaved) == ("Sie halten die Termine zusammen.", {"pay_low": "viel"})
    page.reload()
    expect(page.get_by_label("Gehalt von")).to_have_value("viel")
    page.get_by_role("link", name="Stand der Anzeige").click()
    page.go_back()
    expect(page.get_by_label("Aufgaben")).to_have_value("Sie halten die Termine zusammen.")
    page.get_by_label("Gehalt von").fill("3.000")
    expect(saved(page)).to_have_text(re.compile(r"^Gespeichert um \d\d:\d\d Uhr$"))

    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Titel", exact=True).fill("Zweiter Tab (m/w/d)")
    expect(other.locator("[data-saved]")).to_have_text(re.compile("^Gespeichert um"))
    page.get_by_label("Titel", exact=True).fill("Erster Tab (m/w/d)")
    expect(saved(page)).to_contain_text("an anderer Stelle geändert")
    vacancy.refresh_from_db()
    assert vacancy.title == "Zweiter Tab (m/w/d)"
    page.get_by_role("button", name="Speichern und prüfen").click()
    expect(page.get_by_role("alert").first).to_contain_text("Wir haben nichts überschrieben")
    page.get_by_role("button", name="Meine Fassung speichern").click()
    expect(page).to_have_url(re.compile("/vorschau/"))
    vacancy.refresh_from_db()
    assert vacancy.title == "Erster Tab (m/w/d)"


def test_a_session_that_ends_is_told_and_after_the_login_the_form_goes_on(writer):
    page = writer()
    page.goto("/arbeitgeber/stellen/neu/")
    page.get_by_label("Titel", exact=True).fill("Erster Titel (m/w/d)")
    expect(saved(page)).to_contain_text("Gespeichert um")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Titel", exact=True).fill("Zweiter Titel (m/w/d)")
    expect(saved(page)).to_contain_text("Sie sind nicht mehr angemeldet")
    tab = page.context.new_page()
    login(tab)  # which gives the forms of this browser another token
    page.get_by_label("Titel", exact=True).fill("Dritter Titel (m/w/d)")
    expect(saved(page)).to_contain_text("Gespeichert um")
    assert Vacancy.objects.get().title == "Dritter Titel (m/w/d)"


def test_without_javascript_the_same_stands_there_after_a_click(writer):
    page = writer(java_script_enabled=False)
    page.goto("/arbeitgeber/stellen/neu/")
    page.get_by_label("Titel", exact=True).fill("IT-Projektkoordination (m/w/d)")
    page.get_by_label("Ort", exact=True).fill("Hamm")
    page.get_by_label("Gehalt von").fill("2.900")
    page.get_by_label("Gehalt bis").fill("3.100")
    page.get_by_role("button", name="Speichern und prüfen").click()
    page.get_by_label("Hamm, Nordrhein-Westfalen").check()
    page.get_by_role("button", name="Speichern und prüfen").click()
    expect(page).to_have_url(re.compile(r"/bearbeiten/#pruefung$"))
    expect(page.locator("#pruefung")).to_contain_text("Bitte beschreiben Sie die Aufgaben.")
    expect(page.locator("#pruefung")).to_contain_text("Große Mittelständler")
    assert Vacancy.objects.get().place_id == HAMM
