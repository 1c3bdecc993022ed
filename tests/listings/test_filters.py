"""The list's parameters: what they find, what they forgive, how they are shown."""

import re
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listings.filter_words import FilterWords
from listings.filters import VacancyFilter
from profiles.models import CityFact, Fact
from tests.make import GELSENKIRCHEN, HAGEN, HAMM, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


def make_board():
    employer = make_employer("Hasewerk GmbH", sector="Maschinenbau")
    agency = make_employer("Leihwerk GmbH", kind="zeitarbeit")
    return {
        "sap": make_vacancy(
            employer, open=True, title="SAP-Projektkoordination", level="spezialist", pay_low=4500, pay_high=5000
        ),
        "half": make_vacancy(
            employer,
            open=True,
            place_id=HAGEN,
            working_time="part",
            hours_low=20,
            hours_high=20,
            full_time_hours=40,
            pay_low=1600,
            pay_high=1700,
            workplace="hybrid",
            remote_days=2,
            tasks="Sie pflegen die Tickets in Jira.",
            asks_photo=True,
            contact_name="Frau Beispiel",
        ),
        "both": make_vacancy(
            employer,
            open=True,
            place_id=HAMM,
            working_time="both",
            hours_low=25,
            level="einstieg",
            facts=["jira"],
            asks_cover_letter=True,
        ),
        "limited": make_vacancy(
            employer,
            open=True,
            contract="fixed_term",
            fixed_term_months=24,
            tasks="Büroumzüge.",
            contact_name="Herr Muster",
        ),
        "remote": make_vacancy(employer, open=True, workplace="remote", place_id=None),
        "agency": make_vacancy(agency, open=True, employer_kind="zeitarbeit"),
    }


@pytest.fixture(scope="module", autouse=True)
def stored(build_once):
    return build_once(make_board)


@pytest.fixture
def board(stored):
    return deepcopy(stored)


FOUND = [
    ("", {"sap", "half", "both", "limited", "remote"}),
    ("was=sap", {"sap"}),
    ("was=SAP+Projektkoordination&genau=1", {"sap"}),
    ("was=bueroumzuege", {"limited"}),
    ("was=BÜROUMZÜGE", {"limited"}),
    ("was=Hasewerk+hagen", {"half"}),
    ("was=sap+hagen", set()),
    ("was=SAP.", {"sap"}),
    ("stadt=hagen", {"half"}),
    ("stadt=hagen&stadt=hamm", {"half", "both"}),
    ("stadt=hagen&arbeitszeit=vz", set()),
    ("arbeitszeit=tz", {"half", "both"}),
    ("arbeitszeit=vz", {"sap", "both", "limited", "remote"}),
    ("arbeitszeit=vz&arbeitszeit=tz", {"sap", "half", "both", "limited", "remote"}),
    ("arbeitsort=hybrid", {"half"}),
    ("arbeitsort=remote", {"remote"}),
    ("befristung=befristet", {"limited"}),
    ("befristung=unbefristet", {"sap", "half", "both", "remote"}),
    ("niveau=einstieg&niveau=spezialist", {"sap", "both"}),
    ("faktum=sap", {"sap"}),
    ("faktum=jira&faktum=homeoffice", {"half"}),
    ("faktum=jira", {"half", "both"}),
    ("ohne=anschreiben", {"sap", "half", "limited", "remote"}),
    ("ohne=foto", {"sap", "both", "limited", "remote"}),
    ("ohne=foto&ohne=anschreiben", {"sap", "half", "both", "limited", "remote"}),
    ("mit=ansprechperson", {"half", "limited"}),
    ("mit=ansprechperson&ohne=foto", {"limited"}),
    ("wo=Hamm&umkreis=0", {"both"}),
    ("wo=hagen&umkreis=25", {"half"}),
    ("wo=Hagen&umkreis=50", {"half", "both"}),
    ("wo=Osnabrück", {"sap", "limited"}),
    ("wo=OSNABRUECK&umkreis=10", {"sap", "limited"}),
    ("wo=49074+Osnabrück", {"sap", "limited"}),
    ("wo=Osnabrück&ortsunabhaengig=1", {"sap", "limited", "remote"}),
    ("stadt=hagen&ortsunabhaengig=1", {"half", "remote"}),
    ("ortsunabhaengig=1", {"sap", "half", "both", "limited", "remote"}),
    ("wo=Hagen&umkreis=100&stadt=hamm", {"both"}),
    ("umkreis=10", {"sap", "half", "both", "limited", "remote"}),
    ("was=projektkoordination+hamm", {"both"}),
    ("was=projektkoordination+hamm&stadt=hagen", {"half"}),  # which lacks a word
    ("was=projektkoordination+hamm&genau=1", {"both"}),
    ("was=projektkoordination+hamm&umkreis=50", {"half", "both"}),
    ("was=projektkoordination+hagen+hamm", {"half", "both"}),
    ("was=projektkoordination+hamm+50+km", {"half", "both"}),
    ("was=projektkoordination+im+Umkreis+von+30+km+um+hamm&umkreis=10", {"half", "both"}),
    ("was=projektkoordination+umkreis+50&wo=Hamm", {"half", "both"}),
    ("was=50+km&wo=Hamm", {"half", "both"}),
    ("was=jira+50+km", {"half", "both"}),  # around nothing
    ("was=hagen&ortsunabhaengig=1", {"half", "remote"}),
    ("faktum=jira&faktum=sap", set()),
    ("faktum=jira&stadt=hamm", {"both"}),
    ("gehalt_ab=5000", {"sap"}),
    ("gehalt_ab=5.001", set()),
    ("gehalt_ab=3400+€", {"sap", "half", "both", "limited", "remote"}),
    ("arbeitgeberart=zeitarbeit", {"agency"}),
    ("arbeitgeberart=direkt&arbeitgeberart=zeitarbeit", {"sap", "half", "both", "limited", "remote", "agency"}),
]


