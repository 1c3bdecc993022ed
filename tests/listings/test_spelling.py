"""Typing errors: which word of the ads somebody meant, and what is never taken for an error."""

from copy import deepcopy
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from listings.models import Word, WordVariant
from listings.search import spelling
from listings.search.query import understand
from listings.search.spelling import distance, words_of
from tests.make import GELSENKIRCHEN, OBERHAUSEN, make_employer, make_vacancy

pytestmark = pytest.mark.django_db

TASKS = """Sie führen Protokoll, planen Releases und begleiten die Einführung von Microsoft Teams.
Homeoffice geht an zwei Tagen in der Woche, fast alles remote. Wir entwickeln Software in agilen Teams mit Scrum und Kanban.
Überwachung von Terminen, Budget und Risiken; Dokumentation in Confluence."""


def make_ads():
    employer = make_employer("Hasewerk GmbH")
    return [
        make_vacancy(employer, open=True, title="Projektkoordinator (m/w/d) für IT", tasks=TASKS, skills="Jira, Scrum"),
        make_vacancy(employer, open=True, title="Koordination im PMO (m/w/d)", place_id=GELSENKIRCHEN, skills="Jira"),
        make_vacancy(employer, open=True, title="Projektassistenz (m/w/d)", skills="ERP, Zeiterfassung"),
        make_vacancy(employer, title="Leitung Vertrieb (m/w/d)", tasks="Akquise beim Zitronenfalter."),
    ]


@pytest.fixture(scope="module", autouse=True)
def stored(build_once):
    return build_once(make_ads)


@pytest.fixture
def ads(stored):
    return deepcopy(stored)


CORRECTED = [  # typed, searched instead
    ("Projektkordinator", "Projektkoordinator"),
    ("projektkordinatorin", "Projektkoordinator"),
    ("Projektkordinatorinnen", "Projektkoordinator"),
    ("Projketkoordinator", "Projektkoordinator"),
    ("Projektkoordinnator", "Projektkoordinator"),
    ("Projektkooridnator", "Projektkoordinator"),
    ("Projektasisstenz", "Projektassistenz"),
    ("Sofwareprojekt", "Softwareprojekt"),
    ("Confluense", "Confluence"),
    ("Scurm", "Scrum"),
    ("Kanbam", "Kanban"),
    ("Jria", "Jira"),
    ("Dokumentaton", "Dokumentation"),
    ("Uberwachnug", "Überwachung"),
    ("Zeiterfasung", "Zeiterfassung"),
    ("Protokol", "Protokoll"),
    ("Softwarre", "Software"),
    ("Volzeit", "Vollzeit"),
]


@pytest.mark.parametrize("text_and_meant", CORRECTED, ids=lambda pair: pair[0])
def test_a_typing_error_is_corrected(ads, text_and_meant):
    typed, meant = text_and_meant
    found = understand(typed)
    assert [(one, other.casefold()) for one, other in found.corrected] == [(typed, meant.casefold())]
    assert (found.dropped, found.unknown) == ((), ())
    assert found.terms


def test_several_at_once(ads):
    found = understand("Jria Confluense Protokol Shcrum")
    assert [other for _, other in found.corrected] == ["Jira", "Confluence", "Protokoll", "Scrum"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["fuhrung", "fuehrung", "uberwachung", "Ueberwachung", "ÜBERWACHUNG", "Führung",
     "coordinator", "Projectcoordinator", "Projektkoordinator:innen", "remoet"],
)  # fmt: skip
def test_what_comes_to_the_same_roots_needs_no_correction(ads, text):
    found = understand(text)
    assert (found.corrected, found.dropped, found.unknown) == ((), (), ())


@pytest.mark.parametrize(
    "text", ["Koordi nator", "Confl uence", "projekt koordinator", "Projekt-Koordinator", "home office", "Micro soft"]
)
def test_words_that_fell_apart_are_put_together(ads, text):
    found = understand(text)
    assert found.dropped == ()
    assert found.unknown == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["Zahnarzt", "Lehrer", "Fahrer", "Koch", "Verkäufer", "SAP", "ABC", "xyz", "2027", "Jira2", "A4711", "Bohmte",
     "Quantenphysik", "PRINCE2", "Azubi"],
)  # fmt: skip
def test_what_is_right_short_or_a_number_is_never_corrected(ads, text):
    found = understand(f"Jira {text}", with_place=False)
    assert found.corrected == ()
    assert "Jira" in [term.text for term in found.terms]


def test_the_same_error_is_told_once(ads):
    assert understand("Jria Jria Konfluence").corrected.count(("Jria", "Jira")) == 1


def test_exactly_means_uncorrected(ads):
    found = understand("Projektkordinator", exact=True)
    assert found.corrected == ()
    assert [term.text for term in found.terms] == ["Projektkordinator"]


def test_words_of_drafts_are_never_proposed(ads):
    assert Word.objects.filter(pk="zitronenfalter").exists()
    found = understand("Zitronenfaltr")
    assert found.corrected == ()
    assert found.unknown == ("Zitronenfaltr",)


