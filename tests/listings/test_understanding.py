"""What a query means: its terms, the town in it, what is corrected and what is left out."""

from copy import deepcopy

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from listings.models import Concept
from listings.search.query import MOST_TERMS, understand
from listings.search.towns import find_towns
from profiles.models import Land
from tests.make import HAMM, OSNABRUECK, make_employer, make_vacancy

pytestmark = pytest.mark.django_db


def make_ads():
    employer = make_employer("Hasewerk GmbH")
    return [
        make_vacancy(
            employer,
            open=True,
            title="Projektkoordinatorin für IT-Projekte (m/w/d)",
            tasks="Sie führen das Protokoll und planen Releases. Remote sind zwei Tage möglich.",
            profile="Erfahrung mit ERP, Jira und Windows 11. Sie sind in der Lage, zuzuhören.",
        ),
        make_vacancy(employer, open=True, title="Teilprojektleitung ERP", tasks="Überwachung der Termine."),
    ]


@pytest.fixture(scope="module", autouse=True)
def stored(build_once):
    return build_once(make_ads)


@pytest.fixture
def ads(stored):
    return deepcopy(stored)


def texts(understood) -> list[str]:
    return [term.text for term in understood.terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Jira", ["Jira"]),
        ("IT Jira", ["Jira"]),
        ("IT", ["IT"]),
        ("Jira jira JIRA", ["Jira"]),
        ("jira und ERP", ["jira", "ERP"]),
        ('"Jira" -ERP', ["Jira", "ERP"]),
        ("(Jira OR ERP*)", ["Jira", "ERP"]),
        ("jira:erp", ["jira", "erp"]),
        ("Stellenangebote Jobs Jira", ["Jira"]),
        ("Stellenangebote", []),
        ("Wo finde ich Jobs mit Jira ab sofort?", ["Jira"]),
        ("Windows 11 ERP, 11", ["Windows 11", "ERP", "11"]),
        ("", []),
        ("und die", []),
        ("🙂 !!!", []),
    ],
)
def test_a_text_becomes_its_terms(ads, text, terms):
    found = understand(text)
    assert texts(found) == terms
    assert found.text == text


def test_a_word_that_no_ad_knows_is_left_out_and_told(ads):
    found = understand("Jira Zahnarzt")
    assert texts(found) == ["Jira"]
    assert found.dropped == ("Zahnarzt",)


def test_a_word_that_every_ad_could_say_is_left_out_without_a_word(ads):
    found = understand("IT Jobs")
    assert (texts(found), found.dropped) == (["IT"], ())


def test_where_nothing_would_be_left_the_words_stay_and_find_nothing(ads):
    found = understand("Zahnarzt")
    assert texts(found) == ["Zahnarzt"]
    assert found.dropped == ()
    assert found.unknown == ("Zahnarzt",)


def test_a_single_term_knows_its_words(ads):
    whole = "Release Termine"
    Concept.objects.create(name="Terminplan", wordings=whole)
    found = understand(whole)
    assert texts(found) == [whole]
    assert [part.text for part in found.parts] == ["Release", "Termine"]
    concept = found.terms[0].options[0]
    assert all(part.options[0] == concept for part in found.parts)  # an ad that speaks of it holds each
    assert [part.text for part in understand("Terminüberwachung Hamm").parts] == ["Termin", "überwachung"]
    assert understand("Terminüberwachung Jira").parts == understand("Jira").parts == understand("IT Jira").parts == ()
    assert understand("Terminprotokollwal").parts == ()  # a "Werkstudent" has nothing to do with a "Werk"
    assert understand("Terminprotokollwal").unknown == ("Terminprotokollwal",)


def test_a_draft_teaches_nothing(ads, employer):
    make_vacancy(employer, tasks="Das geheime Vorhaben Zitronenfalter.")
    assert understand("Jira Zitronenfalter").dropped == ("Zitronenfalter",)


def test_exactly_as_typed_means_as_typed(ads):
    found = understand("IT Jira Zahnarzt Hamm", exact=True)
    assert texts(found) == ["Jira", "Zahnarzt", "Hamm"]
    assert (found.place, found.dropped, found.rest) == (None, (), "IT Jira Zahnarzt Hamm")


