"""How many ads lists have: the one asked for, others worth a link, and those behind each choice."""

import json
from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, Count, Value, When

from listings.filter_fields import OPTIONS, Option
from listings.filters import PAGE_SIZE, Ads, VacancyFilter
from listings.models import CAP, Vacancy
from listings.models.subqueries import AsJson, CappedCount

# What choices are told apart by; `has_contact` stands for the name itself.
COLUMNS = [
    "city_id", "level", "working_time", "workplace", "contract", "employer_kind", "asks_cover_letter", "asks_photo",
    "has_contact",
]  # fmt: skip
ANYWHERE = "anywhere"


def count_lists(lists: dict[str, Ads]) -> dict[str, "Tally"]:
    """Of each list, all in one query."""
    return _tallies(lists, _one_row(_counts(lists)))


def _counts(lists: dict[str, Ads]) -> dict[str, CappedCount]:
    asked = {}
    for key, ads in lists.items():
        asked[f"{key}_exact"] = _capped(ads.exact)
        if ads.widened is not None:
            asked[f"{key}_widened"] = _capped(ads.widened)
    return asked


def _tallies(lists: dict[str, Ads], row: dict) -> dict[str, "Tally"]:
    return {
        key: Tally(row.get(f"{key}_exact") or 0, row.get(f"{key}_widened"), ads.enough) for key, ads in lists.items()
    }


@dataclass(frozen=True)
class Tally:
    """exact: ads with all words; widened: with those that lack one, None where that is not offered. Capped.

    enough: as in Ads
    """

    exact: int
    widened: int | None = None
    enough: int = PAGE_SIZE

    @property
    def is_widened(self) -> bool:
        return self.widened is not None and self.exact < self.enough

    @property
    def count(self) -> int:
        return self.widened if self.is_widened and self.widened is not None else self.exact


def _capped(queryset):
    return CappedCount(queryset.order_by()[: CAP + 1].values("pk"))


def _one_row(subqueries):
    """Their values; a board without any ad has nothing to count."""
    return Vacancy.objects.order_by("pk").values(**subqueries)[:1].first() or {}


class _Rows(AsJson):
    """COLUMNS of ads, at most CAP + 1."""

    sql = f"{{rows}}({{array}}({', '.join(f'found.{name}' for name in COLUMNS)}))"

    def __init__(self, queryset):
        named = Case(When(contact_name="", then=Value(0)), default=Value(1))
        super().__init__(queryset.order_by().annotate(has_contact=named).values(*COLUMNS)[: CAP + 1])


class _OfFacts(AsJson):
    """How many of at most CAP + 1 ads speak of each fact."""

    sql = "{rows}({array}(found.fact_id, found.ads))"

    def __init__(self, queryset):
        links = Vacancy.mentions.through.objects.filter(vacancy__in=queryset.order_by().values("pk")[: CAP + 1])
        super().__init__(links.order_by().values("fact_id").annotate(ads=Count("pk")))


class Facets:
    """The count beside each choice: of the list that has it as the only one of its group and all else as it is.

    Of facts, which are asked for together, of the list that asks for it as well. A count that cannot be told exactly
    from CAP ads is not told.
    """

    def __init__(self, counts: dict[str, dict[str, int]] | None = None):
        self.counts = counts or {}

    def of(self, name: str) -> dict[str, int]:
        """By value."""
        return self.counts.get(name, {})

    @classmethod
    def counted(cls, asked: VacancyFilter, others: dict[str, Ads]) -> tuple["Facets", dict[str, Tally]]:
        """From the ads of the list, and for each group that narrows it from those without that group; in one query.

        others: lists that are counted by the same query
        """
        names = ["stadt", *OPTIONS]
        lists = {name: asked.found(**{name: None}) for name in names if asked.asked.get(name)}
        lists["all"] = asked.found()
        subqueries: dict = {}
        for key, ads in lists.items():
            for kind, queryset in (("exact", ads.exact), ("widened", ads.widened)):
                if queryset is not None:
                    subqueries[f"{key}_{kind}"] = _Rows(queryset)
        for kind, queryset in (("exact", lists["all"].exact), ("widened", lists["all"].widened)):
            if queryset is not None:
                subqueries[f"facts_{kind}"] = _OfFacts(queryset)
        row = _one_row(subqueries | _counts(others))
        found = {key: json.loads(row.get(key) or "[]") for key in subqueries}
        counts = {}
        for name in names:
            key = name if name in lists else "all"
            exact, widened = found.get(f"{key}_exact", []), found.get(f"{key}_widened")
            if name == "stadt":
                exact, widened = _with_anywhere(asked, exact), widened and _with_anywhere(asked, widened)
            options = _cities(asked) if name == "stadt" else OPTIONS[name]
            counts[name] = _by_value(options, exact, widened, asked.enough)
        counts["faktum"] = _facts(asked, found)
        return cls(counts), _tallies(others, row)


def _cities(asked: VacancyFilter) -> dict[str, Option]:
    return {slug: Option(city.place.name, "city_id", (city.pk, ANYWHERE)) for slug, city in asked.cities.items()}


def _with_anywhere(asked: VacancyFilter, rows: list) -> list:
    """Where fully remote ads are wanted as well, they count for every city."""
    if "ortsunabhaengig" not in asked.good:
        return rows
    remote = COLUMNS.index("workplace")
    return [[ANYWHERE, *row[1:]] if row[remote] == "remote" else row for row in rows]


def _by_value(options: dict[str, Option], exact: list, widened: list | None, enough: int) -> dict[str, int]:
    def count(rows: list, option: Option) -> int:
        at = COLUMNS.index(option.column)
        if (id(rows), at) not in counters:
            counters[id(rows), at] = Counter(row[at] for row in rows)
        return sum(counters[id(rows), at][each] for each in option.stored)

    counters: dict[tuple[int, int], Counter] = {}
    found = {}
    for value, option in options.items():
        tally = Tally(count(exact, option), None if widened is None else count(widened, option), enough)
        if _is_known(tally, exact, widened):
            found[value] = tally.count
    return found


def _is_known(tally: Tally, exact: list, widened: list | None) -> bool:
    if len(exact) > CAP:
        return False
    return not tally.is_widened or widened is None or len(widened) <= CAP


def _facts(asked: VacancyFilter, found: dict) -> dict[str, int]:
    exact, widened = found.get("all_exact", []), found.get("all_widened")
    of_exact = dict(found.get("facts_exact", []))
    of_widened = dict(found["facts_widened"]) if "facts_widened" in found else None
    counts = {}
    for slug, fact in asked.facts.items():
        widely = None if of_widened is None else of_widened.get(fact.pk, 0)
        tally = Tally(of_exact.get(fact.pk, 0), widely, asked.enough)
        if _is_known(tally, exact, widened):
            counts[slug] = tally.count
    return counts
