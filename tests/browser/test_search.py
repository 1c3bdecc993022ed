"""Searching in a real browser: by keyboard, back and forth, on a phone, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.make import HAGEN, HAMM, OSNABRUECK, make_employer, make_vacancy

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def ads(board):
    employer = make_employer("Hasewerk GmbH")
    return [
        make_vacancy(employer, open=True, title=title, **more)
        for title, more in (
            ("SAP-Koordination", {"place_id": HAGEN}),
            ("Netz-Koordination", {"place_id": OSNABRUECK}),
            ("ERP-Koordination", {"place_id": OSNABRUECK, "workplace": "hybrid", "remote_days": 2}),
            ("Büro-Koordination", {"place_id": HAMM, "working_time": "part", "hours_low": 20, "hours_high": 20}),
        )
    ]


def heading(page):
    return page.get_by_role("status").get_by_role("heading")


def titles(page):
    return page.locator(".vacancy-card h3").all_text_contents()


def test_from_the_home_page_to_an_ad_by_keyboard_on_a_phone(visit, ads):
    page = visit(viewport=PHONE)
    page.goto("/")
    page.get_by_role("combobox", name="Was").focus()
    page.keyboard.type("koordination")
    page.keyboard.press("Tab")
    where = page.get_by_role("combobox", name="Wo")
    expect(where).to_be_focused()
    page.keyboard.type("osnabrü")
    options = page.get_by_role("listbox", name="Orte").get_by_role("option")
    expect(options.first).to_have_text("Osnabrück, Niedersachsen")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(where).to_have_value("Osnabrück, Niedersachsen")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("2 Stellen")
    assert re.search(r"/stellen/\?was=koordination&wo=Osnabr%C3%BCck", page.url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    while page.evaluate("!document.activeElement.closest('.vacancy-card')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ERP-Koordination")
    page.go_back()
    expect(heading(page)).to_have_text("2 Stellen")
    expect(page.get_by_role("combobox", name="Was")).to_have_value("koordination")


def state(page):
    """The list and what the form says: both must always tell the same."""
    checked = page.eval_on_selector_all(
        "#filter input:checked", "inputs => inputs.map(input => input.value).filter(each => each != 'direkt')"
    )
    return heading(page).text_content(), page.locator("#was").input_value(), checked


def test_back_forward_reload_and_a_new_tab_show_the_same_list_and_the_same_form(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/")
    steps = [("/stellen/", state(page))]
    assert state(page) == ("4 Stellen", "", [])
    for label, count in (("Osnabrück", "2 Stellen"), ("hybrid", "1 Stelle")):
        box = page.locator("#filter").get_by_label(label)
        box.check()
        expect(heading(page)).to_have_text(count)
        expect(box).to_be_focused()
        steps.append((page.url, state(page)))
    page.locator("#was").fill("ERP")
    page.locator("#was").press("Enter")
    expect(page).to_have_url(re.compile("was=ERP"))
    expect(page.locator("#was")).to_be_focused()
    steps.append((page.url, state(page)))

    def go(number):
        with page.expect_event("load"):
            page.evaluate(f"setTimeout(() => history.go({number}))")

    def at(number):
        address, seen = steps[number]
        expect(page).to_have_url(address)
        expect(heading(page)).to_have_text(seen[0])
        assert state(page) == seen

    go(-1)
    at(2)
    go(-1)
    at(1)
    go(1)
    at(2)
    page.reload()
    at(2)
    go(-2)
    at(0)
    tab = page.context.new_page()
    tab.goto(steps[2][0])
    assert state(tab) == steps[2][1]

    # An ad in between
    go(1)
    at(1)
    page.get_by_role("link", name="ERP-Koordination").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ERP-Koordination")
    page.go_back()
    at(1)


def test_what_is_taken_away_changes_in_its_place(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/?stadt=osnabrueck&arbeitsort=hybrid&was=Koordination")
    page.evaluate("window.isSamePage = true")
    page.get_by_role("link", name="Osnabrück entfernen").click()
    expect(page.get_by_label("Osnabrück")).not_to_be_checked()
    expect(page.get_by_label("hybrid")).to_be_checked()
    expect(page.get_by_role("link", name="hybrid entfernen")).to_be_focused()
    page.get_by_role("link", name="„Koordination“ entfernen").click()
    expect(page.locator("#was")).to_have_value("")
    page.get_by_role("link", name="hybrid entfernen").click()
    expect(heading(page)).to_be_focused()
    page.locator("#filter").get_by_label("hybrid").check()
    page.locator("#filter").get_by_label("hybrid").uncheck()
    page.get_by_role("link", name="höchstes Gehalt").click()
    expect(page.get_by_role("link", name="höchstes Gehalt")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/stellen/\?sortierung=gehalt$"))
    assert page.evaluate("window.isSamePage")


def test_who_chooses_faster_than_the_server_answers_loses_no_choice(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/")
    waiting = []
    page.route("**/stellen/?*", lambda route: waiting.append(route) if not waiting else route.continue_())
    filters = page.locator("#filter")
    filters.get_by_label("Osnabrück").check()
    filters.get_by_label("hybrid").check()
    filters.locator("#niveau-einstieg").check()
    filters.locator("#niveau-einstieg").uncheck()
    expect(page.locator("#ergebnisse")).to_have_class(re.compile("htmx-request"))
    waiting[0].continue_()
    expect(heading(page)).to_have_text("1 Stelle")
    expect(page).to_have_url(re.compile(r"/stellen/\?arbeitsort=hybrid&stadt=osnabrueck$"))
    assert state(page)[2] == ["hybrid", "osnabrueck"]


def test_who_takes_away_and_chooses_at_once_gets_both(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/?stadt=osnabrueck&stadt=hagen&was=Koordination")
    waiting = []
    page.route("**/stellen/?*", lambda route: waiting.append(route) if not waiting else route.continue_())
    page.get_by_role("link", name="Hagen entfernen").click()
    page.locator("#filter").get_by_label("hybrid").check()
    expect(page.locator("#ergebnisse")).to_have_class(re.compile("htmx-request"))
    waiting[0].continue_()
    expect(page).to_have_url(re.compile(r"/stellen/\?arbeitsort=hybrid&stadt=osnabrueck&was=Koordination$"))
    assert state(page) == ("1 Stelle", "Koordination", ["hybrid", "osnabrueck"])


def test_each_new_list_is_told_once(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/?stadt=osnabrueck&was=Koordination")
    page.evaluate("""() => {
        window.told = [];
        for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
            new MutationObserver(() => told.push(region.textContent.trim())).observe(region, {
                childList: true, subtree: true, characterData: true });
    }""")
    page.locator("#filter").get_by_label("hybrid").check()
    expect(heading(page)).to_have_text("1 Stelle")
    page.get_by_role("link", name="Osnabrück entfernen").click()
    expect(page.get_by_role("link", name="Osnabrück entfernen")).to_have_count(0)
    page.get_by_role("link", name="hybrid entfernen").click()
    expect(heading(page)).to_have_text("4 Stellen")
    assert page.evaluate("told") == ["1 Stelle", "1 Stelle", "4 Stellen"]


def test_another_page_begins_with_its_list(visit, ads):
    employer = make_employer("Randruhr GmbH")
    for number in range(20):
        make_vacancy(employer, open=True, title=f"Koordination {number}")
    page = visit(viewport=PHONE)
    page.goto("/stellen/")
    page.get_by_role("link", name="Weiter", exact=True).click()
    expect(page).to_have_url(re.compile("seite=2"))
    expect(heading(page)).to_be_focused()
    assert page.locator(".vacancy-card").first.evaluate("card => card.getBoundingClientRect().top < innerHeight / 2")
    page.go_back()
    expect(page.get_by_role("link", name="Weiter", exact=True)).to_be_in_viewport()


def test_a_correction_is_said_and_undone(visit, ads):
    page = visit(viewport=PHONE)
    page.goto("/stellen/")
    page.get_by_role("combobox", name="Was").fill("Kordination")
    page.keyboard.press("Enter")
    notes = page.get_by_role("list", name="Wie wir gesucht haben")
    expect(notes).to_contain_text("Suche nach „Koordination“ statt „Kordination“.")
    expect(heading(page)).to_have_text("4 Stellen")
    expect(page.locator(".vacancy-card mark").first).to_be_visible()
    notes.get_by_role("link", name="Doch nach „Kordination“ suchen").press("Enter")
    expect(heading(page)).to_have_text("0 Stellen")
    expect(page).to_have_url(re.compile(r"/stellen/\?genau=1&was=Kordination$"))
    expect(page.get_by_role("combobox", name="Was")).to_have_value("Kordination")
    expect(heading(page)).to_be_focused()
    page.get_by_role("region", name="Dazu ist gerade nichts ausgeschrieben").get_by_role("link").first.click()
    expect(heading(page)).not_to_have_text("0 Stellen")
    page.go_back()
    expect(heading(page)).to_have_text("0 Stellen")


def test_a_town_in_the_text_goes_where_towns_stand_and_back(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/")
    page.locator("#was").fill("Koordination Osnabrück")
    page.locator("#was").press("Enter")
    expect(heading(page)).to_have_text("2 Stellen")
    expect(page.locator("#was")).to_have_value("Koordination")
    page.locator("#filter").get_by_label("hybrid").check()
    expect(heading(page)).to_have_text("1 Stelle")
    expect(page).to_have_url(re.compile(r"/stellen/\?arbeitsort=hybrid&stadt=osnabrueck&was=Koordination$"))
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("#was")).to_have_value("Koordination")
    notes = page.get_by_role("list", name="Wie wir gesucht haben")
    notes.get_by_role("link", name="Osnabrück als Wort suchen").click()
    expect(page.locator("#was")).to_have_value("Koordination Osnabrück")
    expect(page.locator("#stadt-osnabrueck")).not_to_be_checked()


def test_a_line_that_is_down_is_told(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/")
    page.route("**/stellen/?*", lambda route: route.fulfill(status=409))  # an error that the console may show
    page.locator("#filter").get_by_label("hybrid").check()
    expect(page.get_by_role("alert")).to_contain_text("zeigt noch den Stand von vorher")
    page.unroute("**/stellen/?*")
    page.locator("#filter").get_by_label("Osnabrück").check()
    expect(heading(page)).to_have_text("1 Stelle")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_half_typed_word_is_not_searched_and_a_chosen_one_is(visit, ads):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/stellen/")
    page.locator("#was").press_sequentially("jir")
    options = page.get_by_role("listbox", name="Begriffe").get_by_role("option")
    expect(options.first).to_have_text("Jira")
    page.locator("#was").press("Tab")
    assert page.url.endswith("/stellen/")
    page.locator("#was").fill("")
    page.locator("#was").press_sequentially("sa")
    expect(options.filter(has_text=re.compile("^SAP$"))).to_be_visible()
    options.filter(has_text=re.compile("^SAP$")).click()
    expect(page).to_have_url(re.compile(r"/stellen/\?was=SAP$"))
    expect(page.locator("#was")).to_be_focused()


def test_on_a_phone_the_filters_are_a_sheet_that_closes_to_the_results(visit, ads):
    page = visit(viewport=PHONE, has_touch=True)
    page.goto("/stellen/?arbeitsort=vor-ort")
    opener = page.get_by_role("button", name="Filter 1 gesetzt")
    opener.click()
    sheet = page.get_by_role("dialog", name="Filter")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("button", name="3 Stellen zeigen")).to_be_visible()
    sheet.get_by_label("Hagen").check()
    expect(sheet.get_by_role("button", name="1 Stelle zeigen")).to_be_visible()
    for _ in range(80):  # nothing behind the sheet takes the focus
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    opener = page.get_by_role("button", name="Filter 2 gesetzt")
    expect(opener).to_be_focused()
    opener.press("Enter")
    sheet.get_by_role("button", name="1 Stelle zeigen").click()
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    expect(heading(page)).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(opener).to_be_hidden()
    expect(page.locator("details[data-filters]").get_by_label("Hagen")).to_be_checked()
    page.set_viewport_size(PHONE)
    expect(page.get_by_label("Hagen")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}])
def test_without_javascript_it_is_a_plain_form(visit, ads, size):
    page = visit(viewport=size, java_script_enabled=False)
    page.goto("/stellen/")
    page.get_by_label("Was").fill("koordination")
    if size == PHONE:
        expect(page.get_by_label("hybrid")).to_be_hidden()
        page.locator("summary", has_text="Filter").click()
    page.get_by_label("hybrid").check()
    page.get_by_role("button", name="Stellen zeigen").click()
    expect(heading(page)).to_have_text("1 Stelle")
    assert titles(page) == ["ERP-Koordination"]
    page.get_by_role("link", name="hybrid entfernen").click()
    expect(heading(page)).to_have_text("4 Stellen")


def test_no_state_of_the_search_scrolls_sideways(visit, ads):
    page = visit(viewport={"width": 320, "height": 640})
    for query in ("", "?was=" + "Projektkoordination" * 8, "?was=xyzq&stadt=hamm", "?wo=Hamm&umkreis=50&faktum=erp"):
        page.goto(f"/stellen/{query}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), query
        page.locator("[data-filter-open]").click()
        assert page.evaluate("document.querySelector('.filter-sheet-body').scrollWidth <= innerWidth"), query
