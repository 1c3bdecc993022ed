"""How many ads lists have: the one asked for, others worth a link, and those behind each choice."""

import json
from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, Count, Value, When

from listings.filter_fields import OPTIONS, Option
from listings.filters import Ads, VacancyFilter
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
        if ads.widened is not None and ads.before is not None:
            asked[f"{key}_widened"] = _capped(ads.widened)
            asked[f"{key}_before"] = _capped(ads.before, ads.enough)
    return asked


def _tallies(lists: dict[str, Ads], row: dict) -> dict[str, "Tally"]:
    return {
        key: Tally(
            row.get(f"{key}_exact") or 0,
            row.get(f"{key}_widened") or 0,
            is_widened=ads.before is not None and (row.get(f"{key}_before") or 0) < ads.enough,
        )
        for key, ads in lists.items()
    }


@dataclass(frozen=True)
class Tally:
    """exact: ads with all words; widened: with those that lack one. Capped."""

    exact: int
    widened: int
    is_widened: bool

    @property
    def count(self) -> int:
        return self.widened if self.is_widened else self.exact


def _capped(queryset, most=CAP + 1):
    return CappedCount(queryset.order_by()[:most].values("pk"))


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
    from CAP ads is not told, nor is that of a city which would change what the text means: a town in it would be a word,
    and the only word that no ad knows be left out.
    """

    def __init__(self, counts: dict[str, dict[str, int]] | None = None):
        self.counts = counts or {}

    def of(self, name: str) -> dict[str, int]:
        """By value."""
        return self.counts.get(name, {})

    @classmethod
    def counted(
        cls, asked: VacancyFilter, others: dict[str, Ads], *, is_widened: bool
    ) -> tuple["Facets", dict[str, Tally]]:
        """From the ads of the list, and for each group that narrows it from those without that group; in one query.

        others: lists that are counted by the same query
        is_widened: whether the list holds ads that lack a word
        """
        names = [*([] if asked.understood.place or asked.understood.gives_way else ["stadt"]), *OPTIONS]
        listed = {
            name: asked.found(**{name: None}).when(is_widened=is_widened) for name in names if asked.asked.get(name)
        }
        listed["all"] = asked.found().when(is_widened=is_widened)
        subqueries: dict = {key: _Rows(queryset) for key, queryset in listed.items()}
        subqueries["of_facts"] = _OfFacts(listed["all"])
        row = _one_row(subqueries | _counts(others))
        found = {key: json.loads(row.get(key) or "[]") for key in subqueries}
        counts = {}
        for name in names:
            rows = found.get(name if name in listed else "all", [])
            if len(rows) > CAP:
                continue
            if name == "stadt":
                counts[name] = _by_value(_cities(asked), _with_anywhere(asked, rows))
            else:
                counts[name] = _by_value(OPTIONS[name], rows)
        if len(found.get("all", [])) <= CAP:
            of_facts = dict(found.get("of_facts", []))
            counts["faktum"] = {slug: of_facts.get(fact.pk, 0) for slug, fact in asked.facts.items()}
        return cls(counts), _tallies(others, row)


def _cities(asked: VacancyFilter) -> dict[str, Option]:
    return {slug: Option(city.place.name, "city_id", (city.pk, ANYWHERE)) for slug, city in asked.cities.items()}


def _with_anywhere(asked: VacancyFilter, rows: list) -> list:
    """Where fully remote ads are wanted as well, they count for every city."""
    if "ortsunabhaengig" not in asked.good:
        return rows
    remote = COLUMNS.index("workplace")
    return [[ANYWHERE, *row[1:]] if row[remote] == "remote" else row for row in rows]


def _by_value(options: dict[str, Option], rows: list) -> dict[str, int]:
    counters: dict[str, Counter] = {}
    for option in options.values():
        if option.column not in counters:
            at = COLUMNS.index(option.column)
            counters[option.column] = Counter(row[at] for row in rows)
    return {value: sum(counters[option.column][each] for each in option.stored) for value, option in options.items()}