def test_too_many_words_are_left_out_and_told(ads):
    words = ["planen", "Jira", "ERP", "Protokoll", "Releases", "Remote", "Tage", "Erfahrung", "Termine", "Projekte"]
    words += ["Überwachung", "möglich", "führen", "zwei", "zuzuhören"]
    found = understand(" ".join(words))
    assert len(found.terms) == MOST_TERMS
    assert found.beyond == tuple(words[-len(found.beyond) :])


TOWNS = [  # query, town, its Land, what is left of the text
    ("PMO Hamm", "Hamm", "NW", "PMO"),
    ("hamm", "Hamm", "NW", ""),
    ("projektleiter in bad oeynhausen", "Bad Oeynhausen", "NW", "projektleiter"),
    ("Hagen Westfalen Jira", "Hagen", "NW", "Jira"),
    ("Hagen oder Hamm", "Hagen", "NW", ""),
    ("Jobs in Hagen", "Hagen", "NW", ""),
    ("Zahnarzt Hagen", "Hagen", "NW", "Zahnarzt"),
    ("Hagen Niedersachsen", "Hagen am Teutoburger Wald", "NI", ""),
    ("Hagen in Niedersachsen", "Hagen am Teutoburger Wald", "NI", ""),
    ("PMO Hamm NRW", "Hamm", "NW", "PMO"),
    ("PMO Hamm (Sieg)", "Hamm (Sieg)", "RP", "PMO"),
    ("PMO 59065", "Hamm", "NW", "PMO"),
    ("PMO 59065 Hamm", "Hamm", "NW", "PMO"),
    ("Koordinator Raum Osnabrück", "Osnabrück", "NI", "Koordinator"),
    ("Osnabrück und Umgebung", "Osnabrück", "NI", ""),
    ("OSNABRUECK Jira", "Osnabrück", "NI", "Jira"),
    ("Jira Osnabru\u0308ck", "Osnabrück", "NI", "Jira"),
    ("Jira, Frankfurt am Main", "Frankfurt am Main", "HE", "Jira"),
    ("Jira Frankfurt", "Frankfurt am Main", "HE", "Jira"),
    ("Jira Frankfurt/Main", "Frankfurt am Main", "HE", "Jira"),
    ("Jira Frankfurt a. M.", "Frankfurt am Main", "HE", "Jira"),
    ("Jira Hagen am Teutoburger Wald", "Hagen am Teutoburger Wald", "NI", "Jira"),
    ("Jira Hagen a.T.W.", "Hagen am Teutoburger Wald", "NI", "Jira"),
    ("Jira Hagen", "Hagen", "NW", "Jira"),
    ("Frankfurt Oder Jira", "Frankfurt (Oder)", "BB", "Jira"),
    ("Neustadt an der Weinstraße", "Neustadt an der Weinstraße", "RP", ""),
    ("Neustadt Holstein", "Neustadt in Holstein", "SH", ""),
    ("Halle Saale", "Halle (Saale)", "ST", ""),
    ("Halle Westfalen", "Halle", "NW", ""),
    ("Jira Rheda-Wiedenbrück", "Rheda-Wiedenbrück", "NW", "Jira"),
    ("Jira Essen", "Essen", "NW", "Jira"),
    ("Jira Lage", "Lage", "NW", "Jira"),
    ("Jira Köln", "Köln", "NW", "Jira"),
    ("Jira in der Nähe von Hagen", "Hagen", "NW", "Jira"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("text", "name", "land", "rest"), TOWNS)
def test_a_town_in_the_text_becomes_the_place(ads, text, name, land, rest):
    found = understand(text)
    assert found.place is not None
    assert (found.place.name, found.place.land, found.rest) == (name, Land[land], rest)
    assert all(term.text in rest for term in found.terms)


@pytest.mark.parametrize(
    "text",
    ["Stelle", "IT Stelle", "Wissen Management", "Lehre", "planen", "Projekt Jira", "Nutzen", "Bad"],
)
def test_words_that_are_towns_too_stay_words(ads, text):
    assert understand(text).place is None


@pytest.mark.parametrize(("text", "name"), [("Jira in Lehre", "Lehre"), ("Raum Wissen", "Wissen")])
def test_but_where_the_text_says_so_they_are_towns(ads, text, name):
    assert understand(text).place.name == name


def test_other_towns_of_that_name_are_known(ads):
    found = understand("Hagen")
    assert found.place.name == "Hagen"
    assert "Niedersachsen" in [place.get_land_display() for place in found.also]
    assert [place.name for place in understand("Frankfurt").also] == ["Frankfurt (Oder)"]


def test_who_names_two_towns_means_either(ads):
    found = understand("Jira Hamm oder Osnabrück")
    assert found.place.pk == HAMM
    assert [place.pk for place in found.further] == [OSNABRUECK]
    assert texts(found) == ["Jira"]


def test_no_town_is_taken_out_where_one_was_chosen(ads):
    found = understand("Jira Osnabrück", with_place=False)
    assert found.place is None
    assert texts(found) == ["Jira", "Osnabrück"]


def test_towns_are_asked_for_at_once(ads, django_assert_num_queries):
    with django_assert_num_queries(1):
        find_towns(
            "Projektleiter in Bad Oeynhausen oder Frankfurt am Main, gern auch Hamm Westfalen, Neustadt Holstein"
        )


@pytest.mark.parametrize(
    ("text", "km", "rest"),
    [
        ("Jira Hamm 25 km", 25, "Jira"),
        ("Jira Hamm +30km", 50, "Jira"),
        ("Jira Hamm (5 Kilometer)", 10, "Jira"),
        ("Hamm umkreis 50 Jira", 50, "Jira"),
        ("Jira im Umkreis von ca. 10 km um Hamm", 10, "Jira"),
        ("Jira Hamm und 20 km Umkreis", 25, "Jira"),
        ("Jira in einem 400-km-Radius um 59065 Hamm", 100, "Jira"),
        ("Jira Hamm 0 km", 0, "Jira"),
        ("Jira umkreis 59065", None, "Jira"),
        ("Jira Hamm 30 km/h", None, "Jira 30 km/h"),
        ("Jira 30 Hamm", None, "Jira 30"),
    ],
)
def test_a_distance_in_the_text_is_how_far_around_the_town(ads, text, km, rest):
    found = understand(text)
    assert (found.distance and found.distance.km, found.rest, found.place.pk) == (km, rest, HAMM)
    assert "Jira" in texts(found)


def test_a_distance_around_nothing_says_nothing(ads):
    found = understand("Jira, 50 km ERP")
    assert (found.place, texts(found), found.dropped) == (None, ["Jira", "ERP"], ())
    assert understand("50 km").terms == ()
    assert understand("Jira 50 km", exact=True).distance is None


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("Jira ohne Zahnarzt", ["ohne Zahnarzt"]),
        ("kein Protokoll Jira", ["kein Protokoll"]),
        ("Jira ab 5.000 Euro", ["ab 5.000 Euro"]),
        ("Jira 4500€ brutto", ["4500€ brutto"]),
        ("60k Jira", ["60k"]),
        ("Jira Hamm 30 km ohne ERP", ["ohne ERP"]),
    ],
)
def test_what_is_unwanted_and_amounts_are_left_out_and_told(ads, text, aside):
    found = understand(text)
    assert (texts(found), list(found.aside), found.dropped) == (["Jira"], aside, ())
    assert understand(text, exact=True).aside == ()


