"""Counted pay: what open ads of a city state, kept until an ad of it opens, closes or changes, or a day begins."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.core.cache import cache
from django.db.models import OuterRef, prefetch_related_objects
from django.utils.timezone import localdate

from jobboard.templatetags.board import pay_range, whole_euro
from listings.models import CAP, Vacancy
from listings.models.subqueries import AsJson
from profiles.compass import Ad, Counted
from profiles.models import City, Level, SalaryFigure

COLUMNS = ["pay_month_low", "pay_month_high", "employer_id", "level", "id"]
KEPT_FOR = 24 * 3600  # the key holds the day


class Rows(AsJson):
    sql = f"{{rows}}({{array}}({', '.join(f'found.{name}' for name in COLUMNS)}))"


def counted(cities: Iterable[City]) -> dict[int, Counted]:
    """The pay that the newest CAP open, direct ads of each city state, by the city's id.

    True without a cache that workers share: the key holds the city's stamp, which the database changes together with
    the ads. Cities read with their "stamp" joined cost no query where what was counted is kept, and one where not.
    """
    cities = list(cities)
    prefetch_related_objects(cities, "stamp")
    today = localdate()
    keys = {city.pk: f"counted:{city.pk}:{_stamp(city)}:{today}" for city in cities}
    kept = cache.get_many(keys.values())
    found = {pk: pay for pk, key in keys.items() if (pay := _read(kept.get(key)))}
    if lacking := [pk for pk in keys if pk not in found]:
        ads = Vacancy.objects.open(today).direct().filter(city=OuterRef("pk")).newest().values(*COLUMNS)
        rows = City.objects.filter(pk__in=lacking).order_by().values_list("pk", Rows(ads[: CAP + 1]))
        texts = {pk: text or "[]" for pk, text in rows}
        cache.set_many({keys[pk]: text for pk, text in texts.items()}, KEPT_FOR)
        found |= {pk: _parse(text) for pk, text in texts.items()}
    return found


def _stamp(city: City) -> str:
    stamp = getattr(city, "stamp", None)  # none before an ad of it has ever moved
    return stamp.value.hex if stamp else ""


def _read(text) -> Counted | None:
    """What was kept, or None where nothing was, or nothing that we would keep today."""
    try:
        return _parse(text) if isinstance(text, str) else None
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


@lru_cache(maxsize=64)  # a large city is a thousand ads, and its text stays the same from page to page
def _parse(text: str) -> Counted:
    rows = json.loads(text, parse_float=Decimal)
    ads = [
        Ad(round(Decimal(low), 6), round(Decimal(high), 6), int(employer), str(level), int(pk))
        for low, high, employer, level, pk in rows
    ]
    return Counted.of(ads[:CAP], is_capped=len(ads) > CAP)


@dataclass(frozen=True)
class Drift:
    """Ads of one level whose lower ends, `low` by median, have left the `bands` that the city's text states for it."""

    city: City
    level: Level
    low: Decimal
    counted: Counted
    bands: tuple[SalaryFigure, ...]

    @property
    def is_above(self) -> bool:
        return all(band.month_high is not None and self.low > band.month_high for band in self.bands)

    @property
    def is_below(self) -> bool:
        return all(band.month_low is not None and self.low < band.month_low for band in self.bands)

    def __str__(self):
        bands = " und ".join(f"„{band.label}“ ({pay_range(band.month_low, band.month_high)})" for band in self.bands)
        side = "über" if self.is_above else "unter" if self.is_below else "neben"
        return (
            f"{self.level.label}: Die unteren Enden liegen im Median bei "
            f"{whole_euro(self.low)}, {side} {bands}; {self.counted.text}."
        )


def drifted() -> list[Drift]:
    """Where the median lower end of at least five ads of three employers lies outside every band of their level.

    Bands of net pay say nothing about it.
    """
    figures = SalaryFigure.objects.filter(
        edition__in=City.objects.live().values("live_id"), kind=SalaryFigure.Kind.LEVEL
    ).exclude(gross=SalaryFigure.Gross.NET)
    bands: dict[City, dict[str, list[SalaryFigure]]] = {}
    for figure in figures.select_related("edition__city__place", "edition__city__stamp"):
        bands.setdefault(figure.edition.city, {}).setdefault(figure.level, []).append(figure)
    pay = counted(bands)
    found = []
    for city in sorted(bands, key=lambda city: city.place.folded):
        for level in Level:
            own, ads = bands[city].get(level, []), pay[city.pk].of_level(level)
            if own and ads.low is not None and not any(_holds(band, ads.low) for band in own):
                found.append(Drift(city, level, ads.low, ads, tuple(own)))
    return found


def _holds(band: SalaryFigure, pay: Decimal) -> bool:
    return (band.month_low or 0) <= pay and (band.month_high is None or pay <= band.month_high)
