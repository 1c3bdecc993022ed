"""Gehalts-Check: what it answers, what it says it does not know, and that no address breaks it or leaves a trace."""

import html
import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from listings.models import MinimumWage
from listings.pay_check import PayCheckForm, address_for
from profiles.models import City
from tests.conftest import StrictClient
from tests.listings.employer_side import text_of
from tests.make import GELSENKIRCHEN, HAMM, OBERHAUSEN, make_employer, make_vacancy

pytestmark = pytest.mark.django_db

FIELDS = list(PayCheckForm.base_fields)


def ask(client, **query):
    response = client.get("/gehalt/", query)
    assert response.status_code == 200
    return response


def errors_of(response) -> dict[str, str]:
    """What stands beside each field."""
    found = re.findall(r'id="id_([a-z]+)_error">(.*?)</div>', response.content.decode(), re.DOTALL)
    return {name: html.unescape(text).strip() for name, text in found}


def test_the_first_visit_shows_examples_and_no_errors(client):
    response = client.get("/gehalt/")
    page = response.content.decode()
    assert not errors_of(response)
    assert "noindex" not in page
    examples = re.findall(r'<li><a href="(/gehalt/\?[^"]+)">', page)
    assert len(examples) == 3
    for address in examples:
        answer = client.get(html.unescape(address).partition("#")[0])
        assert not errors_of(answer)
        assert "Ihr Gehalt (" in text_of(answer)


@pytest.mark.parametrize(
    ("city", "amounts", "expected"),
    [
        ("osnabrueck", (2500, 2700), "2.500 bis 2.700 €) liegt in Osnabrück unter der Spanne „Einstieg“"),
        ("hagen", (3350, 3450), "zwischen „Einstieg“ (bis 3.300 €) und"),
        ("oberhausen", (3200, 4200), "überschneidet sich"),
        ("hamm", (2900, 3100), "liegt in Hamm über der unteren Grenze „Einstieg“"),
        ("hamm", (2900, 3100), "und überschneidet sich mit der Spanne „Große Mittelständler“"),
        ("gelsenkirchen", (4300, 4400), "(bis 4.200 €) und „"),
        ("gelsenkirchen", (5200, 5500), "5.200 bis 5.500 €) liegt in Gelsenkirchen über der Spanne „"),
    ],
)
def test_an_offer_is_told_how_it_stands_to_the_bands_of_its_city(client, city, amounts, expected):
    response = ask(client, stadt=city, betrag=amounts[0], bis=amounts[1])
    text = text_of(response)
    assert expected in text
    assert "Diese Stelle" not in text
    assert "Ihr Gehalt" in text