def chips_of(query):
    return FilterWords(VacancyFilter(QueryDict(query))).chips


def test_a_parameter_finds_what_it_says(board):
    for query, names in FOUND:  # one board for all of them
        found = set(VacancyFilter(QueryDict(query)).qs)
        assert {name for name, vacancy in board.items() if vacancy in found} == names, query


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("niveau=quatsch&niveau=einstieg", "quatsch"),
        ("stadt=berlin", "berlin"),
        ("faktum=cobol&faktum=jira", "cobol"),
        ("gehalt_ab=viel", "Betrag"),
        ("gehalt_ab=-5", "Betrag"),
        ("gehalt_ab=" + "9" * 40, "Betrag"),
        ("veroeffentlichtseit=gestern", "Zahl von 0 bis 365"),
        ("veroeffentlichtseit=-1", "Zahl von 0 bis 365"),
        ("veroeffentlichtseit=366", "Zahl von 0 bis 365"),
        ("veroeffentlichtseit=" + "9" * 40, "Zahl von 0 bis 365"),
        ("veroeffentlichtseit=²", "Zahl von 0 bis 365"),
        ("sortierung=zufall", "zufall"),
        ("was=" + "x" * 201, "200"),
        ("was=a%00b", "Null"),
        ("seite=0", "Seite"),
        ("seite=99999999999999999999", "Seite"),
        ("seite=²", "Seite"),
        ("was=!!!", "kein Wort"),
    ],
)
def test_a_bad_value_is_left_out_with_a_hint_while_good_ones_stay(client, board, query, hint):
    html = client.get(f"/stellen/?arbeitszeit=tz&{query}").content.decode()
    assert re.search(rf'note-warn">[^<]*{re.escape(hint)}', html)
    kept = {"both"} if "einstieg" in query else {"half", "both"}
    assert {name for name, vacancy in board.items() if f"/stellen/{vacancy.pk}-" in html} == kept