def test_of_equally_near_words_what_most_ads_use_is_meant(ads, employer):
    for title in ("Koordination Tarife (m/w/d)", "Koordination Tarife (m/w/d)", "Koordination Karife (m/w/d)"):
        make_vacancy(employer, open=True, title=title)
    assert understand("Sarife").corrected == (("Sarife", "Tarife"),)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "town", "left"),
    [
        ("PMO Gelsenkichen", GELSENKIRCHEN, ["PMO"]),
        ("PMO Gelsenkirchn", GELSENKIRCHEN, ["PMO"]),
        ("Gelsenkirchener PMO", GELSENKIRCHEN, ["PMO"]),
        ("Jira Oberhause", OBERHAUSEN, ["Jira"]),
        ("Jira Oberhausn", OBERHAUSEN, ["Jira"]),
        ("Jira in Osnabrük", 2856883, ["Jira"]),
        ("Jira Dortmnud", 2935517, ["Jira"]),
        ("Jira Bad Oynhausen", 2953386, ["Jira"]),
    ],
)
def test_a_misspelled_town_is_found(ads, text, town, left):
    found = understand(text)
    assert found.place is not None
    assert found.place.pk == town
    assert [term.text for term in found.terms] == left
    assert found.dropped == ()


def test_no_town_is_made_of_a_word_where_one_was_chosen(ads):
    assert understand("Jira Dortmnud", with_place=False).corrected == ()


def test_what_is_asked_of_the_database(ads, django_assert_num_queries):
    understand("warm")
    with django_assert_num_queries(3):
        understand("Projektkoordinator Jira Gelsenkirchen")
    with django_assert_num_queries(5):
        understand("Projektkordinator Jira")
    with django_assert_num_queries(4):
        understand("Projektkoordinator 2027")


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("jira", "jira", 0), ("jria", "jira", 1), ("jra", "jira", 1), ("jirra", "jira", 1), ("jara", "jira", 1),
     ("projket", "projekt", 1), ("kordinatro", "koordinator", 2), ("abcd", "efgh", 3), ("", "ab", 2)],
)  # fmt: skip
def test_errors_are_letters_left_out_added_mistaken_or_swapped(one, other, errors):
    assert distance(one, other, 2) == errors
    assert distance(other, one, 2) == errors


@given(word=st.text("bcdfg", min_size=6, max_size=14), data=st.data())
def test_any_two_errors_are_found(word, data):
    spelling.learn([word])
    typed = word
    for _ in range(2):
        at = data.draw(st.integers(0, len(typed) - 1))
        letter = data.draw(st.sampled_from("bcdfg"))
        kind = data.draw(st.sampled_from(["without", "more", "other"]))
        typed = typed[:at] + {"without": "", "more": letter + typed[at], "other": letter}[kind] + typed[at + 1 :]
    if len(typed) >= spelling.TWO_ERRORS_FROM:
        assert word in [each.folded for each in spelling.near([typed])[typed]]


def test_words_are_learnt_once_and_forgotten_when_no_ad_uses_them(ads, django_assert_num_queries):
    stored = Word.objects.count(), WordVariant.objects.count()
    spelling.learn([TASKS])
    assert stored == (Word.objects.count(), WordVariant.objects.count())
    assert spelling.rebuild(["Nur Protokolle sind noch da."]) > 0
    left = set(Word.objects.values_list("pk", flat=True))
    assert "protokolle" in left
    assert "zitronenfalter" not in left
    assert not WordVariant.objects.filter(start="zitrone").exists()


def test_what_ads_say_by_other_means_than_sentences_is_not_forgotten(stored):
    employer = make_employer("Emswerk GmbH", sector="Glasverarbeitung")
    make_vacancy(employer, open=True, facts=["logistik"], tariff="Haustarif")
    call_command("reindex", all=True, stdout=StringIO())
    left = set(Word.objects.values_list("pk", flat=True))
    assert {"glasverarbeitung", "haustarif", "niedersachsen", "logistik"} <= left


def test_a_word_that_is_learnt_while_others_are_forgotten_stays(ads, employer):
    def texts():
        yield "Nur Protokolle sind noch da."
        make_vacancy(employer, open=True, tasks="Akquise beim Nachtfalter.")

    spelling.rebuild(texts())
    assert Word.objects.filter(pk="nachtfalter").exists()


def test_what_another_process_has_forgotten_is_learnt_again(ads, employer, monkeypatch):
    here = spelling._stored.copy()
    monkeypatch.setattr(spelling, "_stored", type(here)())  # as in a process that has just begun
    spelling.rebuild(["Nur Protokolle sind noch da."])
    monkeypatch.setattr(spelling, "_stored", here | {"zitronenfalter": None})
    make_vacancy(employer, open=True, tasks="Akquise beim Zitronenfalter.")
    assert understand("Zitronenfaltr").corrected == (("Zitronenfaltr", "Zitronenfalter"),)


@given(text=st.text())
def test_any_text_has_words(text):
    for folded, shown in words_of(text).items():
        assert folded.isascii()
        assert 3 <= len(folded) <= 30
        assert len(shown) <= 40
