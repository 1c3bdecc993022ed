"""Words that people looked for in vain: what is counted, what never, who sees it and for how long."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils.timezone import localdate, now

from listings.daily import JOBS
from listings.missed import MOST_SHOWN, missed_words
from listings.models import MissedWord
from tests.make import make_user, make_vacancy

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def tell(client, was, **headers):
    headers = {"User-Agent": FIREFOX, "Sec-Fetch-Site": "same-origin", **headers}
    return client.post("/stellen/vergebens/", query_params={"was": was}, headers=headers)


def counted() -> dict:
    return dict(MissedWord.objects.values_list("word", "count"))


@pytest.fixture
def vacancy(employer):
    return make_vacancy(employer, open=True, skills="Jira, ERP")


def test_what_no_ad_knows_is_counted_by_day(client, vacancy):
    for _ in range(2):
        assert tell(client, "Jira Blockchainaudit").status_code == 204
    assert counted() == {"blockchainaudit": 2}
    assert {field.name for field in MissedWord._meta.get_fields()} == {"id", "word", "day", "count"}


@pytest.mark.parametrize(
    "text",
    [
        "", "Jira", "Jria", "Bohmte Jira", "Hamm", "Azubi", "A4711", "49074 12345", "max@firma.example Xylophon",
        "Xylophon 0541 123456", "Ich heiße Xaver Xylander und wohne bei Kalifornien", "x" * 31, "\0", "\ud83d",
    ],
)  # fmt: skip
def test_what_is_known_private_or_no_word_is_not(client, vacancy, text):
    assert missed_words(text) == []


def test_at_most_three_of_a_query(vacancy):
    assert len(missed_words("Xylophon Quastenflosser Zwirbelwicht Kormoranix Blubberfink")) == 3


@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_reading_counts_nothing(client, vacancy, method):
    assert getattr(client, method)("/stellen/vergebens/?was=Xylophon").status_code == 405
    client.get("/stellen/?was=Xylophon")
    assert counted() == {}


def test_neither_machines_nor_other_sites_nor_staff_count(client, editor, vacancy):
    tell(client, "Xylophon", **{"User-Agent": "curl/8.5.0"})
    tell(client, "Xylophon", **{"Sec-Fetch-Site": "cross-site"})
    tell(editor, "Xylophon")
    assert counted() == {}
    tell(Client(enforce_csrf_checks=True), "Xylophon")
    assert counted() == {"xylophon": 1}


def test_the_list_asks_to_be_counted_only_where_a_word_is_missed(client, vacancy):
    assert (
        'data-missed="/stellen/vergebens/?was=Jira%20Xylophon"'
        in client.get("/stellen/?was=Jira+Xylophon").content.decode()
    )
    assert "data-missed" not in client.get("/stellen/?was=Jira").content.decode()


def test_editors_see_what_several_looked_for(editor, client_of):
    assert "Kein Wort wurde zuletzt mehrmals vergeblich gesucht." in editor.get("/redaktion/").content.decode()
    today = localdate()
    for word, count, age in [("blockchain", 3, 0), ("blockchain", 2, 13), ("xaver", 1, 0), ("gestern", 9, 14)]:
        MissedWord.objects.create(word=word, count=count, day=today - timedelta(days=age))
    page = editor.get("/redaktion/").content.decode()
    assert "/redaktion/listings/concept/add/?wordings=blockchain" in page
    assert "5-mal" in page
    assert "xaver" not in page
    assert "gestern" not in page.partition("Vergeblich gesucht")[2].partition("</ul>")[0]
    other = make_user("Olga Ohm", is_staff=True)
    assert "Vergeblich gesucht" not in client_of(other).get("/redaktion/").content.decode()
    other.user_permissions.add(Permission.objects.get(codename="view_concept"))
    page = client_of(other).get("/redaktion/").content.decode()
    assert "blockchain" in page
    assert "concept/add/" not in page.partition("Vergeblich gesucht")[2]
    assert MOST_SHOWN < 20


def test_missed_words_are_forgotten_after_three_months():
    today = localdate()
    for age in (0, 90, 91, 400):
        MissedWord.objects.create(word="xylophon", day=today - timedelta(days=age), count=1)
    job = JOBS["words forgotten that were looked for in vain"]
    assert (job(now()), job(now())) == (2, 0)


def test_the_privacy_page_says_so(client):
    assert "nach 90 Tagen löschen wir es" in client.get("/datenschutz/").content.decode()
