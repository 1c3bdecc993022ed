"""Similar ads beside an ad and where it was: which ones, in which order, and what the page says they share."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from listings.models import Vacancy
from listings.neighbours import LEAST, MOST, neighbours
from tests.make import GELSENKIRCHEN, HAGEN, HAMM, OBERHAUSEN, OSNABRUECK, make_employer, make_vacancy

pytestmark = pytest.mark.django_db

BRAMSCHE, BELM, MUNICH = 2945474, 2951175, 2867714
PLAIN = {"tasks": "Sie planen.", "profile": "Sie können das.", "offer": "Es gibt Kaffee."}


def make_ad(place=OSNABRUECK, **fields):
    """An open ad of a firm of its own that speaks of no fact."""
    return make_vacancy(open=True, place_id=place, **{**PLAIN, **fields})


def titles(vacancy):
    return [ad.title for ad in neighbours(vacancy, vacancy.mentions.all())]


def said(client, vacancy) -> dict[str, str]:
    """The reason that its page gives for each similar ad, by title."""
    html = client.get(vacancy.get_absolute_url()).content.decode()
    section = html.partition('aria-labelledby="aehnlich"')[2].partition("</section>")[0]
    return {
        strip_tags(re.search(r"<h3>(.*?)</h3>", item, re.DOTALL)[1]).strip(): strip_tags(
            re.search(r'<p class="likeness">(.*?)</p>', item, re.DOTALL)[1]
        ).replace("&nbsp;", " ")
        for item in section.split("<li>")[1:]
    }


def test_the_likest_come_first_and_say_why(client):
    ad = make_ad(title="SAP-Projektkoordination", facts=["sap", "jira"])
    make_ad(title="Lagerleitung", pay_low=2500, pay_high=2600, level="einstieg")
    make_ad(BELM, title="Projektkoordination für SAP", pay_low=3600, pay_high=4100)
    make_ad(title="Einkaufsleitung", facts=["jira", "sap"], pay_low=6000, pay_high=7000, level="spezialist")
    make_ad(None, workplace="remote", title="Agile Leitung", level="spezialist")
    assert said(client, ad) == {
        "Projektkoordination für SAP": "6 km entfernt, auch SAP, ähnlicher Titel",
        "Einkaufsleitung": "In Osnabrück wie diese, auch Jira und SAP",
        "Lagerleitung": "In Osnabrück wie diese",
        "Agile Leitung": "Von überall aus möglich, ähnliches Gehalt",
    }


def test_near_ads_of_other_trades_come_last():
    ad = make_ad(title="IT-Projektkoordination", pay_low=5000, pay_high=6000)
    make_ad(title="Projektkoordination Hochbau", pay_low=5000, pay_high=6000)
    make_ad(BELM, title="Softwareeinführung begleiten", level="einstieg")
    assert titles(ad) == ["Softwareeinführung begleiten", "Projektkoordination Hochbau"]
    of_another = make_ad(title="Bauleitung")
    assert titles(of_another)[0] == "Projektkoordination Hochbau"


@pytest.mark.parametrize(
    ("pay", "shares"),
    [((3500, 4000), True), ((3700, 4300), True), ((4600, 5200), False), ((2500, 9000), False), ((3750, 3750), True)],
)
def test_pay_is_alike_where_the_monthly_ranges_overlap_by_half(client, pay, shares):
    ad = make_ad(title="Koordination", pay_low=3600, pay_high=3900)
    make_ad(title="Büroleitung", pay_low=pay[0], pay_high=pay[1], level="einstieg")
    assert ("ähnliches Gehalt" in said(client, ad)["Büroleitung"]) is shares


def test_pay_is_compared_by_the_full_month(client):
    ad = make_ad(title="Koordination", pay_low=3600, pay_high=3900)
    make_ad(
        title="Büroleitung", working_time="part", hours_low=20, hours_high=20, pay_low=1800, pay_high=1950,
        level="einstieg",
    )  # fmt: skip
    make_ad(title="Empfangsleitung", pay_low=43200, pay_high=46800, pay_unit="year", level="einstieg")
    assert set(said(client, ad).values()) == {"In Osnabrück wie diese, ähnliches Gehalt"}


def test_only_open_ads_of_firms_that_hire_themselves_and_never_the_ad_itself(employer):
    ad = make_ad()
    for status in ("draft", "in_review", "paused", "closed", "removed"):
        make_vacancy(status=status)
    make_vacancy(open=True, first_day=timezone.localdate() + timedelta(days=1))
    make_vacancy(make_employer(kind="zeitarbeit"), open=True, employer_kind="zeitarbeit")
    assert titles(ad) == []
    cache.clear()
    other = make_ad()
    assert neighbours(ad, []) == [other]


def test_one_firm_never_fills_the_list():
    ad = make_ad()
    firm = make_employer()
    for _ in range(5):
        make_vacancy(firm, open=True)
    assert len(titles(ad)) == 2
    for _ in range(8):
        make_ad()
    cache.clear()
    assert len(titles(ad)) == MOST


def test_ads_of_far_away_only_fill_up_and_only_where_they_are_alike(client):
    ad = make_ad(title="SAP-Projektkoordination", facts=["sap"])
    make_ad(HAGEN, title="Lagerleitung", pay_low=2500, pay_high=2600)  # of the same level, and that is all
    for _ in range(5):
        make_ad(MUNICH, title="SAP-Projektkoordination")
    assert set(said(client, ad)) == {"SAP-Projektkoordination"}
    assert len(titles(ad)) == LEAST
    for number in range(LEAST):
        make_ad(BRAMSCHE, title=f"Lagerleitung {number}", pay_low=2500, pay_high=2600, level="einstieg")
    cache.clear()
    assert "SAP-Projektkoordination" not in titles(ad)


def test_what_was_compared_is_kept_but_for_ads_that_have_ended_or_changed_since(django_assert_num_queries):
    ad, ended, changed, other = (make_ad() for _ in range(4))
    assert len(titles(ad)) == 3
    ended.close(None, Vacancy.ClosedAs.WITHDRAWN)
    Vacancy.objects.filter(pk=changed.pk).update(version=changed.version + 1)
    make_ad()
    mentions = list(ad.mentions.all())
    with django_assert_num_queries(1):
        assert neighbours(ad, mentions) == [other]


def test_for_a_remote_ad_place_does_not_matter(client):
    ad = make_ad(None, workplace="remote", title="Koordination")
    make_ad(title="Empfangsleitung")
    make_ad(None, workplace="remote", title="Produktionsleitung", level="spezialist", pay_low=6000, pay_high=7000)
    assert list(said(client, ad).items()) == [
        ("Produktionsleitung", "Ortsunabhängig wie diese"),
        ("Empfangsleitung", "In Osnabrück, ähnliches Gehalt, gleiches Niveau"),
    ]


@pytest.mark.parametrize("status", ["closed", "removed"])
def test_an_ad_that_is_gone_names_similar_ones_and_a_removed_one_tells_only_its_place(client, employer, status):
    gone = make_vacancy(employer, status=status, title="SAP-Projektkoordination", facts=["sap"], **PLAIN)
    make_ad(title="Projektkoordination für SAP", facts=["sap"])
    make_ad(MUNICH, title="SAP-Projektkoordination", facts=["sap"])
    if status == "removed":
        assert said(client, gone) == {"Projektkoordination für SAP": "In Osnabrück wie diese"}
    else:
        assert said(client, gone) == {
            "Projektkoordination für SAP": "In Osnabrück wie diese, auch SAP, ähnlicher Titel",
            "SAP-Projektkoordination": said(client, gone)["SAP-Projektkoordination"],
        }
        assert re.match(r"\d{3} km entfernt, auch SAP, ähnlicher Titel", said(client, gone)["SAP-Projektkoordination"])


def test_an_ad_without_similar_ones_has_no_empty_section(client):
    assert "aehnlich" not in client.get(make_ad().get_absolute_url()).content.decode()
    gone = make_vacancy(status="closed")
    Vacancy.objects.open().delete()
    assert "Alle offenen Stellen" in client.get(gone.get_absolute_url()).content.decode()


def test_a_preview_shows_no_similar_ads(client_of, anna, employer):
    make_ad()
    draft = make_vacancy(employer)
    html = client_of(anna).get(f"/arbeitgeber/stellen/{draft.pk}/vorschau/").content.decode()
    assert "aehnlich" not in html


def test_the_page_asks_no_more_often_for_more_ads(client, django_assert_max_num_queries):
    ad = make_ad(title="SAP-Projektkoordination", facts=["sap", "jira"])
    for place in (OSNABRUECK, HAMM, HAGEN, OBERHAUSEN, GELSENKIRCHEN):
        make_ad(place, facts=["sap"])
        make_ad(place, workplace="remote")
    with django_assert_max_num_queries(8):
        client.get(ad.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        neighbours(ad, ad.mentions.all())
    assert len(asked) <= 4  # with the one for what it speaks of


def test_no_query_reads_all_ads():
    ad = make_ad(title="SAP-Projektkoordination", facts=["sap", "jira"])
    make_ad(facts=["sap"])
    mentions = list(ad.mentions.all())
    with CaptureQueriesContext(connection) as asked:
        neighbours(ad, mentions)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of two rows is read as a whole otherwise
        for query in list(asked):
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' * (connection.vendor == 'sqlite')}{query['sql']}")
            plan = [str(row[-1]) for row in cursor.fetchall()]
            walks = [line for line in plan if re.search(r"^SCAN (?!found)|Seq Scan on (listings|profiles)", line)]
            assert not walks, plan
