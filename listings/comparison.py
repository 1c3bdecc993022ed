"""The cities side by side: what their texts say of pay on one scale, what is counted of their ads, what they share."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef
from django.utils.timezone import localdate

from jobboard.templatetags.board import pay_range
from jobboard.text import fold
from listings.filters import count_text
from listings.models import CAP, Vacancy
from listings.models.subqueries import AsJson
from profiles.chart import Row, Scale, counted_rows, editorial_rows, scale_of, stand_of
from profiles.map import neighbours
from profiles.models import City, CityFact, Fact, Level, SalaryFigure

NEW_DAYS = 7
SHARE_FROM = 10  # ads; of fewer, a share in per cent would say more than they do
MOST_BANDS = 6  # of a city; its page has the others
COMPARED = [Fact.Kind.SECTOR, Fact.Kind.TOOL]

SORTINGS = {
    "name": "Stadt",
    "einstieg": "Einstieg",
    "erfahren": "mit Erfahrung",
    "stellen": "offene Stellen",
    "neu": "neu in 7 Tagen",
    "homeoffice": "Homeoffice",
}


@dataclass(frozen=True)
class Tally:
    """Open ads of a city whose firms hire themselves, counted among the newest CAP + 1."""

    open: int = 0
    new: int = 0
    hybrid: int = 0
    remote: int = 0

    @property
    def is_capped(self) -> bool:
        """Then only `open` and `new` are counts of the lists that they lead to."""
        return self.open > CAP

    @property
    def open_text(self) -> str:
        return count_text(self.open)

    @property
    def new_text(self) -> str:
        return count_text(self.new)

    @property
    def away(self) -> int:
        """With days at home, or from anywhere."""
        return self.hybrid + self.remote

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.away) / self.open if self.open else None

    @property
    def per_cent(self) -> int | None:
        return round(self.share * 100) if self.share is not None and self.open >= SHARE_FROM else None


class Tallied(AsJson):
    """The fields of Tally, in a single walk."""

    sql = """{array}(
        COUNT(*),
        COUNT(*) FILTER (WHERE found.first_day >= '%(since)s'),
        COUNT(*) FILTER (WHERE found.workplace = 'hybrid'),
        COUNT(*) FILTER (WHERE found.workplace = 'remote')
    )"""

    def __init__(self, queryset, since: date):
        super().__init__(queryset.values("first_day", "workplace"), since=since.isoformat())


def cities_with_counts():
    """Live cities by name in two queries, each with its `tally`, the `figures` of its live edition, its `neighbours`."""
    here = Vacancy.objects.open().direct().filter(city=OuterRef("pk")).newest()[: CAP + 1]
    tallied = Tallied(here, since=localdate() - timedelta(days=NEW_DAYS))
    cities = list(City.objects.live().select_related("place", "stamp").order_by().annotate(tallied=tallied))
    cities.sort(key=_by_name)
    figures: dict[int, list[SalaryFigure]] = {}
    for figure in SalaryFigure.objects.filter(edition__in=[city.live_id for city in cities]):
        figures.setdefault(figure.edition_id, []).append(figure)
    near = neighbours(cities)
    for city in cities:
        city.tally = Tally(*json.loads(city.tallied))
        city.figures = figures.get(city.live_id, [])
        city.neighbours = near[city.pk]
    return cities


# Bands


@dataclass(frozen=True)
class Band:
    """A range in its place, `x` and `width` in per cent of the scale.

    Without a `row`: a level that texts of other cities speak of and this one does not. `figure`: the one of the text
    that it shows; none where it is counted.
    """

    label: str
    note: str = ""
    look: str = ""
    row: Row | None = None
    figure: SalaryFigure | None = None
    x: float = 0
    width: float = 0

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)


def draw_bands(cities, counted=None):
    """Gives each of `cities` its `bands`, all on the Scale that comes back; None where there is nothing to draw.

    `counted`: the Counted of each, by its key. Levels stand in the same order everywhere, then segments, then what is
    counted.
    """
    medians = {city.pk: counted_rows(counted[city.pk])[:1] if counted else [] for city in cities}
    levels = [level for level in Level if any(figure.level == level for city in cities for figure in city.figures)]
    shown = {}
    for city in cities:
        stated = sorted(city.figures, key=lambda figure: _rank(figure, levels))
        shown[city.pk] = list(zip(stated, editorial_rows(stated), strict=True))[:MOST_BANDS]
        city.further_bands = len(stated) - len(shown[city.pk])
    scale = scale_of([row for city in cities for row in [*(row for _, row in shown[city.pk]), *medians[city.pk]]])
    for city in cities:
        bands = [_band(scale, figure, row) for figure, row in shown[city.pk]]
        for rank, level in enumerate(levels if city.figures else []):
            if all(figure.level != level for figure in city.figures):
                before = sum(band.figure is None or _rank(band.figure, levels) < rank for band in bands)
                bands.insert(before, Band(level.label))
        city.bands = [*bands, *(_counted_band(scale, row) for row in medians[city.pk])]
    return scale


def _rank(figure: SalaryFigure, levels: list[Level]) -> int:
    return levels.index(Level(figure.level)) if figure.level else len(levels)


def _band(scale: Scale, figure: SalaryFigure, row: Row) -> Band:
    label = figure.get_level_display() if figure.level else row.label
    notes = [row.label] if fold(row.label) != fold(label) else []
    notes.append(figure.qualifier)
    if figure.period == SalaryFigure.Period.YEAR:
        notes.append(f"im Text {pay_range(figure.low, figure.high)} {figure.get_period_display()}")
    if figure.stand:
        notes.append(f"Stand {stand_of(figure)}")
    return Band(label, "; ".join(filter(None, notes)), figure.level or figure.kind, row, figure, *scale.place(row))


def _counted_band(scale: Scale, row: Row) -> Band:
    return Band("Aus den Anzeigen", f"{row.label}, {row.source}", row.kind, row, None, *scale.place(row))


# What they share


@dataclass(frozen=True)
class Shared:
    """A fact, and for every city in turn its CityFact or None."""

    fact: Fact
    cells: list[tuple[City, CityFact | None]]

    @property
    def count(self) -> int:
        return sum(found is not None for _, found in self.cells)


def shared_facts(cities):
    """Sectors and tools of live editions as Shared under the names of their kinds, the common ones first; one query.

    Of cities whose text speaks of none there is no column.
    """
    editions = {city.live_id: city.pk for city in cities}
    rows = CityFact.objects.filter(edition__in=editions, fact__kind__in=COMPARED).select_related("fact").order_by()
    found: dict[Fact, dict[int, CityFact]] = {}
    for row in rows:
        found.setdefault(row.fact, {})[editions[row.edition_id]] = row
    speaking = [city for city in cities if any(city.pk in here for here in found.values())]
    shared = [Shared(fact, [(city, here.get(city.pk)) for city in speaking]) for fact, here in found.items()]
    shared.sort(key=lambda row: (-row.count, fold(row.fact.name), row.fact.pk))
    groups = [(kind.label, [row for row in shared if row.fact.kind == kind]) for kind in COMPARED]
    return speaking, [(label, rows) for label, rows in groups if rows]


# Order


def sorting_of(asked: str | None) -> tuple[str, list[str]]:
    """The sorting asked for, and a hint where there is no such thing."""
    if not asked or asked in SORTINGS:
        return asked or "name", []
    return "name", [f"Sortieren: „{asked[:40]}“ kennen wir nicht und haben es weggelassen."]


def sort_cities(cities, sorting):
    """By name, or the highest figure first, those without it last; equal ones by name."""
    if sorting == "name":
        return sorted(cities, key=_by_name)
    figure = {
        "einstieg": lambda city: _pay(city, Level.EINSTIEG),
        "erfahren": lambda city: _pay(city, Level.ERFAHREN),
        "stellen": lambda city: city.tally.open,
        "neu": lambda city: city.tally.new,
        "homeoffice": lambda city: city.tally.share,
    }[sorting]
    found = [(figure(city), city) for city in sorted(cities, key=_by_name)]
    known = [(key, city) for key, city in found if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=True)  # stable: equal ones stay by name
    return [city for _, city in known] + [city for key, city in found if key is None]


def _by_name(city: City) -> tuple[str, int]:
    return city.place.folded, city.pk


def _pay(city, level):
    """What a city's text names for a level: by the lower end, then the upper one; an end not named counts as least."""
    named = [
        (figure.month_low or Decimal(0), figure.month_high or Decimal(0))
        for figure in city.figures
        if figure.level == level
    ]
    return max(named, default=None)
