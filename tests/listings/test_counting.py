"""Views and clicks: what counts, what does not, and that nothing of the visitor stays."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import localdate, now

from listings.counting import AT_MOST
from listings.daily import JOBS
from listings.models import DailyCount, Vacancy
from profiles.reference import load_all
from tests.make import make_editor, make_vacancy
from tests.races import at_once, needs_connections

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def tell(client, vacancy, end="gesehen", **headers):
    headers = {"User-Agent": FIREFOX, "Sec-Fetch-Site": "same-origin", **headers}
    return client.post(f"{vacancy.get_absolute_url()}{end}/", headers=headers)


def counted(vacancy) -> list:
    return list(vacancy.daily_counts.order_by("day").values_list("day", "views", "clicks"))


@pytest.fixture
def vacancy(employer):
    return make_vacancy(employer, open=True)


def test_views_and_clicks_add_up_by_day(client, employer):
    with time_machine.travel("2026-11-20T23:58:00+01:00", tick=False):
        vacancy = make_vacancy(employer, open=True)
        for _ in range(3):
            assert tell(client, vacancy).status_code == 204
        tell(client, vacancy, "geklickt")
    with time_machine.travel("2026-11-21T00:01:00+01:00", tick=False):
        tell(client, vacancy)
        days = counted(vacancy)
    assert [(f"{day:%d.%m.}", views, clicks) for day, views, clicks in days] == [("20.11.", 3, 1), ("21.11.", 1, 0)]


def test_an_answer_is_empty_and_leaves_nothing_with_the_visitor(client, vacancy):
    response = tell(client, vacancy)
    assert response.content == b""
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    columns = {field.name for field in DailyCount._meta.get_fields()}
    assert columns == {"id", "vacancy", "day", "views", "clicks"}


def test_it_takes_one_statement_and_no_token(vacancy, django_assert_num_queries):
    client = Client(enforce_csrf_checks=True)
    with django_assert_num_queries(1):
        tell(client, vacancy)
    with django_assert_num_queries(1):
        tell(client, vacancy)
    assert counted(vacancy) == [(localdate(), 2, 0)]


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "closed", "removed"])
def test_only_open_ads_are_counted_and_nobody_learns_which_exist(client, employer, status):
    vacancy = make_vacancy(employer, status=status)
    assert tell(client, vacancy).status_code == 204
    assert (
        client.post("/stellen/999999999999999999-stelle/gesehen/", headers={"User-Agent": FIREFOX}).status_code == 204
    )
    assert not DailyCount.objects.exists()


def test_neither_before_the_first_day_nor_after_the_last(client, employer):
    today = localdate()
    early = make_vacancy(employer, open=True, first_day=today + timedelta(days=1))
    late = make_vacancy(employer, open=True)
    Vacancy.objects.filter(pk=late.pk).update(first_day=today - timedelta(days=9), last_day=today - timedelta(days=1))
    tell(client, early)
    tell(client, late)
    assert not DailyCount.objects.exists()


def test_a_title_that_changed_meanwhile_loses_no_count(client, vacancy):
    client.post(f"/stellen/{vacancy.pk}-fruehere-fassung/gesehen/", headers={"User-Agent": FIREFOX})
    assert counted(vacancy) == [(localdate(), 1, 0)]


def test_visits_of_the_firm_and_of_editors_do_not_count(client_of, vacancy, anna, ben, eva, rita):
    for user in (anna, ben, rita, make_editor("Ulf Urban")):
        assert tell(client_of(user), vacancy).status_code == 204
        tell(client_of(user), vacancy, "geklickt")
    assert counted(vacancy) == []
    tell(client_of(eva), vacancy)  # of another firm: a reader like any other
    assert counted(vacancy) == [(localdate(), 1, 0)]


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 11) Chrome/130 Mobile Safari/537.36 Chrome-Lighthouse",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "python-requests/2.32",
        "curl/8.5.0",
    ],
)
def test_machines_do_not_count(client, vacancy, agent):
    assert tell(client, vacancy, **{"User-Agent": agent}).status_code == 204
    assert counted(vacancy) == []


@pytest.mark.parametrize(
    "agent",
    [
        FIREFOX,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Edg/131.0",
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 21) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; CUBOT_P40) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
    ],
)
def test_people_count_whatever_they_read_with(client, vacancy, agent):
    tell(client, vacancy, **{"User-Agent": agent})
    assert counted(vacancy) == [(localdate(), 1, 0)]


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Sec-Purpose": "prefetch;prerender"}]
)
def test_other_websites_and_pages_fetched_in_advance_do_not_count(client, vacancy, headers):
    tell(client, vacancy, **headers)
    assert counted(vacancy) == []


def test_nobody_drives_a_count_up_from_one_address(client, vacancy):
    with time_machine.travel(now(), tick=False):
        for _ in range(AT_MOST + 5):
            assert tell(client, vacancy).status_code == 204
        assert counted(vacancy) == [(localdate(), AT_MOST, 0)]
        tell(Client(REMOTE_ADDR="203.0.113.7"), vacancy)
        assert counted(vacancy) == [(localdate(), AT_MOST + 1, 0)]


@pytest.mark.parametrize("end", ["gesehen", "geklickt"])
@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_reading_the_address_counts_nothing(client, vacancy, end, method):
    assert getattr(client, method)(f"{vacancy.get_absolute_url()}{end}/").status_code == 405
    assert counted(vacancy) == []


def test_the_page_asks_to_be_counted_and_the_preview_does_not(client, client_of, vacancy, anna, rita):
    page = client.get(vacancy.get_absolute_url()).content.decode()
    assert f'data-seen="{vacancy.get_absolute_url()}gesehen/"' in page
    assert f'data-clicked="{vacancy.get_absolute_url()}geklickt/"' in page
    assert "js/counting.js" in page
    preview = client_of(anna).get(f"/arbeitgeber/stellen/{vacancy.pk}/vorschau/").content.decode()
    assert "data-seen" not in preview
    assert "data-clicked" not in preview
    assert "js/counting.js" not in preview


def test_the_way_to_apply_is_counted_whichever_it_is(client, employer):
    by_link = make_vacancy(employer, open=True, apply_email="", apply_url="https://karriere.firma.example/1")
    assert "data-clicked" in client.get(by_link.get_absolute_url()).content.decode()


def test_counts_older_than_two_years_are_forgotten(vacancy):
    today = localdate()
    for age in (0, 730, 731, 2000):
        DailyCount.objects.create(vacancy=vacancy, day=today - timedelta(days=age), views=1)
    assert JOBS["counts forgotten"](now()) == 2
    assert JOBS["counts forgotten"](now()) == 0
    assert sorted((today - each.day).days for each in DailyCount.objects.all()) == [0, 730]


def test_how_we_count_is_told_and_linked_from_every_page(client):
    assert b'href="/methodik/"' in client.get("/").content
    text = client.get("/methodik/").content.decode()
    for word in ("JavaScript", "Bewerbungsklick", "Median", "13/3", "zwei Jahre"):
        assert word in text
    assert 'href="/methodik/#aufrufe"' in client.get("/datenschutz/").content.decode()


@pytest.mark.django_db(transaction=True)
@needs_connections
def test_nobody_loses_a_count_when_many_read_at_once():
    load_all()  # a transactional test before this one has emptied the database
    vacancy = make_vacancy(open=True)

    def read():
        for _ in range(10):
            tell(Client(), vacancy)

    at_once(*[read] * 4)
    assert counted(vacancy) == [(localdate(), 40, 0)]
