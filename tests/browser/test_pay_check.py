"""From an ad to the Gehalts-Check and back to a bookmark."""

import re

import pytest
from playwright.sync_api import expect

from tests.make import HAGEN, make_employer, make_vacancy


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_reader_compares_an_offer_and_keeps_the_answer(visit, has_scripts):
    vacancy = make_vacancy(make_employer(), open=True, place_id=HAGEN, pay_low=3350, pay_high=3450)
    page = visit(viewport={"width": 320, "height": 740}, java_script_enabled=has_scripts)
    page.goto(vacancy.get_absolute_url())
    page.get_by_role("link", name="Gehalts-Check mit eigenen Zahlen").click()
    expect(page.get_by_role("textbox", name="bis")).to_have_value("3450")
    expect(page.locator("#ergebnis")).to_contain_text("zwischen „Einstieg“ (bis 3.300 €)")

    page.get_by_label("Gehalt in Euro").fill("viel")
    page.get_by_role("button", name="Vergleichen").click()
    expect(page.get_by_label("Gehalt in Euro")).to_have_value("viel")
    expect(page.get_by_text("Bitte eine Zahl wie 3.500")).to_be_visible()

    page.get_by_label("Gehalt in Euro").fill("1.600")
    page.get_by_role("textbox", name="bis").fill("")
    page.get_by_label("Ihre Wochenstunden").fill("20")
    page.get_by_role("button", name="Vergleichen").click()
    answer = page.locator("#ergebnis")
    expect(answer.get_by_role("heading")).to_contain_text("3.200 €")
    expect(answer).to_be_in_viewport()
    expect(page.get_by_role("table")).to_contain_text("Ihr Gehalt")

    kept = page.url
    page.goto("/")
    page.goto(kept)
    expect(answer.get_by_role("heading")).to_contain_text("3.200 €")
    assert re.search(r"/gehalt/\?.*betrag=1\.600.*#ergebnis$", kept)
    assert page.context.cookies() == []
