"""Evidence: sentences of a German text, the closest one, and the amounts they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles import evidence


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        ("Vorher. Ab 2.800\u00a0€ geht es los. Nachher.", True),
        ("Ab 2.800\u00a0€ geht\nes los.", True),
        ("Ab 2.800 € geht  es los.", True),
        ("Ab **2.800\u00a0€** geht es los.", True),
        ("Ab 2.800\u00a0€ geht\n\nes los.", False),
        ("Ab 2.900\u00a0€ geht es los.", False),
        ("", False),
    ],
)
def test_evidence_is_the_exact_sentence_inside_one_paragraph(body, stated):
    assert evidence.states(body, "Ab 2.800\u00a0€ geht es los.") is stated


def test_empty_evidence_states_nothing():
    assert evidence.states("Irgendetwas.", "  ") is False


@pytest.mark.parametrize(
    "text",
    [
        "Es gibt z. B. SAP und ca. 2.800 € für den Einstieg.| Dann mehr.",
        "U. a. in Hagen, d. h. in Westfalen, i. d. R. im Büro.| Das reicht.",
        "Dr. Meyer sagt das.| Prof. Dr. Schulz nicht.",
        "Im 3. Quartal geht es los.| Am 3. Mai nicht.",
        "Im Jahr 2026.| Danach mehr.",
        "Der Lohn steigt auf 4.200.| Das ist gut.",
        "Es bleibt beim 12.| Danach nicht mehr.",
        "Sie sagt: „Dat kriegen wir hin.“| Und sie tut es.",
        "„Geht das?“, fragt sie.| »Ja!«| Gut.",
        "Wirklich?!| Ja…| Nein.",
        "Die Muster GmbH & Co. KG zahlt.| (Andere nicht.)| Schade.",
        "Lesen, schreiben usw.| Das ist der Alltag.",
        "Es sind 3,5 Tsd. Euro.| 2.800 € sind es selten.",
        "Der ERP-Leiter kommt aus der IT.| Er bleibt.",
    ],
)
def test_sentences_survive_abbreviations_ordinals_amounts_and_quotes(text):
    assert evidence.sentences(text.replace("|", "")) == [part.strip() for part in text.split("|")]


def test_sentences_end_with_their_paragraph_and_hold_no_markdown():
    body = "Ein **fetter**\nSatz. Noch einer\n\n- Punkt eins\n- [Punkt zwei](https://example.org). Mehr."
    assert evidence.sentences(body) == [
        "Ein fetter Satz.",
        "Noch einer",
        "Punkt eins",
        "Punkt zwei.",
        "Mehr.",
    ]


@given(st.text(alphabet="aB1.?!… \n“„(€0,-", max_size=60))
def test_every_sentence_of_any_text_stands_in_it_and_nothing_is_lost(text):
    found = evidence.sentences(text)
    assert all(evidence.states(text, sentence) for sentence in found)
    evidence.euro_amounts(text)
    evidence.ranges(text)


BODIES = {
    "stadt": "Hagen ist hügelig. Die Verwaltung wird digital.",
    "geld": "Zum Einstieg sind es oft 2.900 € bis 3.300 €. Später deutlich mehr.",
}


@pytest.mark.parametrize(
    ("lost", "found"),
    [
        ("Zum Einstieg sind es oft 2.800 € bis 3.300 €.", ("geld", "Zum Einstieg sind es oft 2.900 € bis 3.300 €.")),
        ("Am Einstieg sind es 2.800 € bis 3.300 €.", ("geld", "Zum Einstieg sind es oft 2.900 € bis 3.300 €.")),
        ("Die Verwaltungen werden nun digital.", ("stadt", "Die Verwaltung wird digital.")),
        (
            "Hagen ist hügelig. Die Verwaltung wird digital.",
            ("stadt", "Hagen ist hügelig. Die Verwaltung wird digital."),
        ),
        ("Hagen ist sehr hügelig. Die Verwaltung wird nun digital.", ("stadt", BODIES["stadt"])),
        ("Flexible Arbeitszeiten zählen mindestens ebenso viel.", None),
        ("", None),
    ],
)
def test_the_closest_sentence_is_the_one_that_people_would_point_to(lost, found):
    assert evidence.closest(lost, BODIES) == found


@pytest.mark.parametrize(
    ("text", "ranges", "amounts"),
    [
        ("3.500 € bis 4.200 €", [(3500, 4200)], [3500, 4200]),
        ("3.500–4.200 Euro", [(3500, 4200)], [3500, 4200]),
        ("zwischen 3.500 und 4.200 €", [(3500, 4200)], [3500, 4200]),
        ("zwischen etwa 3.500 € und rund 4.200 €", [(3500, 4200)], [3500, 4200]),
        ("2.800 € bis zu 3.400 €", [(2800, 3400)], [2800, 3400]),
        ("ab 2.800 € bis 3.400 €", [(2800, 3400)], [2800, 3400]),
        ("2.800,- € bis 3.400,- €", [(2800, 3400)], [2800, 3400]),
        ("EUR 3.500 bis 4.200", [(3500, 4200)], [3500, 4200]),
        ("2,8 bis 3,4 Tsd. €", [(2800, 3400)], [2800, 3400]),
        ("42.000 € im Jahr bis 48.000 € im Jahr", [(42000, 48000)], [42000, 48000]),
        ("ab 2.800 €", [(2800, None)], [2800]),
        ("mindestens 2.800 Euro", [(2800, None)], [2800]),
        ("selten weniger als 2.800 €", [(2800, None)], [2800]),
        ("nicht unter 3.000 €", [(3000, None)], [3000]),
        ("3.000 € aufwärts", [(3000, None)], [3000]),
        ("bis zu 4.000 €", [(None, 4000)], [4000]),
        ("nicht mehr als 4.000 €", [(None, 4000)], [4000]),
        ("3500 EUR", [], [3500]),
        ("42.000 € im Jahr", [], [42000]),
        ("2\u202f800\u00a0€", [], [2800]),
        ("40 T€", [], [40000]),
        ("45 bis 55 TEUR", [(45000, 55000)], [45000, 55000]),
        ("in Stufe 3 bis 4.200 €", [(None, 4200)], [4200]),
        ("jenseits der 4.000-Euro-Marke", [], [4000]),
        ("2.800€-3.400€", [(2800, 3400)], [2800, 3400]),
        ("2.800 € brutto bis 3.400 € brutto", [(2800, 3400)], [2800, 3400]),
        ("in 3 bis 5 Jahren 3.000 €", [], [3000]),
        ("3.000 bis 5.000 Beschäftigte, 12.000 Kunden", [], []),
    ],
)
def test_amounts_and_ranges_are_read_as_people_write_them(text, ranges, amounts):
    assert evidence.ranges(text) == ranges
    assert [amount for amount, _, _ in evidence.euro_amounts(text)] == amounts


def test_an_amount_comes_with_its_words_and_its_sentence():
    text = "Vorher. Es sind **2.800\u00a0€** oder mehr. Nachher."
    assert evidence.euro_amounts(text) == [(2800, "2.800\u00a0€", "Es sind 2.800\u00a0€ oder mehr.")]


@pytest.mark.parametrize(
    ("sentence", "low", "high", "period", "gross"),
    [
        ("In der Stufe 1 sind es 3.895,33 € bis 4.912,60 €.", 3895, 4913, "", ""),
        ("Es gibt 2.800 bis 3.400 € und einmal im Jahr Weihnachtsgeld.", 2800, 3400, "month", ""),
        ("Es gibt 2.800 bis 3.400 €, im Jahr also 33.600 bis 40.800 €.", 2800, 3400, "month", ""),
        ("Es gibt 2.800 bis 3.400 €, im Jahr also 33.600 bis 40.800 €.", 33600, 40800, "year", ""),
        ("Es sind 2.800 bis 3.400 €, netto bleiben rund 1.900 €.", 2800, 3400, "", "gross"),
        ("Es sind 42.000 bis 50.000 € inklusive 13. Monatsgehalt.", 42000, 50000, "year", ""),
        ("Unter 2.800 € fängt hier niemand an.", 2800, None, "", ""),
        ("Über 5.000 € kommt kaum jemand.", None, 5000, "", ""),
        ("Einst waren es 3.500 € bis 4.200 €, heute geht es ab 3.500 € los.", 3500, None, "", ""),
    ],
)
def test_a_figure_that_is_right_is_never_kept_back(sentence, low, high, period, gross):
    assert evidence.disagreement(sentence, low, high, period, gross) == ""


@pytest.mark.parametrize(
    ("sentence", "low", "high", "period", "gross", "said"),
    [
        ("Es sind 42.000 bis 50.000 €, brutto im Jahr.", 42000, 50000, "", "", "spricht vom Jahr"),
        ("Im Jahr sind es, je nach Haus, 42.000 bis 50.000 €.", 42000, 50000, "", "", "spricht vom Jahr"),
        ("Es sind 42.000 bis 50.000 Euro p. a.", 42000, 50000, "", "", "spricht vom Jahr"),
        ("Es sind 42.000–50.000 €/Jahr.", 42000, 50000, "month", "", "spricht vom Jahr"),
        ("Es sind 2.800–3.400 €/Monat.", 2800, 3400, "year", "", "spricht vom Monat"),
        ("Es sind 2.800 bis 3.400 € im Monat, im Jahr mehr.", 2800, 3400, "year", "", "spricht vom Monat"),
        ("Es sind 2.800 bis 3.400 €, netto bleiben rund 1.900 €.", 1900, None, "", "gross", "sagt netto"),
        ("Es geht ab 3.500 € los.", None, 3500, "", "", "sagt ab 3.500 €, die Zahl bis 3.500 €"),
        ("Es sind bis zu 3.500 €.", 3500, None, "", "", "sagt bis 3.500 €, die Zahl ab 3.500 €"),
    ],
)
def test_a_figure_that_says_something_else_than_its_sentence_is_told_what(sentence, low, high, period, gross, said):
    assert said in evidence.disagreement(sentence, low, high, period, gross)


def test_evidence_that_is_a_part_of_a_sentence_has_the_whole_of_it_around():
    body = "Vorweg. In Hagen sind es ab 2.800 €\nbis 3.100 €. Und  mehr. Am Ende.\n\nab 2.800 €"
    assert evidence.around(body, "ab 2.800 €") == "In Hagen sind es ab 2.800 € bis 3.100 €."
    assert evidence.around(body, "3.100 €. Und") == "In Hagen sind es ab 2.800 € bis 3.100 €. Und mehr."
    assert evidence.around(body, "Gibt es nicht.") == "Gibt es nicht."


def test_absurd_numbers_and_endless_sentences_are_read_without_trouble():
    evidence.euro_amounts("9" * 5000 + " € bis " + "9.999" * 2000 + " €")
    evidence.disagreement("9" * 5000 + " € im Jahr", 9, None, "", "")
    assert evidence.closest("Ein Satz, der fehlt." * 20, {"a": "wort " * 4000}) is None
