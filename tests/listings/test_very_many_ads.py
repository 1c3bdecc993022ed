"""A hundred thousand ads: no list, count or search walks through them."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from listings.models import Vacancy
from tests.benchmarks.many import make_many

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADS = 100_000
MOST = 30_000  # rows that one step of a statement may look at
MOST_STEPS = 500_000  # of SQLite's machine in one statement; an ad that it comes past takes a dozen or more

PATHS = [
    "/",
    "/staedte/",
    "/staedte/hagen/",
    "/stellen/",
    "/stellen/?seite=50",
    "/stellen/?was=w0",  # every second ad holds it
    "/stellen/?was=w0&seite=50",
    "/stellen/?was=w0&sortierung=gehalt",
    "/stellen/?was=w30",
    "/stellen/?was=w30+w40",
    "/stellen/?was=w900",
    "/stellen/?was=w15000",  # hardly an ad holds it
    "/stellen/?was=w15000&genau=1",
    "/stellen/?was=w0+w15000",
    "/stellen/?was=w14000+w15000",  # none holds both
    "/stellen/?wo=Hamburg&umkreis=50",
    "/stellen/?wo=Hamburg&umkreis=50&was=w0",
    "/stellen/?wo=Hamburg&umkreis=50&was=w900&sortierung=entfernung",
    "/stellen/?niveau=erfahren&arbeitszeit=vz&gehalt_ab=3500&was=w30",
    "/stellen/?niveau=erfahren&arbeitgeberart=zeitarbeit&veroeffentlichtseit=7",
]
CHOSEN = [
    "/stellen/?arbeitsort=remote",  # every eleventh
    "/stellen/?niveau=spezialist",  # a few
    "/stellen/?niveau=spezialist&sortierung=gehalt",
    "/stellen/?niveau=erfahren&gehalt_ab=9000",  # none, as with all that follow
    "/stellen/?niveau=einstieg",
    "/stellen/?niveau=einstieg&sortierung=gehalt",
    "/stellen/?arbeitszeit=tz&veroeffentlichtseit=0",
    "/stellen/?arbeitsort=hybrid",
    "/stellen/?befristung=befristet&arbeitszeit=tz",
    "/stellen/?arbeitgeberart=vermittlung",
    "/stellen/?gehalt_ab=9000",
    "/stellen/?mit=ansprechperson",
    "/stellen/?mit=ansprechperson&befristung=befristet",
]


def walks_of(sql) -> list[str]:
    """Where the statement looks at more ads, or at more texts, than it should.

    SQLite tells how it goes about it, PostgreSQL how many rows that were: it may walk where it comes to an end early.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
            return _walks((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [step for _, _, _, step in cursor.fetchall()]
    if sql.endswith('FROM "listings_vacancy" ORDER BY "listings_vacancy"."id" ASC LIMIT 1'):  # a row for subqueries
        steps.remove("SCAN listings_vacancy")
    return [step for step in steps if re.match(r"SCAN (U0|V0|listings_vacancy|listings_searchtext)( USING|$)", step)]


def _walks(node) -> list[str]:
    walks = []
    if node.get("Relation Name") in ("listings_vacancy", "listings_searchtext"):
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        rows = (node["Actual Rows"] + removed) * node["Actual Loops"]
        if rows > MOST:
            walks.append(f"{node['Node Type']} of {rows} rows")
    return walks + [walk for each in node.get("Plans", []) for walk in _walks(each)]


def _forget_statistics() -> None:
    """As on a board on SQLite, where nobody asks for them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def steps_of(sql) -> int:
    """Of SQLite's machine, in full thousands."""
    steps = 0

    def count():
        nonlocal steps
        steps += 1000

    connection.connection.set_progress_handler(count, 1000)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()
    connection.connection.set_progress_handler(None, 0)
    return steps


def test_no_list_walks_through_all_ads(client, employer):
    make_many(employer, ADS)
    few = Vacancy.objects.order_by("pk").values_list("pk", flat=True)[: ADS : ADS // 5]
    Vacancy.objects.filter(pk__in=list(few)).update(level="spezialist")
    walks = []
    for path in PATHS + CHOSEN:
        if path == CHOSEN[0] and connection.vendor == "sqlite":
            _forget_statistics()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        for query in asked.captured_queries:
            if "listings_vacancy" not in query["sql"]:
                continue
            found = walks_of(query["sql"])
            if connection.vendor == "sqlite" and path in CHOSEN and (steps := steps_of(query["sql"])) > MOST_STEPS:
                found.append(f"{steps} steps")
            if found:
                walks.append(f"{path} {found}\n{query['sql'][:3000]}")
    assert not walks, "\n\n".join(walks)
