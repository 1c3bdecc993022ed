"""The concepts of the file: no idea swallows another, and each fact of the city pages is one."""

import tomllib
from functools import cache

import pytest

from jobboard import german
from jobboard.phrases import Phrases, shape
from listings.models import Concept
from listings.search.concepts import Concepts, Idea
from profiles.reference import FIXTURES

ENTRIES = tomllib.loads((FIXTURES / "search" / "concepts.toml").read_text(encoding="utf-8"))["concepts"]
FACTS = tomllib.loads((FIXTURES / "facts.toml").read_text(encoding="utf-8"))["facts"]
LINES = {entry["key"]: entry["wordings"].strip().splitlines() for entry in ENTRIES}
TYPED = {entry["key"]: entry.get("typed", "").strip().splitlines() for entry in ENTRIES}
KEYS = list(LINES)


@cache
def known():
    return Concepts([Idea(pk, key, tuple(LINES[key]), typed=tuple(TYPED[key])) for pk, key in enumerate(KEYS, 1)])


def keys_of(text):
    return [KEYS[match.key - 1] for match in known().find(text, german.analyse(text))]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("PL Hamm", "projektleitung"), ("PO", "product-owner"), ("nur Lebenslauf", "ohne-anschreiben"),
     ("deutschlandweit", "ortsunabhaengig"), ("halbe Stelle", "teilzeit"), ("20 Std.", "teilzeit")],
)  # fmt: skip
def test_short_forms_and_wishes_are_understood_of_who_types_them(typed, key):
    assert KEYS[known().terms(typed, german.analyse(typed))[0].concept - 1] == key
    assert key not in keys_of(typed)


def test_there_are_enough_of_them_and_each_has_its_own_key():
    assert len(ENTRIES) == len(KEYS) > 100


def test_no_two_concepts_share_a_wording():
    phrases = Phrases({number: LINES[key] + TYPED[key] for number, key in enumerate(KEYS)})
    assert {each.roots: [KEYS[key] for key in keys] for each, keys in phrases.shapes.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])
def test_each_concept_is_found_by_each_of_its_wordings(entry):
    Concept(name=entry["name"], wordings=entry["wordings"], key=entry["key"]).full_clean(
        validate_unique=False, validate_constraints=False
    )
    assert set(entry.get("related", [])) <= set(KEYS) - {entry["key"]}
    for line in LINES[entry["key"]]:
        assert shape(line), line
        before, after = ("Arbeiten ", " Hamm") if shape(line).before else ("", "")
        assert keys_of(f"{before}{line}{after}")[-1:] == [entry["key"]], line


@pytest.mark.parametrize("key", [key for key in KEYS if TYPED[key]])
def test_words_that_mean_it_in_a_query_alone_are_found_in_no_ad(key):
    for line in TYPED[key]:
        (term,) = known().terms(line, german.analyse(line))
        assert (KEYS[term.concept - 1], term.is_said) == (key, False), line
        assert key not in keys_of(line), line


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["slug"])
def test_the_name_of_each_fact_is_understood(fact):
    assert keys_of(fact["name"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stadtwerke", "Energieversorger"), ("Change Management", "Change Request"), ("SAP", "SAP S/4HANA"),
        ("PMO", "Projektassistenz"), ("Projektleitung", "Teilprojektleitung"), ("Scrum", "Scrum Master"),
        ("unbefristet", "befristet"), ("Quereinstieg", "Berufseinstieg"), ("Remote-Support", "Remote"),
        ("Einführung in das System", "Einführung des Systems"), ("Datenbank", "Bank"), ("TVöD", "TV-L"),
        ("Lastenheft", "Pflichtenheft"), ("Hochschule", "Schule"), ("MS Project", "MS Office"),
        ("Stadtwerke Hamm", "Hamm"), ("Vollzeit", "Teilzeit"), ("MS Teams", "Team"), ("Cloud", "Azure"),
        ("Homeoffice", "100 % remote"), ("Teilzeit", "mit je einer halben Stelle"), ("Teilzeit", "in 30 Stunden"),
    ],
)  # fmt: skip
def test_what_differs_is_kept_apart(one, other):
    assert set(keys_of(one)).isdisjoint(keys_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Projektkoordination", "IT Project Coordinator"), ("PMO", "Projektbüro"), ("Homeoffice", "mobiles Arbeiten"),
        ("Homeoffice", "Telearbeit"), ("Homeoffice", "von zu Hause"), ("Teilzeit", "halbtags"), ("Gehalt", "Lohn"),
        ("unbefristet", "Festanstellung"), ("Berufseinsteiger", "Junior"), ("Krankenhaus", "Klinikum"),
        ("öffentlicher Dienst", "Behörde"), ("Jobrad", "Fahrradleasing"), ("DSGVO", "Datenschutz"),
        ("Office 365", "M365"), ("Requirements Engineering", "Anforderungsmanagement"),
        ("Jobticket", "Deutschlandticket"), ("Berichtswesen", "Reporting"), ("Terminplanung", "Zeitplanung"),
        ("S/4HANA", "S4 Hana"), ("Change Management", "Veränderungsmanagement"), ("Hochschule", "Universität"),
        ("PMO", "PM Office"), ("E-Akte", "elektronische Akte"), ("Teilzeit", "30 Wochenstunden"), ("BPMN", "BPMN 2.0"),
        ("ortsunabhängig", "100% Remote"), ("NRW", "Nordrhein-Westfalen"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_one(one, other):
    assert keys_of(one) == keys_of(other)
    assert len(keys_of(one)) == 1
