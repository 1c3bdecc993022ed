"""Towns and terms suggested while somebody types: which, in what order, by which queries, how little is said."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from listings.models import Concept
from listings.suggestions import suggest_places, suggest_terms
from profiles.models import Fact, PostalCode
from tests.listings.employer_side import NEW, ad
from tests.make import HAMM, OSNABRUECK

pytestmark = pytest.mark.django_db


def labels(text):
    return [each["label"] for each in suggest_places(text)]


def test_hamm_in_westfalen_comes_first_and_is_told_apart_from_the_others():
    found = suggest_places("Hamm")
    assert found[0] == {"id": HAMM, "name": "Hamm", "label": "Hamm, Nordrhein-Westfalen", "code": ""}
    assert len({each["label"] for each in found}) == len(found) > 3
    assert any(label.startswith("Hamm, Rheinland-Pfalz") for label in labels("hamm"))
    assert "Hamburg" not in labels("Hamm")
    assert "Hamburg" in labels("Ham")  # city and Land: once


def test_a_town_with_a_page_comes_before_larger_ones_but_not_before_the_very_name():
    assert labels("Ham")[:2] == ["Hamm, Nordrhein-Westfalen", "Hamburg"]
    assert labels("Hage")[:2] == ["Hage, Niedersachsen", "Hagen, Nordrhein-Westfalen"]


@pytest.mark.parametrize("text", ["Osnabrü", "osnabrue", "OSNABRU", " osna ", "Osnabrück, Niedersachsen"])
def test_a_town_is_found_however_its_name_begins(text):
    assert suggest_places(text)[0]["id"] == OSNABRUECK


@pytest.mark.parametrize("text", ["49074", "D-49074", "49074 Osnabrück"])
def test_a_postal_code_leads_to_its_town(text):
    code = PostalCode.objects.select_related("place").get(code="49074")
    label = f"49074 {code.place.name}, Niedersachsen"
    assert suggest_places(text) == [{"id": code.place_id, "name": code.place.name, "label": label, "code": "49074"}]


def test_the_beginning_of_a_postal_code_is_enough():
    assert [each["code"][:3] for each in suggest_places("490")] == ["490"] * 8


def test_towns_of_one_name_in_one_land_are_told_apart_by_the_next_larger_town():
    found = [label for label in labels("Neuenkirchen") if label.startswith("Neuenkirchen, Niedersachsen")]
    assert len(found) > 1
    assert all(", bei " in label for label in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("text", ["", "a", "1", "%", "__", "\x00", "'; drop table", "9" * 50, "xyzxyz", "ham*", "💥💥"])
def test_what_means_no_town_suggests_none(text):
    assert suggest_places(text) == [] or text == "ham*"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_answered(text):
    assert len(suggest_places(text)) <= 8


@pytest.mark.parametrize(
    ("text", "most"), [("Hamm", 1), ("Neuenkirchen", 2), ("ha", 1), ("st", 1), ("49", 1), ("Bad", 1)]
)
def test_suggestions_take_one_or_two_queries_and_each_goes_by_an_index(text, most, client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/orte/", {"q": text})
    assert 0 < len(queries) <= most
    # PostgreSQL rightly reads the whole table where two letters are all it knows.
    if connection.vendor == "sqlite" or len(text) > 3:
        assert all(goes_by_an_index(query["sql"]) for query in queries)


def goes_by_an_index(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return not any("SCAN" in row[-1] for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN {sql}")
        return any("Index" in row[0] for row in cursor.fetchall())


def test_the_answer_is_small_cacheable_and_sets_no_cookie(client):
    response = client.get("/orte/", {"q": "Hamm"})
    assert response["Content-Type"] == "application/json"
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert json.loads(response.content)["orte"][0]["id"] == HAMM
    assert "Nordrhein-Westfalen" in response.content.decode()
    assert client.get("/orte/").json() == {"orte": []}
    assert client.post("/orte/").status_code == 405


@pytest.mark.slow
@pytest.mark.parametrize("text", ["Hamm", "Neuenkirchen", "Frankfurt", "Bad", "Hamm (", "Neustadt", "Halle"])
def test_every_suggestion_is_understood_by_the_form(text, client_of, anna, employer):
    client = client_of(anna)
    found = suggest_places(text)
    assert found
    for each in found:
        form = client.post(
            NEW, ad(title="", place_name=each["label"], postal_code="", place_choice=each["id"])
        ).context["form"]
        assert form.instance.place_id == each["id"], each["label"]


@pytest.fixture
def trade():
    """Terms with words that no fact of the cities has."""
    for name in ("Quellmanagement", "Agiles Quellmanagement", "Überfahrt im Quellort", "QLT Q/7HANA", "Heimbüro"):
        Concept.objects.create(name=name, wordings=name)
    Concept.objects.create(name="Quellfachwirt", wordings="Quellfachwirt", active=False)
    Fact.objects.create(slug="qlt", name="QLT Q/7HANA", kind="tool")
    Fact.objects.create(slug="qm", name="Quelldatei", kind="tool")


def test_terms_are_suggested_whose_words_begin_like_what_is_typed(trade):
    for text, found in [
        ("quell", ["Quelldatei", "Quellmanagement", "Agiles Quellmanagement", "Überfahrt im Quellort"]),
        ("QUELLM", ["Quellmanagement", "Agiles Quellmanagement"]),
        ("ueberfah", ["Überfahrt im Quellort"]),
        ("uellm", []),
        ("Q/7", ["QLT Q/7HANA"]),
        (" heimb ", ["Heimbüro"]),
        ("q", []),
        ("", []),
        ("%_", []),
        ("\x00", []),
        ("quell" * 50, []),
    ]:
        assert [each["label"] for each in suggest_terms(text)] == found, text


def test_a_letter_costs_one_query_for_terms_and_the_answer_is_kept_for_a_while(
    trade, client, django_assert_num_queries
):
    with django_assert_num_queries(1):
        response = client.get("/begriffe/", {"q": "qlt"})
    assert response.json() == {"begriffe": [{"label": "QLT Q/7HANA"}]}
    assert "max-age=3600" in response["Cache-Control"]
    assert not response.cookies
    assert client.get("/begriffe/").json() == {"begriffe": []}
    assert client.post("/begriffe/").status_code == 405


@given(st.text(max_size=80))
def test_whatever_term_is_typed_is_answered(text):
    assert len(suggest_terms(text)) <= 8
