"""Wordings in natural German: where a text uses one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobboard.german import analyse
from jobboard.phrases import Phrases, shape


def found(wordings, text, *, longest=False):
    phrases = Phrases({number: [line] for number, line in enumerate(wordings)})
    tokens = analyse(text)
    matches = phrases.find_longest(text, tokens) if longest else phrases.find(text, tokens)
    return [text[tokens[match.start].start : tokens[match.end - 1].end] for match in matches]


@pytest.mark.parametrize(
    ("wording", "text", "is_there"),
    [
        ("Gleitzeit", "Wir bieten Gleitzeit.", True),
        ("Gleitzeit", "Wir bieten GLEITZEIT", True),
        ("Business Central", "Dynamics 365 Business Central", True),
        ("Business Central", "Business-Central", True),
        ("Business Central", "Central Business", False),
        ("Business Central", "Business ganz Central", False),
        ("Business Central", "Es geht ums Business. Central ist das nicht.", False),
        ("Business Central", "- Business\n- Central", False),
        ("Business Central", "Business\n\nCentral", False),
        ("Business Central", "Business\nCentral", True),
        ("von zu Hause", "Arbeiten Sie von zu Hause.", True),
        ("von zu Hause", "Arbeiten Sie Von zu Hause.", True),
        ("von zu Hause", "Sie sind zu Hause in Hamm.", False),
        ("von zu Hause", "Hause", False),
        ("Verantwortung von Anfang an", "Verantwortung gleich von Anfang an", True),
        ("Verantwortung von Anfang an", "Verantwortung gleich vom Anfang her", False),
        ("Verständnis für Technik", "Verständnis für moderne Technik", True),
        ("Verständnis für Technik", "Verständnis, das wir oft und gern suchen: Technik", False),
        ("Leitung von Projekten", "Leitung von IT-Projekten", True),
        ("Leitung von Projekten", "Leitung Projektbüro", False),
        ("Homeoffice", "Homeofficetage", True),
        ("SAP ERP", "SAP-ERP-Einführung", True),
        ("und", "und", False),
        ("", "irgendetwas", False),
        ("\0", "\0", False),
    ],
)
def test_a_wording_finds_the_same_roots_in_the_same_order(wording, text, is_there):
    assert bool(found([wording], text)) is is_there


def test_a_wording_within_another_is_found_too_unless_the_longest_is_asked_for():
    wordings = ["Change", "Change Management", "Management Board"]
    text = "Change Management Board, Change"
    assert found(wordings, text) == ["Change", "Change Management", "Management Board", "Change"]
    assert found(wordings, text, longest=True) == ["Change Management", "Change"]


def test_a_longer_wording_wins_over_one_that_begins_earlier():
    assert found(["Microsoft Power", "Power Automate Desktop"], "Microsoft Power Automate Desktop", longest=True) == [
        "Power Automate Desktop"
    ]


def test_two_keys_may_share_a_wording():
    phrases = Phrases({1: ["SAP"], 2: ["SAP", "Navision"]})
    assert {match.key for match in phrases.find("SAP", analyse("SAP"))} == {1, 2}


def test_wordings_of_one_shape_are_one():
    assert shape("Home-Office") == shape("home office")
    assert shape("zu Hause") != shape("Hause")
    assert shape("von der") is None


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=6))
def test_no_text_and_no_wording_breaks_it(text, wordings):
    for each in (text, " ".join([text, *wordings])):
        assert len(found(wordings, each, longest=True)) <= len(found(wordings, each))
