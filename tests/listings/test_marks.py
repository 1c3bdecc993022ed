"""Marks in titles, and the sentence of an ad that answers a query."""

from dataclasses import replace

import pytest
from django.utils.safestring import SafeString

from jobboard import german
from listings.models import Vacancy
from listings.search.concepts import Concepts, Idea
from listings.search.marks import LONGEST, excerpt, mark, mark_page
from listings.search.query import Understood, understand
from profiles.models import Fact
from tests.make import make_vacancy

OFFICE, PMO, PLANNING = 1, 2, 3
KNOWN = Concepts(
    [
        Idea(OFFICE, "Homeoffice", ("Homeoffice", "mobiles Arbeiten")),
        Idea(PMO, "PMO", ("PMO", "Projektbüro")),
        Idea(PLANNING, "Projektplanung", ("Projektplanung",), related=(PMO,)),
    ]
)


def asked(text):
    terms = KNOWN.terms(text, german.analyse(text))
    return Understood(text=text, terms=terms, related=KNOWN.related(terms))


def marked(text, query):
    return mark(text, asked(query), KNOWN)


def excerpt_of(query, tasks="", profile="", offer="", title=""):
    return excerpt(Vacancy(title=title, tasks=tasks, profile=profile, offer=offer), asked(query), KNOWN)


@pytest.mark.parametrize(
    ("title", "query", "expected"),
    [
        ("Projektkoordinator:in ERP (m/w/d)", "projektkoordinatorin", "<mark>Projektkoordinator:in</mark> ERP (m/w/d)"),
        ("IT-Projektkoordination", "Koordinator", "<mark>IT-Projektkoordination</mark>"),
        ("Leiter (m/w/d) Entwicklung", "Entwickler", "Leiter (m/w/d) <mark>Entwicklung</mark>"),
        ("Koordination für Projekte", "Projektkoordination", "<mark>Koordination</mark> für <mark>Projekte</mark>"),
        ("Teamassistenz", "Teamleitung", "Teamassistenz"),
        ("Software C# und .NET", "c# .net", "Software <mark>C#</mark> und <mark>.NET</mark>"),
        ("Büro mit mobilem Arbeiten", "Homeoffice", "Büro mit <mark>mobilem Arbeiten</mark>"),
        ("Projekte im Büro", "Projektbüro", "<mark>Projekte</mark> im <mark>Büro</mark>"),
        ("Osnabru\u0308ck & Umland", "Osnabrueck", "<mark>Osnabru\u0308ck</mark> &amp; Umland"),
        ("Einkauf", "", "Einkauf"),
    ],
)
def test_whole_words_are_marked_that_answer_a_term(title, query, expected):
    assert marked(title, query) == expected


def test_whatever_stands_in_a_title_is_escaped():
    title = '<script>alert(1)</script> "ERP" & \'</mark>'
    result = marked(title, "ERP script")
    assert isinstance(result, SafeString)
    assert result.replace("<mark>", "").replace("</mark>", "") == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &quot;ERP&quot; &amp; &#x27;&lt;/mark&gt;"
    )
    assert result.count("<mark>") == result.count("</mark>") == 3
    assert "<script" not in marked(title, "")


def test_the_sentence_with_most_terms_is_shown():
    shown = excerpt_of(
        "Jira Schulung", tasks="Sie pflegen Jira. Danach planen Sie Schulungen in Jira für alle. Auch Schulungen."
    )
    assert shown == "Danach planen Sie <mark>Schulungen</mark> in <mark>Jira</mark> für alle."


def test_markdown_becomes_plain_text():
    shown = excerpt_of("Jira", tasks="## Aufgaben\n\n- **Jira** [pflegen](https://a.example)\n- sonst nichts")
    assert shown == "<mark>Jira</mark> pflegen"


def test_other_words_for_the_same_are_found_and_marked():
    assert excerpt_of("Homeoffice", offer="Mobiles Arbeiten ist üblich.") == "<mark>Mobiles Arbeiten</mark> ist üblich."


def test_where_the_text_does_not_say_it_nothing_is_shown():
    assert excerpt_of("Testwerk", tasks="Sie pflegen Jira.") == ""
    assert excerpt_of("", tasks="Sie pflegen Jira.") == ""
    assert excerpt_of("Jira") == ""


