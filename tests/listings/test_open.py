"""Open is one idea: every page, list and count that shows ads is compared with it, id by id."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from listings.models import Vacancy
from tests.make import make_employer, make_vacancy

pytestmark = pytest.mark.django_db


def make_board():
    """Ads in every state, by name."""
    employer = make_employer("Hasewerk GmbH")
    today = localdate()
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    ago = timezone.now() - timedelta(days=20)
    return {
        "open": make_vacancy(employer, open=True),
        "last day is today": make_vacancy(employer, open=True, at=ago, last_day=today),
        "begins today": make_vacancy(employer, open=True, at=ago, first_day=today, last_day=tomorrow),
        "remote": make_vacancy(employer, open=True, workplace="remote", place_id=None),
        "begins tomorrow": make_vacancy(employer, open=True, first_day=tomorrow),
        "ended yesterday": make_vacancy(employer, open=True, at=ago, last_day=yesterday),
        "draft": make_vacancy(employer),
        "in review": make_vacancy(employer, status="in_review"),
        "paused": make_vacancy(employer, status="paused"),
        "closed": make_vacancy(employer, status="closed"),
        "removed": make_vacancy(employer, status="removed"),
    }


@pytest.fixture(scope="module", autouse=True)
def stored(build_once):
    return build_once(make_board)


@pytest.fixture
def board(stored):
    return deepcopy(stored)


OPEN = {"open", "last day is today", "begins today", "remote"}


def shown(response) -> set[int]:
    return {int(pk) for pk in re.findall(r"/stellen/(\d+)-", response.content.decode())}


def test_open_is_published_and_between_first_and_last_day(board):
    assert set(Vacancy.objects.open()) == {board[name] for name in OPEN}


def test_the_question_and_the_queryset_agree(board):
    found = set(Vacancy.objects.open())
    for vacancy in Vacancy.objects.all():
        assert vacancy.is_open == (vacancy in found)


@pytest.mark.parametrize("address", ["/", "/stellen/", "/sitemap-stellen.xml", "/firmen/hasewerk-gmbh/"])
def test_pages_show_open_ads_and_no_others(client, board, address):
    assert shown(client.get(address)) == set(Vacancy.objects.open().values_list("pk", flat=True))


def test_the_city_page_shows_open_ads_of_the_city_and_remote_ones(client, board):
    assert shown(client.get("/staedte/osnabrueck/")) == {board[name].pk for name in OPEN}
    assert shown(client.get("/staedte/hagen/")) == {board["remote"].pk}


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("open", 200),
        ("last day is today", 200),
        ("begins tomorrow", 404),
        ("draft", 404),
        ("in review", 404),
        ("paused", 404),
        ("ended yesterday", 410),
        ("closed", 410),
        ("removed", 410),
    ],
)
def test_an_ad_answers_by_its_state(client, board, name, status):
    vacancy = board[name]
    response = client.get(vacancy.get_absolute_url())
    assert response.status_code == status
    assert ("Bewerbung per E-Mail" in response.content.decode()) == (status == 200)
    assert ("ruht" in response.content.decode()) == (name == "paused")
    other = client.get(f"/stellen/{vacancy.pk}-anders/")
    assert other.status_code == (301 if status == 200 else status)
    if status == 200:
        assert other["Location"] == vacancy.get_absolute_url()
        assert other["Cache-Control"] == "no-cache"


def test_an_ad_nobody_wrote_is_not_found(client):
    assert client.get("/stellen/999999999999999999-stelle/").status_code == 404
    assert client.get("/stellen/99999999999999999999999-stelle/").status_code == 404


@pytest.mark.parametrize("name", ["open", "closed", "ended yesterday", "removed"])
def test_similar_ads_are_open_ones_without_the_ad_itself(client, board, name):
    for _ in range(2):
        make_vacancy(open=True)  # of other firms
    found = shown(client.get(board[name].get_absolute_url())) - {board[name].pk}
    assert found <= set(Vacancy.objects.open().values_list("pk", flat=True))
    assert len(found) == 4  # two of a firm at most


def test_the_page_of_a_gone_ad_says_what_happened_and_names_open_ones(client, board):
    html = client.get(board["closed"].get_absolute_url()).content.decode()
    assert "besetzt" in html
    assert f"/stellen/{board['open'].pk}-" in html
    html = client.get(board["ended yesterday"].get_absolute_url()).content.decode()
    assert "abgelaufen" in html


def test_the_day_ends_at_midnight_in_berlin(employer):
    with time_machine.travel("2026-07-31T10:00:00+02:00", tick=False):
        vacancy = make_vacancy(employer, open=True, last_day=localdate())
    with time_machine.travel("2026-07-31T23:59:00+02:00", tick=False):
        assert vacancy in Vacancy.objects.open()
    with time_machine.travel("2026-08-01T00:01:00+02:00", tick=False):
        assert vacancy not in Vacancy.objects.open()
        assert not vacancy.is_open


def test_counts_that_lead_to_a_list_equal_its_count(client, board):
    agency = make_employer("Leihwerk GmbH", kind="zeitarbeit")
    make_vacancy(agency, open=True, employer_kind="zeitarbeit")
    html = client.get("/staedte/osnabrueck/").content.decode()
    assert "3 offene Stellen" in html
    assert ">3 Stellen</h2>" in client.get("/stellen/?stadt=osnabrueck").content.decode()
    hidden = re.search(r'href="([^"]+)">1 weitere von Zeitarbeit', html)[1].replace("&amp;", "&")
    assert ">1 Stelle</h2>" in client.get(hidden).content.decode()
    everything = client.get("/stellen/").content.decode()
    assert "4 Stellen" in everything
    assert "1 Stelle von Zeitarbeit und Vermittlung" in everything


def test_a_firm_has_a_page_once_an_ad_was_published(client, employer):
    make_vacancy(employer, status="in_review")
    assert client.get(reverse("listings:employer", args=[employer.slug])).status_code == 404
    make_vacancy(employer, status="closed")
    assert client.get(reverse("listings:employer", args=[employer.slug])).status_code == 200
