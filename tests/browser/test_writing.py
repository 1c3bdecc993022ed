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
    page.get_by_role("button", name="Anmelden").click()
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
