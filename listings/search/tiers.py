"""Which ads a query finds, and in which order: by how they speak of it, then newest first; equal on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from listings.search import concepts, engine
from listings.search.concepts import Term
from listings.search.engine import Query
from listings.search.query import Understood

TITLE, FACTS, WORDS = range(1, 4)  # all terms in the title; in title and facts; words of ideas, apart in the title
OF_ANOTHER_TRADE = 3  # added to these
RELATED, ANYWHERE = 7, 8
ONE_LEFT_OUT = 9  # and on: all but one in the title, in the facts, anywhere; then all but another one
SEPARATELY = 4  # words whose absence counts by itself; that of all others counts alike

Tier = tuple[int, Q]


def narrow(queryset, understood: Understood):
    """Ads that hold all terms, or a related query in title or facts."""
    if not understood.terms:
        return queryset
    return queryset.filter(engine.holds(everything=[understood.terms], facts=understood.related))


def widened(queryset, understood: Understood):
    """Those, and ads that lack one of two or more terms, or hold but a word of a single one."""
    if not can_widen(understood):
        return narrow(queryset, understood)
    lacking = _lacking_one(understood.terms) if len(understood.terms) > 1 else [[part] for part in understood.parts]
    return queryset.filter(engine.holds(everything=lacking, facts=understood.related))


def can_widen(understood: Understood) -> bool:
    return len(understood.terms) > 1 or len(understood.parts) > 1


def page(queryset, understood: Understood, start: int, stop: int, *, is_widened=False) -> list[tuple[int, int]]:
    """(id, tier) of the ads of narrow(), or of widened(), in order, from `start` to before `stop`.

    One query; where ads that lack a word have room, two more: how frequent the words are, and those ads.
    """
    if not understood.terms:
        return [(pk, TITLE) for pk in queryset.newest().values_list("pk", flat=True)[start:stop]]
    groups = [[tier] for tier in _tiers(understood)]
    if not (is_widened and can_widen(understood)):
        return _in_order(queryset, groups, start, stop)
    whole = _in_order(queryset, groups, 0, stop)
    if len(whole) >= stop:
        return whole[start:]
    others = queryset.exclude(pk__in=[pk for pk, _ in whole])
    first, last = max(0, start - len(whole)), stop - len(whole)
    return whole[start:] + _in_order(others, _tiers_lacking(understood), first, last)


def _in_order(queryset, groups: Sequence[Sequence[Tier]], start: int, stop: int) -> list[tuple[int, int]]:
    """Each tier is asked for its newest `stop` ads alone, with those of the groups before, and only if these have too few:
    to sort all that a frequent word finds would take seconds.
    """
    asked: list[str] = []
    params: list[Any] = []
    found = queryset
    for number, tiers in enumerate(groups):
        parts = []
        for tier, condition in tiers:
            newest = found.filter(condition).newest().values_list("pk", "first_day", "first_published_at")[:stop]
            sql, given = newest.query.sql_with_params()
            parts.append(f"SELECT newest.*, {tier:d} FROM ({sql}) newest")  # noqa: S608 (numbers alone)
            params += given
        asked.append(f"group_{number} (ad, day, moment, tier) AS ({' UNION ALL '.join(parts)})")
        # Inside of the later ones, so that a database that has enough does not even begin with them.
        too_few = f"(SELECT COUNT(DISTINCT ad) FROM group_{number}) < {stop:d}"  # noqa: S608
        found = found.filter(RawSQL(too_few, [], BooleanField()))  # noqa: S611
    taken = " UNION ALL ".join(f"SELECT * FROM group_{number}" for number in range(len(groups)))  # noqa: S608
    statement = f"""
        WITH {", ".join(asked)}
        SELECT ad, MIN(tier) AS best FROM ({taken}) AS found
        GROUP BY ad, day, moment ORDER BY best, day DESC, moment DESC, ad DESC
        LIMIT {stop - start:d} OFFSET {start:d}"""  # noqa: S608 (ours alone; what people typed is among the parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _tiers(understood: Understood) -> list[Tier]:
    terms = understood.terms
    ideas = [replace(term, options=term.options[:1]) for term in terms]
    best = [(TITLE, "title", ideas), (FACTS, "facts", ideas)]
    if ideas != list(terms):
        best.append((WORDS, "title", list(terms)))
    trade = Term("IT", ((concepts.OF_THE_TRADE,),))
    tiers = [(tier, engine.holds(**{column: [[*query, trade]]})) for tier, column, query in best]
    tiers += [(tier + OF_ANOTHER_TRADE, engine.holds(**{column: [query]})) for tier, column, query in best]
    if understood.related:
        tiers.append((RELATED, engine.holds(facts=understood.related)))
    tiers.append((ANYWHERE, engine.holds(everything=[terms])))
    return tiers


def _tiers_lacking(understood: Understood) -> list[list[Tier]]:
    """For each word that may be missing, the most frequent first: of "SAP Einführung", SAP says what is meant."""
    typed = understood.terms if len(understood.terms) > 1 else understood.parts
    counts = engine.count([[word] for word in typed])
    words = [typed[number] for number in sorted(range(len(typed)), key=lambda number: (-counts[number], number))]
    lacking = _lacking_one(words)
    sets = [*([each] for each in lacking[:SEPARATELY]), lacking[SEPARATELY:]]
    if len(understood.terms) == 1 and len(words) > 2:
        sets.append([[word] for word in words])
    tier = ONE_LEFT_OUT
    groups = []
    for queries in filter(None, sets):
        columns = ({"title": queries}, {"facts": queries}, {"everything": queries})
        groups.append([(tier + number, engine.holds(**asked)) for number, asked in enumerate(columns)])
        tier += len(columns)
    return groups


def _lacking_one(words: Sequence[Term]) -> list[Query]:
    return [[*words[:number], *words[number + 1 :]] for number in range(len(words))]
