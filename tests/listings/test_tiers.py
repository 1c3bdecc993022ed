"""The order of what a query finds: by how an ad speaks of it, then newest first; told here once more, in plain Python."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from listings.models import SearchText, Vacancy
from listings.search import Understood, engine, tiers
from listings.search.concepts import Term
from listings.search.query import understand
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db
ROOTS = ["a1", "b2", "c3", "d4", "zz5"]


def terms(*words):
    """Alternatives parted by |, roots of one by +."""
    return tuple(Term(word, tuple(tuple(option.split("+")) for option in word.split("|"))) for word in words)


def understood(*words, related=()):
    return Understood(text=" ".join(words), terms=terms(*words), related=tuple(terms(*each) for each in related))


@pytest.fixture
def board(employer):
    """Thirty ads, three of a day, whose texts are drawn."""
    draw = random.Random(7)  # noqa: S311
    for number in range(30):
        at = timezone.now() - timedelta(days=number // 3, hours=draw.randrange(3))
        vacancy = make_vacancy(employer, open=number % 10 != 0, at=at)
        title, facts, everything = (draw.sample(ROOTS, draw.randrange(3)) for _ in range(3))
        texts = [title, title + facts, title + facts + everything]
        texts = dict(zip(["title", "facts", "everything"], (" ".join(each) for each in texts), strict=True))
        SearchText.objects.filter(pk=vacancy.pk).update(**texts)
    return Vacancy.objects.open()


QUERIES = [
    understood("a1"),
    understood("a1", "b2"),
    understood("c3", "d4"),
    understood("b2", "d4", "c3"),
    understood("a1", "b2", related=[("a1", "c3")]),
    understood("zz5|a1+b2", related=[("c3",), ("d4|b2",)]),
    understood("a1", "b2", "c3", "d4"),
    understood("zz9"),
    understood("a1", "zz9"),
    understood("zz9", related=[("a1",)]),
]


def is_held(ad, term):
    return any(set(ad.search_text.everything.split()).issuperset(option) for option in term.options)


def expected(ads, understood, *, is_widened):
    def holds(roots, terms):
        return all(any(roots.issuperset(option) for option in term.options) for term in terms)

    terms = understood.terms
    lacking = [terms[:number] + terms[number + 1 :] for number in range(len(terms))] if is_widened else []
    lacking = [query for query in lacking if query]
    common = max(range(len(terms)), key=lambda number: sum(is_held(ad, terms[number]) for ad in ads.open()))
    rarest_kept, others = lacking[common : common + 1], lacking[:common] + lacking[common + 1 :]
    found = []
    for ad in ads.newest().select_related("search_text"):
        text = ad.search_text
        title, facts, everything = (set(each.split()) for each in (text.title, text.facts, text.everything))
        tier = next(
            (
                tier
                for tier, is_it in [
                    (tiers.TITLE, holds(title, understood.terms)),
                    (tiers.FACTS, holds(facts, understood.terms)),
                    (tiers.RELATED, any(holds(facts, query) for query in understood.related)),
                    (tiers.ANYWHERE, holds(everything, understood.terms)),
                    *enumerate(
                        (
                            any(holds(roots, query) for query in queries)
                            for queries in (rarest_kept, others)
                            for roots in (title, facts, everything)
                        ),
                        tiers.ONE_LEFT_OUT,
                    ),
                ]
                if is_it
            ),
            None,
        )
        if tier:
            found.append((ad.pk, tier))
    return sorted(found, key=lambda each: each[1])  # keeps the newest first


@pytest.mark.parametrize("few", [1000, 3])
def test_a_page_is_a_cut_of_the_whole_order(board, few, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(engine, "FEW", few)  # both ways of SQLite
    tiers_seen = set()
    for query in QUERIES:
        for is_widened in (False, True):
            whole = expected(board, query, is_widened=is_widened)
            tiers_seen |= {tier for _, tier in whole}
            for start, stop in ((0, 100), (0, 3), (3, 6), (5, 20), (40, 60)):
                with django_assert_num_queries(2 if is_widened and len(query.terms) > 1 else 1):
                    found = tiers.page(board, query, start, stop, is_widened=is_widened)
                assert found == whole[start:stop], (query, is_widened, start, stop)
            counted = tiers.widened(board, query) if is_widened else tiers.narrow(board, query)
            assert set(counted.values_list("pk", flat=True)) == {pk for pk, _ in whole}
            assert counted.capped_count() == len(whole)
    assert tiers_seen == set(range(1, 11))


def test_an_ad_with_the_rarer_word_comes_before_those_with_the_common_one(db):
    common, rare, both = [
        make_vacancy(open=True, title=title).pk
        for title in ("Beratung im Verkauf", "Einführung SAP", "Beratung Technik")
    ]
    found = tiers.page(Vacancy.objects.open(), understand("SAP Beratung"), 0, 9, is_widened=True)
    assert [pk for pk, _ in found] == [rare, both, common]


def test_without_words_the_newest_come_first(board):
    newest = list(board.newest().values_list("pk", flat=True))
    assert [pk for pk, _ in tiers.page(board, Understood(), 0, 5)] == newest[:5]
    assert set(tiers.narrow(board, Understood())) == set(tiers.widened(board, Understood())) == set(board)


def test_another_order_holds_the_same_ads(board):
    narrowed = tiers.narrow(board, understood("a1"))
    assert set(narrowed.best_paid()) == set(narrowed.newest()) == set(narrowed)
    assert narrowed.newest().explain()
