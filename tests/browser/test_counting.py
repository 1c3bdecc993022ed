"""A real browser tells that an ad is read and its link used: once, quietly, and keeping nothing."""

import re

from playwright.sync_api import expect

from listings.models import DailyCount, MissedWord
from tests.browser.test_journeys import stored
from tests.make import make_employer, make_vacancy

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"  # Chromium here says it is headless


def told(page, act, end):
    """The answer to the message that `act` sends."""
    with page.expect_request_finished(lambda request: request.url.endswith(f"/{end}/")) as found:
        act()
    return found.value


def test_reading_and_applying_are_counted_once_a_page(visit):
    vacancy = make_vacancy(make_employer("Hasewerk GmbH"), open=True)
    page = visit(user_agent=FIREFOX)
    seen = told(page, lambda: page.goto(vacancy.get_absolute_url()), "gesehen")
    assert seen.response().status == 204
    assert not seen.post_data
    button = page.get_by_role("link", name="Bewerbung per E-Mail")
    # A mail program must not open here; the page's own listener still hears the click.
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
    told(page, button.click, "geklickt")
    button.click()
    expect(button).to_be_visible()
    assert stored(page)[:2] == [[], 0]
    told(page, page.reload, "gesehen")
    count = DailyCount.objects.get()
    assert (count.views, count.clicks) == (2, 1)


def test_without_javascript_nothing_is_sent(visit):
    vacancy = make_vacancy(make_employer("Hasewerk GmbH"), open=True)
    page = visit(user_agent=FIREFOX, java_script_enabled=False)
    page.goto(vacancy.get_absolute_url())
    expect(page.get_by_role("link", name="Bewerbung per E-Mail")).to_be_visible()
    assert not DailyCount.objects.exists()


def test_what_is_looked_for_in_vain_is_told_once_a_search(visit):
    make_vacancy(make_employer("Hasewerk GmbH"), open=True, title="Projektkoordination")
    page = visit(user_agent=FIREFOX, viewport={"width": 1280, "height": 900})
    sent = []
    page.on("request", lambda request: "/vergebens/" in request.url and sent.append(request))
    page.goto("/stellen/?was=koordination")
    page.locator("#was").fill("koordination blubberfink")
    with page.expect_request_finished(lambda request: "/vergebens/" in request.url) as found:
        page.locator("#was").press("Enter")
    assert (found.value.method, found.value.response().status) == ("POST", 204)
    assert not found.value.post_data
    page.locator("#filter").get_by_label("Teilzeit").check()
    expect(page).to_have_url(re.compile("arbeitszeit=tz"))
    expect(page.locator("#ergebnisse")).not_to_have_class(re.compile("htmx"))
    assert len(sent) == 1
    assert dict(MissedWord.objects.values_list("word", "count")) == {"blubberfink": 1}
    assert stored(page)[:2] == [[], 0]
