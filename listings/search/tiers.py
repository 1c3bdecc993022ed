"""Which ads a query finds, and in which order: by how they speak of it, then newest first; equal on both databases."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from listings.search import engine
from listings.search.concepts import Term
from listings.search.query import Understood

TITLE, FACTS, RELATED, ANYWHERE = range(1, 5)  # all terms in the title; …
ONE_LEFT_OUT = 5  # first the term that most ads hold, then another; within each: title, facts, anywhere


def narrow(queryset, understood: Understood):
    """Ads that hold all terms, or a related query in title or facts."""
    if not understood.terms:
        return queryset
    return queryset.filter(engine.holds(everything=[understood.terms], facts=understood.related))


def widened(queryset, understood: Understood):
    """Those, and ads that lack one of two or more terms."""
    if len(understood.terms) < 2:
        return narrow(queryset, understood)
    return queryset.filter(engine.holds(everything=_lacking_one(understood.terms), facts=understood.related))


def page(queryset, understood: Understood, start: int, stop: int, *, is_widened=False) -> list[tuple[int, int]]:
    """(id, tier) of the ads of narrow(), or of widened(), in order, from `start` to before `stop`; one query.

    Each tier is asked for its newest `stop` ads alone, with those of the tiers before, and only if these have too few:
    to sort all that a frequent word finds would take seconds.
    """
    if not understood.terms:
        return [(pk, TITLE) for pk in queryset.newest().values_list("pk", flat=True)[start:stop]]
    asked: list[str] = []
    taken: list[str] = []
    params: list[Any] = []
    found = queryset
    for tier, condition in _tiers(understood, is_widened=is_widened):
        newest = found.filter(condition).newest().values_list("pk", "first_day", "first_published_at")[:stop]
        sql, given = newest.query.sql_with_params()
        asked.append(f"tier_{tier} (ad, day, moment) AS ({sql})")
        taken.append(f"SELECT *, {tier} AS tier FROM tier_{tier}")  # noqa: S608 (numbers alone)
        params += given
        # Inside of the later ones, so that a database that has enough does not even begin with them.
        too_few = f"(SELECT COUNT(*) FROM tier_{tier}) < {stop:d}"  # noqa: S608
        found = found.filter(RawSQL(too_few, [], BooleanField()))  # noqa: S611
    statement = f"""
        WITH {", ".join(asked)}
        SELECT ad, MIN(tier) AS best FROM ({" UNION ALL ".join(taken)}) AS found
        GROUP BY ad, day, moment ORDER BY best, day DESC, moment DESC, ad DESC
        LIMIT {stop - start:d} OFFSET {start:d}"""  # noqa: S608 (ours alone; what people typed is among the parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _tiers(understood: Understood, *, is_widened: bool) -> list[tuple[int, Q]]:
    terms = understood.terms
    tiers = [(TITLE, engine.holds(title=[terms])), (FACTS, engine.holds(facts=[terms]))]
    if understood.related:
        tiers.append((RELATED, engine.holds(facts=understood.related)))
    tiers.append((ANYWHERE, engine.holds(everything=[terms])))
    if is_widened and len(terms) > 1:
        columns = ["title", "facts", "everything"]
        steps = [{column: lacking} for lacking in _rarest_kept(terms) for column in columns]
        tiers += [(tier, engine.holds(**step)) for tier, step in enumerate(steps, ONE_LEFT_OUT)]
    return tiers


def _rarest_kept(terms: Sequence[Term]) -> list[list[Sequence[Term]]]:
    """Queries that lack the term most ads hold, then those that lack another: who asks for "SAP Berater" means SAP."""
    lacking = _lacking_one(terms)
    counts = engine.count([[term] for term in terms])
    common = counts.index(max(counts))
    return [[lacking[common]], [*lacking[:common], *lacking[common + 1 :]]]


def _lacking_one(terms: Sequence[Term]) -> list[Sequence[Term]]:
    return [[*terms[:number], *terms[number + 1 :]] for number in range(len(terms))]