def test_where_the_title_says_it_all_nothing_is_shown():
    assert excerpt_of("PMO Jira", title="PMO mit Jira", tasks="Im Projektbüro pflegen Sie Jira.") == ""


def test_a_sentence_must_say_what_the_title_leaves_open():
    tasks = "Das PMO ist ein PMO. Sie arbeiten mit Jira."
    assert excerpt_of("PMO Jira", title="Leitung PMO", tasks=tasks) == "Sie arbeiten mit <mark>Jira</mark>."


def test_a_role_beside_the_one_asked_for_is_no_answer():
    assert excerpt_of("Projektplanung", tasks="Sie arbeiten im Projektbüro.") == ""
    assert marked("Projektbüro", "Projektplanung") == "<mark>Projektbüro</mark>"


def test_half_an_idea_is_no_answer():
    assert excerpt_of("Teamleitung", tasks="Sie arbeiten im Team.") == ""


def test_a_long_sentence_is_cut_between_words_around_its_marks():
    tasks = "Wort für Wort, " * 30 + "dann Jira, und " + "immer so weiter " * 30
    shown = excerpt_of("Jira", tasks=tasks)
    assert "<mark>Jira</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    plain = shown.replace("<mark>", "").replace("</mark>", "").strip("… ")
    assert len(plain) <= LONGEST
    assert f" {plain} " in f" {tasks} "


@pytest.mark.parametrize("word", ["Jira" + "x" * 400, "x" * 400 + " Jira", "<b>&" * 100 + " Jira " + "&" * 300])
def test_a_sentence_without_spaces_stays_safe(word):
    shown = excerpt_of("Jira", tasks=f"Dort {word} hier")
    assert "<b>" not in shown
    assert shown.count("<mark>") == shown.count("</mark>")


@pytest.mark.django_db
def test_a_page_is_marked_without_a_question(django_assert_num_queries):
    vacancies = [make_vacancy(open=True, title="ERP-Einführung", tasks="Sie arbeiten mit Jira.") for _ in range(2)]
    understood = understand("ERP Jira")
    with django_assert_num_queries(0):
        mark_page(vacancies, understood)
    assert {(str(each.title_marked), str(each.excerpt)) for each in vacancies} == {
        ("<mark>ERP-Einführung</mark>", "Sie arbeiten mit <mark>Jira</mark>.")
    }


@pytest.mark.django_db
def test_what_stands_among_facts_and_skills_alone_is_shown_as_well():
    vacancy = make_vacancy(open=True, title="Koordination", tasks="Sie pflegen Jira.", skills="Power BI, <b>Visio")
    vacancy.facts.set(Fact.objects.filter(slug__in=["change-management", "weiterbildung"]))
    card = Vacancy.objects.as_cards(with_text=True).get()
    mark_page([card], understand("Veränderungsmanagement"))
    assert card.excerpt == "<mark>Change-Management</mark> · Weiterbildung · Power BI, &lt;b&gt;Visio"
    mark_page([card], understand("Visio Jira"))  # a sentence that says as much comes first
    assert card.excerpt == "Sie pflegen <mark>Jira</mark>."


@pytest.mark.django_db
def test_a_page_without_words_asks_nothing(django_assert_num_queries):
    vacancy = Vacancy(title="A & B")
    with django_assert_num_queries(0):
        mark_page([vacancy], Understood())
    assert (vacancy.title_marked, vacancy.excerpt) == ("A &amp; B", "")


def test_the_excerpt_shows_a_part_where_nothing_holds_the_whole():
    understood = replace(asked("Projektplanung"), parts=asked("Projekt").terms + asked("Planung").terms)
    ad = Vacancy(title="Assistenz", tasks="Sie kochen. Die Planung liegt bei Ihnen.")
    assert excerpt(ad, understood, KNOWN) == "Die <mark>Planung</mark> liegt bei Ihnen."
    ad.offer = "Wir lehren Projektplanung."
    assert excerpt(ad, understood, KNOWN) == "Wir lehren <mark>Projektplanung</mark>."
    ad.title = "Projektplanung"
    assert excerpt(ad, understood, KNOWN) == ""
