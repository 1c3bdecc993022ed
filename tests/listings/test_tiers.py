"""The order of what a query finds: by how an ad speaks of it, then newest first; told here once more, in plain Python."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from listings.models import SearchText, Vacancy
from listings.search import Understood, engine, tiers
from listings.search.concepts import OF_THE_TRADE, Term
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db
ROOTS = ["a1", "b2", "c3", "d4", "zz5", OF_THE_TRADE]


def terms(*words):
    """Alternatives parted by |, roots of one by +; what begins with zz is an idea."""
    return tuple(
        Term(word, tuple(tuple(option.split("+")) for option in word.split("|")), concept=word.startswith("zz") or None)
        for word in words
    )


def understood(*words, parts=(), related=()):
    related = tuple(terms(*each) for each in related)
    return Understood(text=" ".join(words), terms=terms(*words), parts=terms(*parts), related=related)


def days_ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def board(employer):
    """Thirty ads, three of a day, whose texts are drawn."""
    draw = random.Random(7)  # noqa: S311
    for number in range(30):
        at = timezone.now() - timedelta(days=number // 3, hours=draw.randrange(3))
        vacancy = make_vacancy(employer, open=number % 10 != 0, at=at)
        title, facts, everything = (draw.sample(ROOTS, draw.randrange(4)) for _ in range(3))
        texts = [title, title + facts, title + facts + everything]
        texts = dict(zip(["title", "facts", "everything"], (" ".join(each) for each in texts), strict=True))
        SearchText.objects.filter(pk=vacancy.pk).update(**texts)
    return Vacancy.objects.open()


QUERIES = [
    understood("a1"),
    understood("a1", "b2"),
    understood("a1", "b2", related=[("a1", "c3")]),
    understood("zz5|a1+b2", related=[("c3",), ("d4|b2",)]),
    understood("a1", "b2", "c3", "d4"),
    understood("a1", "b2", "c3", "d4", "zz5", "a1|b2"),
    understood("a1+b2+c3", parts=["a1", "b2", "c3"]),
    understood("zz5|a1+b2", parts=["zz5|a1", "zz5|b2"], related=[("c3",)]),
    understood("zz5|a1", related=[("c3", "b2")]),
    understood("zz9"),
    understood("a1", "zz9"),
    understood("zz9", related=[("a1",)]),
]


def expected(ads, understood, *, is_widened):
    ads = list(ads.newest().select_related("search_text"))
    roots = {
        ad.pk: {name: set(getattr(ad.search_text, name).split()) for name in ("title", "facts", "everything")}
        for ad in ads
    }

    def holds(ad, column, query):
        return all(any(roots[ad.pk][column].issuperset(option) for option in term.options) for term in query)

    ideas = [Term(term.text, term.options[:1]) if term.concept else term for term in understood.terms]
    best = [(tiers.TITLE, "title", [ideas]), (tiers.FACTS, "facts", [ideas])]
    if any(term.concept for term in understood.terms):
        best.append((tiers.WORDS, "title", [understood.terms]))
    (trade,) = terms(OF_THE_TRADE)
    asked = [
        *[(tier, column, [[*query, trade] for query in queries]) for tier, column, queries in best],
        *[(tier + tiers.OF_ANOTHER_TRADE, column, queries) for tier, column, queries in best],
        (tiers.RELATED, "facts", understood.related),
        (tiers.ANYWHERE, "everything", [understood.terms]),
    ]
    words = understood.terms if len(understood.terms) > 1 else understood.parts
    if is_widened and len(words) > 1:
        words = sorted(words, key=lambda word: -sum(holds(ad, "everything", [word]) for ad in ads))
        lacking = [[other for other in words if other is not word] for word in words]
        sets = [*([query] for query in lacking[: tiers.SEPARATELY]), lacking[tiers.SEPARATELY :]]
        if len(understood.terms) == 1:
            sets.append([[word] for word in words])
        columns = [(column, queries) for queries in sets for column in ("title", "facts", "everything") if queries]
        if len(understood.terms) == 1 and len(words) == 2:
            columns = columns[:6]
        asked += [(tiers.ONE_LEFT_OUT + number, *each) for number, each in enumerate(columns)]
    found = []
    for ad in ads:
        of_ad = (tier for tier, column, queries in asked if any(holds(ad, column, query) for query in queries))
        if tier := next(of_ad, None):
            found.append((ad.pk, tier))
    return sorted(found, key=lambda each: each[1])  # keeps the newest first


@pytest.mark.slow
@pytest.mark.parametrize("few", [1000, 3])
def test_a_page_is_a_cut_of_the_whole_order(board, few, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(engine, "FEW", few)  # both ways of SQLite
    tiers_seen = set()
    for query in QUERIES:
        for is_widened in (False, True):
            whole = expected(board, query, is_widened=is_widened)
            tiers_seen |= {tier for _, tier in whole}
            for start, stop in ((0, 100), (0, 3), (3, 6), (5, 20), (40, 60)):
                with django_assert_max_num_queries(3 if is_widened else 1):
                    found = tiers.page(board, query, start, stop, is_widened=is_widened)
                assert found == whole[start:stop], (query, is_widened, start, stop)
            counted = tiers.widened(board, query) if is_widened else tiers.narrow(board, query)
            assert set(counted.values_list("pk", flat=True)) == {pk for pk, _ in whole}
            assert counted.capped_count() == len(whole)
    assert set(range(tiers.TITLE, tiers.ONE_LEFT_OUT + 1)) < tiers_seen
    assert max(tiers_seen) > tiers.ONE_LEFT_OUT + 6


def test_without_words_the_newest_come_first(board):
    newest = list(board.newest().values_list("pk", flat=True))
    assert [pk for pk, _ in tiers.page(board, Understood(), 0, 5)] == newest[:5]
    assert set(tiers.narrow(board, Understood())) == set(tiers.widened(board, Understood())) == set(board)


def test_another_order_holds_the_same_ads(board):
    narrowed = tiers.narrow(board, understood("a1"))
    assert set(narrowed.best_paid()) == set(narrowed.newest()) == set(narrowed)
    assert narrowed.newest().explain()


def titles(client, text):
    return [vacancy.title for vacancy in client.get("/stellen/", {"was": text}).context["vacancies"]]


def test_words_of_an_idea_that_stand_apart_do_not_make_it(client, employer):
    make_vacancy(employer, open=True, title="Projektleitung", at=days_ago(9))
    make_vacancy(employer, open=True, title="Assistenz der Leitung, mit Projekten", at=days_ago(1))
    assert titles(client, "Projektleiter") == ["Projektleitung", "Assistenz der Leitung, mit Projekten"]


def test_ads_of_other_trades_come_after_those_of_it(client, employer):
    text = {"profile": "Sie schreiben gern.", "tasks": "Sie leiten Projekte.", "skills": "Excel"}
    make_vacancy(employer, open=True, title="ERP-Projektleitung", at=days_ago(9), **text)
    make_vacancy(employer, open=True, title="Projektleitung Hochbau", at=days_ago(1), **text)
    assert titles(client, "IT-Projektleiterin")[:2] == ["ERP-Projektleitung", "Projektleitung Hochbau"]
    assert titles(client, "Projektleiter")[:2] == ["ERP-Projektleitung", "Projektleitung Hochbau"]
    assert titles(client, "Projektleiter Hochbau")[0] == "Projektleitung Hochbau"


def test_where_one_word_is_missing_the_rare_one_counts_more_than_the_newer_ad(client, employer):
    make_vacancy(employer, open=True, title="Sachbearbeitung", tasks="Sie kennen SAP.", at=days_ago(9))
    make_vacancy(employer, open=True, title="Einführung SAP", at=days_ago(8))
    make_vacancy(employer, open=True, title="Fachkraft für SAP", at=days_ago(7))
    make_vacancy(employer, open=True, title="Einführung Tablets", at=days_ago(2))
    make_vacancy(employer, open=True, title="Einführung Kassen", at=days_ago(1))
    make_vacancy(employer, open=True, title="Einführung Scanner", at=days_ago(1))
    assert titles(client, "SAP Einführung")[:3] == ["Einführung SAP", "Fachkraft für SAP", "Sachbearbeitung"]


def test_an_idea_that_no_ad_speaks_of_is_found_by_its_words_the_rare_one_first(client, employer):
    make_vacancy(employer, open=True, title="Change-Begleitung", at=days_ago(9))
    make_vacancy(employer, open=True, title="Qualitätsmanagement", at=days_ago(3))
    make_vacancy(employer, open=True, title="Lieferantenmanagement", at=days_ago(2))
    response = client.get("/stellen/", {"was": "Change Management"})
    found = [ad.title for ad in response.context["vacancies"]]
    assert found == ["Change-Begleitung", "Lieferantenmanagement", "Qualitätsmanagement"]
    assert "„Change Management“ nennt keine Anzeige; gezeigt werden die, die einen Teil davon nennen." in response.text
    assert client.get("/stellen/", {"was": "Change Management", "genau": "1"}).context["count"] == 0


def test_behind_one_ad_for_an_idea_stands_a_line_before_those_with_a_part_of_it(client, employer):
    make_vacancy(employer, open=True, title="Change Management")
    make_vacancy(employer, open=True, title="Qualitätsmanagement")
    html = client.get("/stellen/", {"was": "Change Management"}).text
    assert "Zu „Change Management“ passt eine Anzeige; danach folgen solche, die nur einen Teil davon nennen." in html
    assert html.count("Ab hier steht nur ein Teil davon in der Anzeige") == 1


def test_nor_does_a_compound_find_nothing_while_ads_hold_one_of_its_parts(client, employer):
    make_vacancy(employer, open=True, title="Koordination Lager")
    make_vacancy(employer, open=True, title="Einführung Software", tasks="Sie schulen.")
    assert titles(client, "Lagersoftware") == ["Einführung Software", "Koordination Lager"]


def test_who_finds_a_few_by_one_word_sees_no_ads_with_a_part_of_it(client, employer):
    for _ in range(3):
        make_vacancy(employer, open=True, title="Change Management")
    make_vacancy(employer, open=True, title="Qualitätsmanagement")
    assert titles(client, "Change Management") == ["Change Management"] * 3
