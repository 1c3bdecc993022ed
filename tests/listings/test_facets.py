"""The counts beside choices and links: each is the count of the list that it leads to."""

import pytest
from django.http import QueryDict

from listings.facets import Facets
from listings.filter_fields import OPTIONS
from listings.filters import SHORT, VacancyFilter
from listings.found import Found
from tests.make import HAGEN, HAMM, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(employer):
    agency = make_employer("Leihwerk GmbH", kind="zeitarbeit")
    ads = [
        {"title": "SAP-Projektkoordination", "level": "spezialist", "contact_name": "Frau Muster"},
        {"place_id": HAGEN, "working_time": "part", "hours_low": 20, "hours_high": 20, "full_time_hours": 40},
        {
            "place_id": HAGEN,
            "title": "Koordination Rollout",
            "tasks": "Sie pflegen Tickets in Jira.",
            "asks_photo": True,
        },
        {"place_id": HAMM, "working_time": "both", "hours_low": 25, "level": "einstieg", "facts": ["jira", "erp"]},
        {"contract": "fixed_term", "fixed_term_months": 24, "tasks": "Rollout von SAP.", "asks_cover_letter": True},
        {"workplace": "remote", "place_id": None, "tasks": "Rollout aus der Ferne, mit Jira."},
        {"workplace": "hybrid", "remote_days": 2, "place_id": HAMM, "level": "einstieg"},
    ]
    for fields in ads:
        make_vacancy(employer, open=True, **fields)
    make_vacancy(agency, open=True, employer_kind="zeitarbeit", place_id=HAMM, level="einstieg")


QUERIES = [
    "",
    "stadt=hamm",
    "stadt=hamm&stadt=hagen&niveau=einstieg",
    "niveau=einstieg&arbeitszeit=tz&arbeitgeberart=direkt&arbeitgeberart=zeitarbeit",
    "faktum=jira",
    "faktum=jira&faktum=erp&stadt=hamm",
    "was=rollout",
    "was=rollout+sap",
    "was=Jira-Tickets",  # one word of two parts
    "was=rollout+hagen",
    "was=rollout+sap&genau=1&ohne=foto",
    "wo=Hamm&umkreis=50&ortsunabhaengig=1&befristung=unbefristet",
    "ohne=foto&ohne=anschreiben&mit=ansprechperson&gehalt_ab=3000",
    "arbeitsort=remote&veroeffentlichtseit=7",
    "was=gibtesnicht&genau=1",
    "was=gibtesnicht",
    "was=gibtesnicht&stadt=hamm",
    "was=jobs",
    "was=it",
]


def count_of(query: str) -> int:
    return Found(VacancyFilter(QueryDict(query.removeprefix("?")))).count


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_a_count_beside_a_choice_is_that_of_the_list_with_it_alone_in_its_group(board, query):
    asked = VacancyFilter(QueryDict(query))
    facets, _ = Facets.counted(asked, {}, is_widened=asked.found().is_widened)
    checked = 0
    for name in ["stadt", *OPTIONS]:
        values = list(asked.cities) if name == "stadt" else list(OPTIONS[name])
        if name == "stadt" and (asked.understood.place or query in ("was=gibtesnicht", "was=it")):
            values = []  # choosing one makes the town in the text a word, and leaves out a word that says nothing beside it
        assert set(facets.of(name)) == set(values)
        for value in values:
            assert facets.of(name)[value] == count_of(asked.query(**{name: [value]})), (name, value)
            checked += 1
    for slug in ["jira", "erp", "sap", "homeoffice", "pmi"]:
        chosen = sorted({*asked.good.get("faktum", []), slug})
        assert facets.of("faktum")[slug] == count_of(asked.query(faktum=chosen)), slug
        checked += 1
    assert checked > 15


def test_no_choice_leads_to_more_ads_than_there_were(employer):
    for number in range(7):
        words = "Sie stärken das Change Management." if number < SHORT else "Sie berichten dem Management."
        make_vacancy(employer, open=True, tasks=words, level=["einstieg", "erfahren"][number % 2])
    whole = VacancyFilter(QueryDict("was=change+management"))
    assert Found(whole).count == SHORT
    facets, _ = Facets.counted(whole, {}, is_widened=Found(whole).is_widened)
    of_level = facets.of("niveau")
    assert of_level == {"einstieg": 2, "erfahren": 1, "spezialist": 0}
    for level, count in of_level.items():
        assert count_of(whole.query(niveau=[level])) == count


def test_a_town_in_the_text_finds_the_same_ads_as_the_choice_that_stands_for_it_in_the_form(employer):
    for _ in range(SHORT):
        make_vacancy(employer, open=True, tasks="Sie stärken das Change Management.")
    make_vacancy(employer, open=True, place_id=HAGEN, tasks="Sie stärken das Change Management.")
    make_vacancy(employer, open=True, place_id=HAGEN, tasks="Sie berichten dem Management.")
    assert count_of("was=change+management+hagen") == count_of("was=change+management&stadt=hagen") == 1


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_every_link_with_a_count_leads_to_so_many_ads(client, board, query):
    context = client.get(f"/stellen/?{query}").context
    assert context["count"] == len(VacancyFilter(QueryDict(query)).qs)
    if context["hidden_count"]:
        assert context["hidden_count"] == count_of(context["hidden_query"])
    if context["remote_count"]:
        assert context["remote_total_text"] == str(count_of(context["remote_query"]))
    for each in context["suggestions"]:
        assert each.count == count_of(each.query), each.text
    for note in context["filter"].notes:
        if note.more:
            assert note.more_count == count_of(note.more)


def test_without_an_open_ad_every_count_is_nought(client):
    context = client.get("/stellen/?stadt=hamm").context
    assert {choice.count for group in context["filter"].groups for choice in group.choices} == {0}
    assert context["suggestions"] == []


def test_counts_that_would_need_too_many_ads_are_not_told(client, board, monkeypatch):
    monkeypatch.setattr("listings.facets.CAP", 3)
    facets, _ = Facets.counted(VacancyFilter(QueryDict("stadt=hamm")), {}, is_widened=False)
    assert facets.of("stadt") == {}
    assert facets.of("niveau") == {"einstieg": 2, "erfahren": 0, "spezialist": 0}
    monkeypatch.setattr("listings.found.CAP", 3)
    context = client.get("/stellen/").context
    assert context["count_text"] == "7" or context["is_capped"]
    assert {choice.count for group in context["filter"].groups for choice in group.choices} == {None}