@pytest.mark.parametrize(
    ("query", "month", "steps"),
    [
        ({"betrag": "1600", "bis": "1700", "stunden": "20"}, "3.200 bis 3.400 €", "× 40 ÷ 20"),
        ({"betrag": "42.000", "einheit": "jahr"}, "3.500 €", "÷ 12"),
        ({"betrag": "3000", "gehaelter": "13"}, "3.250 €", "× 13 ÷ 12"),
        ({"betrag": "15", "einheit": "stunde"}, "2.600 €", "× 40"),
        ({"betrag": "20", "einheit": "stunde", "vollzeit": "38,5"}, "3.337 €", "× 38,5"),
    ],
)
def test_the_calculation_is_shown_with_its_result(client, query, month, steps):
    text = text_of(ask(client, stadt="oberhausen", **query))
    assert month in text
    assert steps in text


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("3.500", "3.500 €"),
        ("3500,50", "3.501 €"),
        ("3 500 €", "3.500 €"),
        ("3500 Euro", "3.500 €"),
        ("3.500,-", "3.500 €"),
        ("3\u202f500", "3.500 €"),
    ],
)
def test_amounts_are_read_as_people_write_them(client, typed, month):
    response = ask(client, stadt="hagen", betrag=typed)
    assert not errors_of(response)
    assert f"Ihr Gehalt ({month})" in text_of(response)


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ({"stadt": "atlantis", "betrag": "3000"}, "stadt", "keine Seite"),
        ({"stadt": "", "betrag": "3000"}, "stadt", "wählen Sie eine Stadt"),
        ({"stadt": "hamm", "betrag": "viel"}, "betrag", "eine Zahl wie 3.500"),
        ({"stadt": "hamm", "betrag": "-3000"}, "betrag", "eine Zahl wie 3.500"),
        ({"stadt": "hamm", "betrag": "0"}, "betrag", "über null"),
        ({"stadt": "hamm", "betrag": "1e5"}, "betrag", "eine Zahl wie 3.500"),
        ({"stadt": "hamm", "betrag": "NaN"}, "betrag", "eine Zahl wie 3.500"),
        ({"stadt": "hamm", "betrag": "9" * 30}, "betrag", "prüfen Sie Betrag und Zeitraum"),
        ({"stadt": "hamm", "betrag": "3000", "einheit": "stunde"}, "betrag", "3.000 Euro in der Stunde?"),
        ({"stadt": "hamm", "betrag": "3000", "bis": "2000"}, "bis", "unter dem ersten Betrag"),
        ({"stadt": "hamm", "bis": "2000"}, "betrag", "fängt die Spanne an"),
        ({"stadt": "hamm", "betrag": "3000", "einheit": "woche"}, "einheit", "Stunde, Monat oder Jahr"),
        ({"stadt": "hamm", "betrag": "3000", "stunden": "41"}, "stunden", "mehr als die Vollzeit von 40 Stunden"),
        ({"stadt": "hamm", "betrag": "3000", "vollzeit": "60"}, "vollzeit", "zwischen 30 und 48"),
        ({"stadt": "hamm", "betrag": "3000", "gehaelter": "20"}, "gehaelter", "12 und 16"),
        ({"stadt": "hamm", "betrag": "3000", "niveau": "chef"}, "niveau", "aus der Liste"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field_and_stays(client, query, field, told):
    response = ask(client, **query)
    assert list(errors_of(response)) == [field]
    assert told in errors_of(response)[field]
    for name, value in query.items():
        if value and name in ("betrag", "bis", "stunden", "vollzeit", "gehaelter"):
            assert re.search(rf'name="{name}" value="{re.escape(value)}"', response.content.decode())
    if query["stadt"] == "hamm":  # of which something can be said whatever else does not fit
        assert "Große Mittelständler" in text_of(response)


def test_a_city_alone_shows_its_bands(client):
    response = ask(client, stadt="gelsenkirchen")
    text = text_of(response)
    assert not errors_of(response)
    for figure in City.objects.get(slug="gelsenkirchen").live_figures():
        assert figure.label in text
    assert "So gerechnet" not in text


def test_an_amount_without_a_city_is_converted_meanwhile(client):
    response = ask(client, betrag="42000", einheit="jahr")
    assert "3.500 €" in text_of(response)
    assert errors_of(response)["stadt"]


def test_the_level_that_was_chosen_comes_first(client):
    text = text_of(ask(client, stadt="osnabrueck", betrag="3500", niveau="erfahren"))
    assert text.index("unter der Spanne „Erfahrung oder Spezialwissen“") < text.index("zwischen „Einstieg“")


def test_a_level_without_a_band_is_said_to_have_none(client):
    text = text_of(ask(client, stadt="hamm", betrag="3500", niveau="erfahren"))
    assert "Für „Mit Erfahrung“ nennt unser Text über Hamm keine Spanne." in text


def test_what_the_comparison_does_not_say_fits_the_case(client):
    hamm = text_of(ask(client, stadt="hamm", betrag="3500"))
    hagen = text_of(ask(client, stadt="hagen", betrag="3500"))
    assert "kein oberes Ende" in hamm
    assert "kein oberes Ende" not in hagen
    for text in (hamm, hagen):
        assert "brutto oder netto" in text
        assert "Keine offene Anzeige" in text
    City.objects.get(slug="hagen").live_edition().figures.update(
        gross="gross", period="month", checked_on="2026-11-01", valid_from="2026-11-01"
    )
    assert "brutto oder netto" not in text_of(ask(client, stadt="hagen", betrag="3500"))


def ads_in(place, count, firms=3, low=3000, **fields):
    employers = [make_employer() for _ in range(firms)]
    for number in range(count):
        pay = low + 100 * number
        make_vacancy(employers[number % firms], open=True, place_id=place, pay_low=pay, pay_high=pay + 500, **fields)


def test_counted_ads_come_with_their_number_and_lead_to_them(client):
    ads_in(OBERHAUSEN, 5)
    make_vacancy(
        make_employer(), open=True, place_id=OBERHAUSEN, employer_kind="zeitarbeit", pay_low=9000, pay_high=9999
    )
    response = ask(client, stadt="oberhausen", betrag="3300")
    text = text_of(response)
    assert "5 Anzeigen von 3 Arbeitgebern" in text
    assert "(3.300 €) liegt innerhalb der Spanne dieser Mediane (3.200 bis 3.700 €)" in text
    assert "unter der Spanne dieser Mediane" in text_of(ask(client, stadt="oberhausen", betrag="3100"))
    assert "über der Spanne dieser Mediane" in text_of(ask(client, stadt="oberhausen", betrag="3800"))
    link = re.search(r'href="(/stellen/\?[^"]*stadt=oberhausen[^"]*)"', response.content.decode())[1]
    listed = client.get(html.unescape(link)).content.decode()
    assert len(set(re.findall(r"/stellen/(\d+)-", listed))) == 5


def test_few_ads_are_shown_one_by_one_without_a_median(client):
    ads_in(OBERHAUSEN, 4)
    text = text_of(ask(client, stadt="oberhausen", betrag="3300"))
    assert "im Median" not in text
    assert "für einen Median zu wenige" in text
    assert "4 Anzeigen von 3 Arbeitgebern" in text


def test_few_ads_are_told_in_their_right_number(client):
    ads_in(OBERHAUSEN, 1)
    text = text_of(ask(client, stadt="oberhausen", betrag="3300", niveau="einstieg"))
    assert (
        "Offen ist hier nur 1 Anzeige von 1 Arbeitgeber. Für einen mittleren Wert ist das zu wenig; wir zeigen sie einzeln."
        in text
    )
    assert "Für „Einstieg“ allein ist keine Anzeige offen; gezählt sind deshalb alle Stufen zusammen." in text
    ads_in(OBERHAUSEN, 7, firms=1, level="einstieg")
    text = text_of(ask(client, stadt="oberhausen", betrag="3300", niveau="einstieg"))
    assert "Offen sind hier nur 8 Anzeigen von 2 Arbeitgebern." in text
    assert "zu wenig; von ihnen sehen Sie die neuesten 6." in text
    assert "Für „Einstieg“ allein sind es 7 Anzeigen von 1 Arbeitgeber, zu wenige für sich;" in text


def test_ads_of_the_chosen_level_are_counted_for_themselves_where_they_are_enough(client):
    ads_in(GELSENKIRCHEN, 5, level="einstieg", low=2800)
    ads_in(GELSENKIRCHEN, 5, level="erfahren", low=4000)
    response = ask(client, stadt="gelsenkirchen", betrag="2700", niveau="einstieg")
    text = text_of(response)
    link = re.search(r'href="(/stellen/\?niveau=einstieg[^"]*)"', response.content.decode())[1]
    listed = client.get(html.unescape(link)).content.decode()
    assert len(set(re.findall(r"/stellen/(\d+)-", listed))) == 5
    assert "5 Anzeigen von 3 Arbeitgebern" in text
    assert "3.000 bis 3.500 €" in text
    every = text_of(ask(client, stadt="gelsenkirchen", betrag="2700", niveau="spezialist"))
    assert "10 Anzeigen von 6 Arbeitgebern" in every


def test_pay_below_the_minimum_wage_is_told_so_kindly(client, time_machine):
    time_machine.move_to("2026-12-01T12:00:00+01:00")
    below = text_of(ask(client, stadt="hamm", betrag="2000"))
    assert "Mindestlohn" in below
    assert "2.409,33" in below
    assert "Mindestlohn" not in text_of(ask(client, stadt="hamm", betrag="3000"))
    part = text_of(ask(client, stadt="hamm", betrag="1000", stunden="20"))
    assert "1.204,67" in part
    soon = text_of(ask(client, stadt="hamm", betrag="14", einheit="stunde"))
    assert "Ab dem 1. Januar 2027" in soon


def test_without_a_minimum_wage_in_the_table_none_is_told(client):
    MinimumWage.objects.all().delete()
    assert "Mindestlohn" not in text_of(ask(client, stadt="hamm", betrag="1000"))


def test_an_ad_leads_to_its_own_pay_in_the_check(client, employer):
    vacancy = make_vacancy(
        employer, open=True, place_id=HAMM, working_time="part", hours_low=20, hours_high=25, pay_low=Decimal("1800.50"),
        pay_high=2000, full_time_hours=Decimal("38.5"), salaries_per_year=Decimal("13.5"), level="einstieg",
    )  # fmt: skip
    page = client.get(vacancy.get_absolute_url()).content.decode()
    address = html.unescape(re.search(r'href="(/gehalt/\?stadt=hamm[^"]*)"', page)[1])
    assert address == address_for(vacancy)
    response = client.get(address.partition("#")[0])
    assert not errors_of(response)
    pay = response.context["pay"]
    assert (pay.pay_month_low, pay.pay_month_high) == (
        vacancy.monthly(vacancy.pay_low),
        vacancy.monthly(vacancy.pay_high),
    )
    assert response.context["city"] == vacancy.city


@pytest.mark.parametrize("unit", ["hour", "month", "year"])
def test_the_check_counts_as_ads_do(client, employer, unit):
    pay = {"hour": 20, "month": 3000, "year": 42_000}[unit]
    vacancy = make_vacancy(employer, open=True, place_id=HAMM, pay_low=pay, pay_high=pay, pay_unit=unit)
    response = client.get(address_for(vacancy).partition("#")[0])
    assert response.context["pay"].pay_month_low == vacancy.monthly(vacancy.pay_low)


@pytest.mark.parametrize("path", ["/", "/staedte/hamm/", "/arbeitgeber/", "/methodik/", "/impressum/"])
def test_pages_lead_to_the_check(client, path):
    page = client.get(path).content.decode()
    assert re.search(r'<main.*href="/gehalt/', page, re.DOTALL) or path == "/impressum/"
    assert re.search(r'<footer.*href="/gehalt/"', page, re.DOTALL)


def test_an_answer_can_be_kept_but_not_found(client):
    page = client.get("/gehalt/?stadt=hamm&betrag=3000").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert re.search(r'<link rel="canonical" href="[^"?]*/gehalt/">', page)


def test_nothing_is_stored(client):
    ads_in(HAMM, 6)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/gehalt/?stadt=hamm&betrag=3000&niveau=einstieg")
    assert not response.cookies
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert "3000" not in " ".join(query["sql"] for query in queries)


@pytest.mark.parametrize("ads", [0, 4, 8])
def test_an_answer_takes_few_queries_whatever_there_is_to_count(client, django_assert_max_num_queries, ads):
    ads_in(OBERHAUSEN, ads)
    with django_assert_max_num_queries(6):
        client.get("/gehalt/?stadt=oberhausen&betrag=3000&niveau=erfahren")


def test_the_check_refuses_to_be_posted_to(client):
    assert client.post("/gehalt/").status_code == 405


AMOUNTS = st.sampled_from(
    [
        "",
        "3000",
        "3.500",
        "14,60",
        "-1",
        "0",
        "\0",
        "1e5",
        "NaN",
        "Infinity",
        "10" * 20,
        "9" * 40,
        "9" * 41,
        "٣٥٠٠",
        "½",
        "3,5,5",
    ]
)
WORDS = st.sampled_from(
    ["hamm", "hagen", "Hamm", "", "\0", "monat", "jahr", "stunde", "einstieg", "erfahren", "spezialist"]
)
VALUES = AMOUNTS | WORDS | st.text(max_size=30)
QUERIES = st.lists(st.tuples(st.sampled_from(FIELDS) | st.text(max_size=8), VALUES), max_size=12)


@pytest.mark.slow
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
@example([("stadt", "hamm"), ("betrag", "9" * 40), ("bis", "9" * 40), ("einheit", "jahr")])
@example([("stadt", "hamm"), ("stadt", "\0"), ("betrag", "3000"), ("betrag", "4000")])
@example([("stadt", "hamm"), ("betrag", "0,01"), ("einheit", "stunde"), ("stunden", "1"), ("vollzeit", "48")])
def test_no_address_breaks_it(query):
    text = urlencode(query, errors="surrogatepass")
    assert StrictClient().generic("GET", "/gehalt/", QUERY_STRING=text).status_code == 200


@pytest.mark.slow
@hypothesis_settings(max_examples=30)
@given(st.binary(max_size=60))
def test_no_bytes_break_it(raw):
    text = "stadt=hamm&betrag=" + "".join(f"%{byte:02x}" for byte in raw)
    assert StrictClient().generic("GET", "/gehalt/", QUERY_STRING=text).status_code == 200