def test_days_are_counted_from_the_first_day_of_an_ad_and_today_is_none(client, employer):
    ads = [
        make_vacancy(employer, open=True, place_id=GELSENKIRCHEN, at=timezone.now() - timedelta(days=age))
        for age in (0, 1, 7, 8)
    ]
    for days, expected in (("0", ads[:1]), ("1", ads[:2]), ("007", ads[:3]), ("8", ads), ("", ads)):
        found = VacancyFilter(QueryDict(f"stadt=gelsenkirchen&veroeffentlichtseit={days}")).qs
        assert set(found) == set(expected)
    chips = [chips_of(f"veroeffentlichtseit={days}") for days in (0, 1, "007")]
    assert [each.label for [each] in chips] == ["seit heute", "seit gestern", "seit höchstens 7 Tagen"]
    html = client.get("/stellen/?veroeffentlichtseit=7").content.decode()
    assert '<option value="7" selected>' in html


def test_unknown_parameters_are_dropped_silently(client, board):
    html = client.get("/stellen/?utm_source=x&arbeitszeit=tz").content.decode()
    assert "note-warn" not in html
    assert "utm_source" not in html


def test_what_was_typed_is_shown_as_text(client):
    html = client.get("/stellen/", {"was": '"><script>alert(1)</script>', "niveau": "<b>"}).content.decode()
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_a_chip_takes_one_value_away(board):
    chips = chips_of("stadt=hagen&stadt=hamm&gehalt_ab=3000&was=sap&sortierung=gehalt")
    assert [chip.label for chip in chips] == ["„sap“", "Hagen", "Hamm", "ab 3.000\u00a0€ im Monat"]
    assert chips[1].query == "?gehalt_ab=3000&sortierung=gehalt&stadt=hamm&was=sap"


def test_chips_of_facts_stand_by_their_name_and_go_one_by_one(board):
    chips = chips_of("faktum=jira&stadt=hamm&faktum=erp&faktum=jira")
    assert [(chip.label, chip.query) for chip in chips] == [
        ("Hamm", "?faktum=erp&faktum=jira"),
        ("Jira", "?faktum=erp&stadt=hamm"),
        ("ERP-Systeme", "?faktum=jira&stadt=hamm"),
    ]


def test_facts_are_boxes_by_kind_and_those_chosen_are_in_sight(client, board):
    html = client.get("/stellen/?faktum=jira").content.decode()
    assert html.count('name="faktum"') == Fact.objects.count()
    assert re.findall(r'faktum" value="([\w-]+)" checked', html) == ["jira"]
    assert re.findall(r'<details class="filter-group" open>\s*<summary>([^<]+)', html) == ["Werkzeug"]


def test_of_very_many_facts_the_first_count(client, board):
    slugs = list(Fact.objects.values_list("slug", flat=True))
    html = client.get("/stellen/?" + "&".join(f"faktum={slug}" for slug in slugs)).content.decode()
    assert "0 Stellen" in html
    assert "Höchstens 6 auf einmal" in html
    assert set(re.findall(r'faktum" value="([\w-]+)" checked', html)) == set(slugs[:6])


