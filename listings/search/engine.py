"""The search engine of the database: whether an ad holds certain roots. All that differs between the two stands here.

FTS5 on SQLite, tsvectors with a GIN index each on PostgreSQL; a migration made both, on the table of SearchText.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, F, Q
from django.db.models.expressions import RawSQL

from listings.models import SearchText, Vacancy
from listings.search.concepts import Term

TEXTS = SearchText._meta.db_table
ENGINE = f"{TEXTS}_engine"  # SQLite's table of FTS5
FEW = 1000  # ads that hold what is asked for: SQLite starts from those; of more it asks each ad that it comes past

Query = Sequence[Term]  # an ad holds it if it holds all its terms


def holds(**queries: Iterable[Query]) -> Q:
    """The condition that an ad holds, in one of these columns, one of the queries given for it.

    holds(title=[terms]); holds(everything=[terms], facts=related)
    """
    asked = {
        column: [query for query in given if query and all(t.options for t in query)]
        for column, given in queries.items()
    }
    asked = {column: given for column, given in asked.items() if given}
    return Q(Holds(asked)) if asked else Q(pk__in=[])


def seen(roots: Iterable[str]) -> set[str]:
    """Those of `roots` that any open ad holds; one query."""
    asked = sorted(set(roots))
    counts = count([[Term(root, ((root,),))] for root in asked], most=1)
    return {root for root, held in zip(asked, counts, strict=True) if held}


def count(queries: Sequence[Query], most: int = FEW) -> list[int]:
    """How many open ads hold each of the queries, counted up to `most`; one query."""
    if not queries:
        return []
    tables = {"postgresql": f"{TEXTS}.vacancy_id", "sqlite": f"{ENGINE}.rowid"}
    ad = RawSQL(tables[connection.vendor], [])  # noqa: S611 (ours alone)
    is_open, of_open = Vacancy.objects.open().filter(pk=ad).order_by().values("pk").query.sql_with_params()
    parts: list[str] = []
    params: list[Any] = []
    for query in queries:
        source, wanted = _source({"everything": [query]}, connection.vendor)
        held = f"SELECT 1 {source} AND EXISTS ({is_open}) LIMIT %s"
        parts.append(f"(SELECT COUNT(*) FROM ({held}) counted)")  # noqa: S608 (ours alone)
        params += [*wanted, *of_open, most]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())


class Holds(Expression):
    """Whether an ad holds, in one of the columns, one of the queries given for it."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, queries: dict[str, list[Query]]):
        super().__init__()
        self.queries = queries
        self.ad: Any = F("pk")
        self.counted: dict[str, bool] = {}  # shared by the copies that Django makes of it

    def get_source_expressions(self):
        return [self.ad]

    def set_source_expressions(self, expressions):
        [self.ad] = expressions

    def as_postgresql(self, compiler, connection):
        ad, params = compiler.compile(self.ad)
        source, wanted = _source(self.queries, "postgresql")
        return f"{ad} IN (SELECT vacancy_id {source})", [*params, *wanted]

    def as_sqlite(self, compiler, connection):
        ad, params = compiler.compile(self.ad)
        source, wanted = _source(self.queries, "sqlite")
        if "few" not in self.counted:
            # SQLite keeps no statistics of FTS5 and would start from any number of ads. This is what its planner would
            # ask, a tenth of a millisecond, and part of making the statement.
            connection.ensure_connection()
            counted = f"SELECT COUNT(*) FROM (SELECT 1 {source} LIMIT {FEW + 1})".replace("%s", "?")  # noqa: S608 (ours)
            self.counted["few"] = connection.connection.execute(counted, wanted).fetchone()[0] <= FEW
        start = "" if self.counted["few"] else "+"
        return f"{start}{ad} IN (SELECT rowid {source})", [*params, *wanted]


def _source(queries: dict[str, list[Query]], vendor: str) -> tuple[str, list[str]]:
    """From where and on which condition, and the parameters of that."""
    if vendor == "postgresql":
        held = " OR ".join(f"{column}_roots @@ %s::tsquery" for column in queries)
        return f"FROM {TEXTS} WHERE ({held})", [_formula(given, "&", "|", "'") for given in queries.values()]
    match = " OR ".join(f"{column} : {_formula(given, 'AND', 'OR', chr(34))}" for column, given in queries.items())
    return f"FROM {ENGINE} WHERE {ENGINE} MATCH %s", [match]


def _formula(queries: list[Query], and_: str, or_: str, quote: str) -> str:
    def joined(parts, operator):
        return f"({f' {operator} '.join(parts)})"

    def root(text):
        if not re.fullmatch(r"[a-z0-9]+", text):  # nothing else can mean more than itself
            raise ValueError(f"{text!r} is no root")
        return f"{quote}{text}{quote}"

    return joined(
        (
            joined((joined((joined(map(root, option), and_) for option in term.options), or_) for term in query), and_)
            for query in queries
        ),
        or_,
    )