def test_but_not_where_they_are_an_idea(ads):
    for text in ("ohne Berufserfahrung", "450 Euro Job", "ohne Anschreiben"):
        found = understand(text)
        assert (texts(found), found.aside) == ([text], ())


STRANGE = st.text() | st.text(alphabet="\0\ud800\udfff\u0301\u0308aäAE -()'\"*%_:.#5", max_size=200)


@given(text=STRANGE)
def test_any_text_is_understood(text):
    found = understand(text)
    assert found.text == text
    assert len(found.terms) <= MOST_TERMS
    for town in find_towns(text):
        assert 0 <= town.start < town.end <= len(text)
    understand(text, exact=True)


def test_what_is_longest_and_strangest_is_understood(ads):
    for text in ["a" + "\u0301" * 200, "\0" * 200, "\ud83d" * 200, "Hamm " * 40, "1 " * 100, "' OR 1=1 --", "ǅ" * 100]:
        understand(text)
    assert connection.connection is not None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Jira Oberhausn", "Jira"),
        ("Oberhausn", ""),
        ("Jira in Gelsenkirhcen Protokol", "Jira Protokol"),
        ("Protokol, Gelsenkirhcen", "Protokol"),
    ],
)
def test_a_town_is_gone_from_the_rest_with_its_typing_error(ads, text, rest):
    found = understand(text)
    assert found.place
    assert found.rest == rest