def test_the_list_says_why_a_fact_is_typical_for_the_one_city(client, board):
    html = client.get("/stellen/?stadt=hagen&faktum=erp").content.decode()
    sentence = CityFact.objects.get(fact__slug="erp", edition__city__slug="hagen").evidence
    assert f'Typisch für Hagen: ERP-Systeme. <q class="evidence">{sentence}</q>' in html
    assert 'href="/staedte/hagen/#beleg-merkmal-erp"' in html
    for query in ("stadt=hagen", "faktum=erp", "stadt=hagen&stadt=hamm&faktum=erp", "stadt=hagen&faktum=pmi"):
        assert "Typisch für" not in client.get(f"/stellen/?{query}").content.decode()


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("", 6),
        ("stadt=hagen&faktum=pmi&faktum=sap", 12),
        ("was=Projektkordinator+hamm+30+km&faktum=erp&niveau=einstieg", 12),
        ("wo=Hamm&umkreis=50&was=sap+xyz", 12),
        ("was=Projektkordinator+Neustadt+xyzzy&niveau=einstieg", 12),
    ],
)
def test_the_list_asks_few_questions(client, board, query, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        client.get(f"/stellen/?{query}")


@pytest.mark.parametrize(
    "query",
    [
        "was=Projektkordinator+xyzzy&wo=Hamm,+Rheinland-Pfalz",
        "was=Projektkordinator+xyzzy&wo=Hamm,+Rheinland-Pfalz&sortierung=gehalt&seite=2&umkreis=100",
        "was=Projektkordinator+xyzzy&wo=Neustadt&sortierung=entfernung",
        "was=Ticktes+Projektkordinator&wo=Neustadt,+Sachsen,+bei+Xyz&umkreis=10",
        "was=Projektkordinator&wo=01067+Hamm",
        "was=Frankfrut+Projektkordinator&wo=Neustadt&genau=1",
        "was=Jira+Neustadt+und+Soest+und+Unna&umkreis=100&sortierung=entfernung",
        "was=Neustadt+Jira+xyzzy&umkreis=10&faktum=jira&faktum=erp&niveau=einstieg&arbeitsort=remote&arbeitszeit=tz",
        "was=Büroumzügee&stadt=hagen&faktum=erp&faktum=jira&sortierung=neueste",
        "was=Jira&wo=Xyzzy,+Rheinland-Pfalz",
        "wo=Frankfurt+a.+M.&gehalt_ab=9000",
    ],
)
def test_a_list_about_which_much_is_to_be_said_asks_no_more_than_twelve(
    client, board, query, django_assert_max_num_queries
):
    client.get("/stellen/?was=sap")  # the concepts are compiled once in a process
    with django_assert_max_num_queries(12):
        client.get(f"/stellen/?{query}")


@pytest.mark.parametrize(
    "was", ["Oberhausn", "Oberhausn Projektkordinator xyzzy", "Lagersoftwrae Gelsenkirhcen", "Scrum Master Hammm"]
)
def test_a_town_misspelled_in_the_text_is_found_by_three_more(client, board, was, django_assert_max_num_queries):
    client.get("/stellen/?was=sap")
    with django_assert_max_num_queries(15):
        client.get("/stellen/", {"was": was})


def test_pay_sorts_by_the_lower_end_descending(board):
    found = list(VacancyFilter(QueryDict("sortierung=gehalt")).qs)
    amounts = [vacancy.pay_month_low for vacancy in found]
    assert amounts == sorted(amounts, reverse=True)
    assert found[0] == board["sap"]


def test_lists_are_paged_and_pages_do_not_overlap(client, employer):
    for _ in range(23):
        make_vacancy(employer, open=True, place_id=GELSENKIRCHEN)
    pages = [client.get(f"/stellen/?stadt=gelsenkirchen&seite={page}").content.decode() for page in (1, 2)]
    found = [set(re.findall(r"/stellen/(\d+)-", page)) for page in pages]
    assert [len(each) for each in found] == [20, 3]
    assert not found[0] & found[1]
    assert "23 Stellen" in pages[1]


def test_htmx_gets_the_results_and_the_fields_as_they_stand_now(client, board):
    whole = client.get("/stellen/?stadt=hagen").content.decode()
    swap = client.get("/stellen/?stadt=hagen&was=", headers={"HX-Request": "true"})
    title, piece = swap.content.decode().split("</title>")
    assert f"{title}</title>" in whole
    results, count, form, fields = re.split(
        r'(?=<div hx-swap-oob|<form class="search"|<div class="filter-fields")', piece
    )
    assert (
        count.strip()
        == '<div hx-swap-oob="innerHTML:#anzahl"><h2 id="anzahl-stellen" tabindex="-1">1 Stelle</h2></div>'
    )
    for part in (results, form, fields):
        assert part.strip() in whole
    assert swap["HX-Push-Url"] == "/stellen/?stadt=hagen"
    assert "HX-Request" in swap["Vary"]


def test_the_same_list_once_more_is_no_step_for_the_back_button(client, board):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/stellen/?stadt=hagen"}
    assert client.get("/stellen/?stadt=hagen&was=", headers=headers)["HX-Push-Url"] == "false"
    assert client.get("/stellen/?stadt=hamm", headers=headers)["HX-Push-Url"] == "/stellen/?stadt=hamm"


def test_what_a_browser_says_of_its_address_may_be_no_address(client, board):
    for address in ("http://[", "::::", "//" + "a" * 50, ""):
        headers = {"HX-Request": "true", "HX-Current-URL": address}
        assert client.get("/stellen/?stadt=hamm", headers=headers)["HX-Push-Url"] == "/stellen/?stadt=hamm"


def test_a_town_in_the_text_stands_in_the_fields_for_towns(client, board):
    html = client.get("/stellen/?was=SAP+Hagen").content.decode()
    assert re.search(r'name="was"[^>]* value="SAP"', html)
    assert re.search(r'value="hagen" checked', html)
    html = client.get("/stellen/?was=SAP+in+Soest").content.decode()
    assert re.search(r'name="was"[^>]* value="SAP"', html)
    assert re.search(r'name="wo"[^>]* value="Soest', html)
    html = client.get("/stellen/?was=SAP+Oberhausn").content.decode()
    assert re.search(r'name="was"[^>]* value="SAP"', html)
    assert re.search(r'value="oberhausen" checked', html)
    html = client.get("/stellen/?was=SAP+Hagen&genau=1").content.decode()
    assert re.search(r'name="was"[^>]* value="SAP Hagen"', html)


def test_pay_in_part_time_is_compared_as_full_time(board):
    assert board["half"].pay_month_low == Decimal(3200)
    assert board["half"].pay_month_high == Decimal(3400)


names = st.sampled_from([*VacancyFilter.base_filters, "seite", "x"])
values = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["hamm", "59065 Hamm", "590", "Hamm, NRW", "0", "1", "25", "entfernung", "treffer", "direkt", "jira"]
    ),
    st.sampled_from(
        [
            "sap rollout hamm",
            "Projektkordinator hamm xyz 30 km",
            "jira umkreis 10",
            "C# .NET",
            "'\" OR 1=1 --",
            "* NEAR/2 (",
            "%_\\",
        ]
    ),
    st.integers(-(10**30), 10**30).map(str),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, values), max_size=8))
