"""A board with very many ads in seconds: a few come from the builders, the database multiplies them."""

import random
from datetime import timedelta
from itertools import accumulate

from django.db import connection
from django.db.models import F
from django.utils import timezone

from listings.models import EmployerKind, SearchText, Vacancy
from listings.search.concepts import OF_THE_TRADE
from profiles.models import Place
from tests.make import make_vacancy

ROOTS = [f"w{rank}" for rank in range(20_000)]  # the lower the number, the more ads hold it
_WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(ROOTS))))
PATTERNS = 50
DAYS = ["first_day", "last_day", "first_published_at", "submitted_at", "confirmed_on", "created_at", "changed_at"]


def make_many(employer, count: int, *, length=120) -> None:
    """`count` open ads of all towns and days, whose texts of `length` roots are drawn as words are in any language."""
    places = list(Place.objects.order_by(F("population").desc(nulls_last=True)).values_list("pk", flat=True)[:PATTERNS])
    patterns = [
        make_vacancy(
            employer,
            open=True,
            at=timezone.now() - timedelta(days=number % 28, minutes=number),
            place_id=place,
            employer_kind="zeitarbeit" if number % 7 == 0 else EmployerKind.DIRECT,
            workplace="remote" if number % 11 == 0 else "on_site",
            pay_low=3000 + 20 * number,
        ).pk
        for number, place in enumerate(places)
    ]
    SearchText.objects.all().delete()
    first = _multiply(patterns, count)
    drawn = random.Random(4711)  # noqa: S311
    texts = []
    for pk in [*patterns, *range(first, first + count - len(patterns))]:
        roots = drawn.choices(ROOTS, cum_weights=_WEIGHTS, k=length)
        title, facts, everything = (" ".join(dict.fromkeys(roots[:end])) for end in (5, 20, length))
        of_trade = f"{OF_THE_TRADE} " if pk % 10 else ""  # nine of ten
        texts.append((pk, of_trade + title, of_trade + facts, of_trade + everything, ""))
    _store(texts)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO listings_vacancy_mentions (vacancy_id, fact_id) SELECT ad.id, fact.id FROM listings_vacancy AS ad"
            " JOIN profiles_fact AS fact ON (ad.id * 7 + fact.id) %% 20 = 0 WHERE ad.id >= %s",
            [first],
        )
        cursor.execute("ANALYZE")


def _multiply(patterns: list[int], count: int) -> int:
    """Copies of the ads with these ids; the id of the first. Each has the days of another, so that no town has one alone."""
    columns = [field.column for field in Vacancy._meta.concrete_fields if not field.primary_key]
    names = ", ".join(columns)
    taken = ", ".join(f"{'dated' if name in DAYS else 'ad'}.{name}" for name in columns)
    first, times = max(patterns) + 1, -(-count // len(patterns))
    position = " ".join(f"WHEN {pk} THEN {number}" for number, pk in enumerate(patterns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE times(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM times WHERE n < {times - 1})
            INSERT INTO listings_vacancy (id, {names})
            SELECT * FROM (
                SELECT {first} + n * {len(patterns)} + CASE ad.id {position} END, {taken}
                FROM times CROSS JOIN listings_vacancy AS ad JOIN listings_vacancy AS dated
                ON CASE dated.id {position} END = (CASE ad.id {position} END + n * 7) % {len(patterns)}
                WHERE ad.id IN ({", ".join(map(str, patterns))})
            ) AS copies ORDER BY 1 LIMIT {count - len(patterns)}"""  # noqa: S608 (ours alone)
        )
    return first


def _store(texts: list[tuple]) -> None:
    names = "vacancy_id, title, facts, everything, stamp"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that are still due cannot be altered
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = 'listings_searchtext' AND indexdef ~ 'gin'"
            )
            indexes = [definition for (definition,) in cursor.fetchall()]
            for index in indexes:  # built in the end, in a tenth of the time
                cursor.execute(f"DROP INDEX {index.split()[2]}")
            with cursor.copy(f"COPY listings_searchtext ({names}) FROM STDIN") as copy:
                for row in texts:
                    copy.write_row(row)
            for index in indexes:
                cursor.execute(index)
        else:
            cursor.executemany(f"INSERT INTO listings_searchtext ({names}) VALUES (%s, %s, %s, %s, %s)", texts)  # noqa: S608
