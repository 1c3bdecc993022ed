"""The notation of the word lists: what each sign finds, and where a sentence says that it does not want it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobboard.wording import find, is_denied, is_telling, pattern


def found(wording, text, exceptions="", **options):
    return [match.group() for match in find(wording, exceptions, text, **options)]


@pytest.mark.parametrize(
    ("wording", "text", "words"),
    [
        ("Foto", "Das Foto, bitte.", ["Foto"]),
        ("Foto", "Fotos und Fotovoltaik", []),
        ("Foto~", "zwei Fotos", ["Fotos"]),
        (
            "jung~",
            "junge, junges, jungem, jungen, junger Mann, Jungheinrich",
            ["junge", "junges", "jungem", "jungen", "junger"],
        ),
        ("bisherige~", "bisheriger bisheriges bisherigem", ["bisheriger", "bisheriges", "bisherigem"]),
        ("Foto*", "Fotovoltaik", ["Fotovoltaik"]),
        ("Foto*app", "Fotobuchapp", ["Fotobuchapp"]),
        ("*leiter", "Projektleiter und Leitersprosse", ["Projektleiter"]),
        ("*leiter", "IT-Leiter", ["Leiter"]),
        ("*element", "Bauelement", ["Bauelement"]),
        ("Bau", "U\u0308berbau, u\u0308bau", []),
        ("Bewerber", "Bewerber:innen, Bewerber*in, Bewerber/-in, Bewerber(in), Bewerber (m/w/d)", []),
        ("Bewerber*", "Bewerber:innen", ["Bewerber:innen"]),
        ("jung~ … Team", "junges, dynamisches Team", ["junges, dynamisches Team"]),
        ("jung~ … Team", "junge Firma. Ein Team", []),
        ("jung~ … Team", "junge eins zwei drei vier Team", []),
        ("jung~ … Team", "junges\n\nTeam", []),
        ("jung~ ... Team", "junges Team", ["junges Team"]),
        ("Digital Native", "Digital-Native", ["Digital-Native"]),
        ("Gehalt|Lohn hoch", "Lohn hoch, Gehalt hoch", ["Lohn hoch", "Gehalt hoch"]),
        ("bis ## Jahre", "bis 35 Jahre, bis 5 Jahre", ["bis 35 Jahre"]),
        ("##-## Jahre", "25–35 Jahre", ["25–35 Jahre"]),
        ("Größe", "Groesse, GRÖSSE, Gro\u0308ße", ["Groesse", "GRÖSSE", "Gro\u0308ße"]),
        ("c++ (neu)", "C++ (neu) und c", ["C++ (neu)"]),
        ("", "irgendetwas", []),
        ("a\n*\n…", "a b c", []),
    ],
)
def test_each_sign_finds_what_it_says(wording, text, words):
    assert found(wording, text) == words


def test_an_exception_spares_what_it_overlaps():
    assert found("Foto", "Foto-App und Foto", exceptions="Foto-App") == ["Foto"]


@pytest.mark.parametrize(
    "text",
    ["ohne Foto", "kein Foto", "Ein Foto brauchen wir nicht.", "weder Foto noch Siegel", "Auf ein Foto verzichten wir.",
     "Foto, Alter und Namen gehören nicht hinein.", "unabhängig von Alter, Foto und Herkunft", "Foto unnötig"],
)  # fmt: skip
def test_a_denial_is_understood(text):
    start = text.index("Foto")
    assert is_denied(text, start, start + 4)
    assert found("Foto", text) == ["Foto"]
    assert not found("Foto", text, unless_denied=True)


@pytest.mark.parametrize(
    "text",
    ["Bitte ein Foto.", "Nicht ohne Grund: Foto beilegen", "Vergessen Sie das Foto nicht.", "Foto, nicht nur Lebenslauf",
     "Ohne Umschweife, Foto bitte", "Das Foto darf nicht fehlen.", "Kein Anschreiben. Foto bitte.",
     "Bitte nicht nur ein Foto", "Ohne Foto geht hier nichts."],
)  # fmt: skip
def test_a_request_is_not_taken_for_a_denial(text):
    start = text.index("Foto")
    assert not is_denied(text, start, start + 4)


@pytest.mark.parametrize(
    ("line", "telling"),
    [("Foto", True), ("er sie", True), ("ab", False), ("a|Foto", False), ("*", False), ("… ~", False), ("## Ja", True)],
)
def test_a_line_must_say_something(line, telling):
    assert is_telling(line) is telling


@pytest.mark.parametrize("wording", ["*a*a*a*b", "a … a … a … b", "a~ a~ a~ a~ b", "*a … *a … *b"])
def test_no_wording_tries_without_end(wording):
    # A pattern that tries every way to split this text would never come back.
    assert found(wording, "a" * 4000 + " a" * 2000) == []


SAID = {  # what is written in a list: how a text may say it
    "a": ["a", "A"], "ä": ["ä", "ae", "Ä", "a\u0308"], "e": ["e"], "ß": ["ß", "ss"], "st": ["st", "ST"], "t": ["t"],
    "~": ["", "e", "en"], "*": ["", "e", "ta"], "#": ["0", "7"], "-": ["-", "–"], " ": [" ", "\n", "-", ", "], "+": ["+"],
    " … ": [" ", " ta ße "], ".": ["."], "|tt": [""], "ta|": [""],
}  # fmt: skip


_pair = st.sampled_from([(sign, text) for sign, texts in SAID.items() for text in texts])


def test_a_bar_that_stands_alone_is_passed_over():
    assert found("Foto | Lichtbild", "mit Foto, Lichtbild") == ["Foto, Lichtbild"]


@given(st.lists(_pair, min_size=2, max_size=8))
@settings(max_examples=200)
def test_asking_for_the_letters_first_loses_nothing(pairs):
    wording, text = ("".join(each) for each in zip(*pairs, strict=True))
    wanted = pattern(wording)
    assert found(wording, text) == [match.group() for match in (wanted.finditer(text) if wanted else [])]