def test_no_query_string_breaks_the_list(client, board, pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    response = client.get(f"/stellen/?{query.urlencode()}")
    assert response.status_code == 200
    asked = VacancyFilter(query)
    assert len(asked.qs) == response.context["count"]
    again = VacancyFilter(QueryDict(FilterWords(asked).canonical.removeprefix("?")))
    assert list(again.qs) == list(asked.qs)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
@given(st.lists(st.tuples(names, values), max_size=8))
def test_none_of_very_many_query_strings_breaks_the_list(client, board, pairs):
    test_no_query_string_breaks_the_list.hypothesis.inner_test(client, board, pairs)


@pytest.mark.parametrize("raw", ["%ff%fe", "was=%ed%a0%80", "was=%00", "&&&===", "was[]=1", "seite=%0a1"])
def test_broken_bytes_do_not_break_the_list(client, raw):
    assert client.get(f"/stellen/?{raw}").status_code == 200


TOWNS_OF_THE_TEXT = [
    ("was=koordination hamm", [("„koordination“", "?stadt=hamm"), ("Hamm", "?was=koordination")]),
    ("was=hamm", [("Hamm", "?")]),
    ("was=hagen hamm", [("Hagen", "?stadt=hamm"), ("Hamm", "?stadt=hagen")]),
    ("was=koordination hamm&umkreis=50", [("„koordination“", "?umkreis=50&wo=Hamm"), ("Hamm, 50 km", "?was=koordination")]),
    ("was=koordination gelsenkirchn", [("„koordination“", "?stadt=gelsenkirchen"), ("Gelsenkirchen", "?was=koordination")]),
    ("was=koordination hamm 30 km", [("„koordination“", "?umkreis=50&wo=Hamm"), ("Hamm, 50 km", "?was=koordination")]),
    ("was=koordination 30 km&wo=Hamm", [("„koordination“", "?umkreis=50&wo=Hamm"), ("Hamm, 50 km", "?was=koordination+30+km")]),
    ("wo=Frankfurt", [("Frankfurt am Main, 25 km", "?")]),
    ("was=*", []),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("query", "chips"), TOWNS_OF_THE_TEXT)
def test_words_and_towns_of_the_text_go_one_by_one(board, query, chips):
    assert [(chip.label, chip.query) for chip in chips_of(query)] == chips


def test_a_distance_in_the_text_is_the_radius_and_says_so(client, board):
    page = client.get("/stellen/", {"was": "Projektkoordination Hamm 30 km", "umkreis": 10})
    html = page.text
    assert "„30 km“ haben wir als Umkreis verstanden: gesucht wird <strong>bis 50&nbsp;km</strong>" in html
    assert '<a href="/stellen/?was=Projektkoordination+Hamm">Ohne diese Angabe suchen</a>' in html
    assert '<option value="50" selected>' in html
    assert re.search(r'name="was"[^>]* value="Projektkoordination"', html)
    said = page.context["filter"]
    assert said.canonical == "?was=Projektkoordination+Hamm+30+km"
    assert said.where.kilometres[1] == (10, "?umkreis=10&was=Projektkoordination+Hamm", False)
    assert "Umkreis verstanden" not in client.get("/stellen/", {"was": "Projektkoordination 30 km"}).text


def test_an_amount_in_the_text_leads_to_the_filters(client, board):
    page = client.get("/stellen/", {"was": "SAP ohne Zeitarbeit 5000 Euro"})
    assert page.context["count"] == 1
    assert "<strong>„5000 Euro“</strong> haben wir weggelassen" in page.text
    assert "<strong>„ohne Zeitarbeit“</strong> haben wir weggelassen" in page.text
    assert '<a href="/stellen/?genau=1&amp;was=SAP+ohne+Zeitarbeit+5000+Euro">Trotzdem danach suchen</a>' in page.text
    alone = client.get("/stellen/", {"was": "5000 Euro"})
    assert "haben wir weggelassen" in alone.text
    assert "kein Wort" not in alone.text


def test_a_town_of_the_text_that_shares_its_name_comes_with_the_others(client, board):
    page = client.get("/stellen/", {"was": "koordination frankfurt", "umkreis": 50})
    choices = page.context["filter"].place_choices
    assert ("Frankfurt (Oder), Brandenburg", "?umkreis=50&was=koordination&wo=Frankfurt+%28Oder%29") in [
        (label, query.replace("%2C+Brandenburg", "")) for label, query in choices
    ]
    assert "Oder meinten Sie" in page.content.decode()


def test_a_word_that_was_left_out_beside_a_town_is_a_word_all_the_same(client, board):
    html = client.get("/stellen/", {"was": "quantenphysik", "wo": "Hamm"}).content.decode()
    assert "haben es weggelassen" in html
    assert "kein Wort" not in html


def test_nothing_is_said_of_ads_that_lack_a_word_where_none_does(client, board):
    html = client.get("/stellen/", {"was": "quantenphysik raumfahrt", "niveau": "einstieg"}).content.decode()
    assert "nur eines fehlt" not in html
    assert "Dazu ist gerade nichts ausgeschrieben" in html
    only = client.get("/stellen/", {"was": "büroumzüge koordination", "befristung": "befristet"}).content.decode()
    assert "danach folgen" not in only
