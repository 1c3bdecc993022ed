"""A reader follows a figure to its sentence and back, without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.make import HAGEN, make_employer, make_vacancy


@pytest.mark.parametrize("size", [{"width": 390, "height": 800}, {"width": 1280, "height": 900}])
def test_a_reader_follows_a_figure_to_its_sentence_and_back(visit, size):
    page = visit(viewport=size, java_script_enabled=False, reduced_motion="reduce")
    page.goto("/staedte/hagen/")
    sentence = page.locator("#beleg-zahl-einstieg")
    way_back = sentence.get_by_role("link", name="zurück zur Zahl „Einstieg“")
    plain = sentence.evaluate("each => getComputedStyle(each).backgroundColor")

    page.locator("#zahl-einstieg").get_by_role("link", name="Im Text zu Einstieg").click()
    expect(sentence).to_be_in_viewport()
    expect(sentence).to_contain_text("2.800 € bis 3.300 €")
    assert sentence.evaluate("each => getComputedStyle(each).backgroundColor") != plain
    expect(way_back).to_be_in_viewport()

    way_back.click()
    assert page.url.endswith("#zahl-einstieg")
    expect(page.locator("#zahl-einstieg")).to_be_in_viewport()
    assert sentence.evaluate("each => getComputedStyle(each).backgroundColor") == plain


def test_a_reader_learns_why_a_fact_is_typical_and_finds_the_ads_that_speak_of_it(visit):
    make_vacancy(make_employer(), open=True, place_id=HAGEN, title="ERP-Koordination", tasks="Ein ERP einführen.")
    page = visit(java_script_enabled=False, reduced_motion="reduce")
    page.goto("/staedte/hagen/")
    entry = page.locator("#merkmal-erp")
    quote = entry.locator("q")
    expect(quote).to_be_hidden()
    entry.get_by_text("ERP-Systeme", exact=True).focus()
    page.keyboard.press("Enter")
    expect(quote).to_contain_text("Wer mit ERP-Systemen")

    entry.get_by_role("link", name="Im Text zu ERP-Systeme").click()
    expect(page.locator("#beleg-merkmal-erp")).to_be_in_viewport()
    page.get_by_role("link", name="zurück zu den Merkmalen „ERP-Systeme“").click()
    expect(entry).to_be_in_viewport()

    entry.get_by_role("link", name="1 Stelle").click()
    assert page.url.endswith("/stellen/?faktum=erp&stadt=hagen")
    expect(page.get_by_role("status")).to_have_text("1 Stelle")
    expect(page.get_by_text("Typisch für Hagen: ERP-Systeme.")).to_be_visible()
    page.get_by_role("link", name="Im Text über Hagen").click()
    expect(page.locator("#beleg-merkmal-erp")).to_be_in_viewport()
