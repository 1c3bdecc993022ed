"""Gehaltskompass: pure functions that bring pay onto one scale, EUR a month full time, and relate it to bands."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from statistics import median, quantiles

from jobboard.templatetags.board import amount, euro, number, pay_range

WEEKS_PER_MONTH = Decimal(13) / 3  # 52 weeks in 12 months


class Unit(StrEnum):
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"


def monthly(
    pay: Decimal,
    unit: str,
    *,
    full_time_hours: Decimal,
    own_hours: Decimal | None = None,
    salaries: Decimal | None = None,
) -> Decimal:
    """`pay` in EUR a month full time, unrounded.

    own_hours: weekly hours that a monthly or yearly pay is for, where they are not full time.
    salaries: monthly salaries a year, where more than twelve are paid.
    """
    pay = Decimal(pay)
    if unit == Unit.HOUR:
        return pay * full_time_hours * 13 / 3
    month = pay / 12 if unit == Unit.YEAR else pay * (salaries or 12) / 12
    if own_hours and own_hours != full_time_hours:
        month = month * full_time_hours / own_hours
    return month


def calculation(
    low: Decimal,
    high: Decimal,
    unit: str,
    *,
    full_time_hours: Decimal,
    own_hours: Decimal | None = None,
    salaries: Decimal | None = None,
) -> str:
    """What monthly() does with both ends, in words; empty where it leaves them as they are."""
    steps = []
    if unit == Unit.HOUR:
        steps.append(f"× {number(full_time_hours)} Wochenstunden × 13 ÷ 3")
    else:
        if unit == Unit.YEAR:
            steps.append("÷ 12")
        elif salaries and salaries != 12:
            steps.append(f"× {number(salaries)} ÷ 12")
        if own_hours and own_hours != full_time_hours:
            steps.append(f"× {number(full_time_hours)} ÷ {number(own_hours)} Wochenstunden")
    if not steps:
        return ""
    ends = [
        monthly(end, unit, full_time_hours=full_time_hours, own_hours=own_hours, salaries=salaries)
        for end in (low, high)
    ]
    stated = euro(low) if low == high else f"{amount(low)} bis {euro(high)}"
    rounded = ", auf ganze Euro gerundet" if any(end % 1 for end in ends) else ""
    return f"{stated} {' '.join(steps)} = {pay_range(*ends)} im Monat{rounded}"


class Relation(StrEnum):
    BELOW = "below"
    INSIDE = "inside"
    OVERLAPS = "overlaps"
    BETWEEN = "between"
    ABOVE = "above"
    ABOVE_FLOOR = "above_floor"


@dataclass(frozen=True)
class Band:
    """A range in EUR a month full time; one end may be missing."""

    label: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Related:
    """How pay stands to bands: `bands` are those that the relation speaks of, lowest first."""

    relation: Relation
    bands: tuple


def relate(low: Decimal, high: Decimal, bands: Iterable) -> list[Related]:
    """How the range `low`–`high` stands to `bands` (things with low and high, one may be None), most telling first.

    A band without an upper end is a floor: told of beside what holds for the others. Ends that touch overlap; a range
    that fills a band is inside. Whatever is inside or overlaps something is not called below, between or above too,
    except that it may lie above a floor and below the bands that begin higher.
    """
    bands = sorted(bands, key=lambda band: (band.low or 0, band.high or Decimal("Infinity")))
    held = [band for band in bands if band.high is None and band.low <= low]
    others = [band for band in bands if band not in held]
    inside = [band for band in others if band.high is not None and (band.low or 0) <= low and high <= band.high]
    touched = [
        band
        for band in others
        if band not in inside and (band.low or 0) <= high and (band.high is None or low <= band.high)
    ]
    found = [Related(Relation.ABOVE_FLOOR, (floor,)) for floor in held]
    if inside:
        found.append(Related(Relation.INSIDE, tuple(inside)))
    if touched:
        found.append(Related(Relation.OVERLAPS, tuple(touched)))
    if inside or touched:
        return found
    under = [band for band in others if band.high is not None and band.high < low]
    over = [band for band in others if (band.low or 0) > high]
    if under and over:
        found.append(Related(Relation.BETWEEN, (max(under, key=lambda band: band.high), over[0])))
    elif over:
        found.append(Related(Relation.BELOW, (over[0],)))
    elif under:
        found.append(Related(Relation.ABOVE, (max(under, key=lambda band: band.high),)))
    return found


@dataclass(frozen=True, slots=True)
class Ad:
    """What counts of an open ad: EUR a month full time, whose it is, and for how much experience."""

    low: Decimal
    high: Decimal
    employer: int
    level: str
    pk: int = 0


FEWEST_ADS, FEWEST_EMPLOYERS = 5, 3  # for medians; below, only single ranges are shown
FEWEST_ADS_FOR_QUARTILES, FEWEST_EMPLOYERS_FOR_QUARTILES = 20, 5
MOST_OF_ONE_EMPLOYER = 3  # a third of the ads, or quartiles would speak of that employer


@dataclass(frozen=True)
class Counted:
    """The pay that employers state in open ads, told only as far as enough of them do.

    `is_capped`: there are more ads than these newest ones.
    """

    ads: tuple[Ad, ...]
    is_capped: bool = False

    @classmethod
    def of(cls, ads: Iterable[Ad], *, is_capped: bool = False) -> "Counted":
        return cls(tuple(ads), is_capped)

    @property
    def text(self) -> str:
        """gezählt aus 12 Anzeigen von 5 Arbeitgebern"""
        return f"gezählt aus {self.ads_text} von {self.employers_text}"

    @property
    def ads_text(self) -> str:
        if self.is_capped:
            return f"den neuesten {amount(self.count)} Anzeigen"
        return "1 Anzeige" if self.count == 1 else f"{amount(self.count)} Anzeigen"

    @property
    def employers_text(self) -> str:
        return "1 Arbeitgeber" if self.employer_count == 1 else f"{amount(self.employer_count)} Arbeitgebern"

    def of_level(self, level: str) -> "Counted":
        return Counted(tuple(ad for ad in self.ads if ad.level == level), self.is_capped)

    @property
    def count(self) -> int:
        return len(self.ads)

    @cached_property
    def employer_count(self) -> int:
        return len({ad.employer for ad in self.ads})

    @cached_property
    def shape(self) -> str:
        """What may be said: "none", the single "ranges", "medians", or "quartiles" too."""
        if not self.ads:
            return "none"
        if self.count < FEWEST_ADS or self.employer_count < FEWEST_EMPLOYERS:
            return "ranges"
        if self.count < FEWEST_ADS_FOR_QUARTILES or self.employer_count < FEWEST_EMPLOYERS_FOR_QUARTILES:
            return "medians"
        most = max(Counter(ad.employer for ad in self.ads).values())
        return "quartiles" if most * MOST_OF_ONE_EMPLOYER <= self.count else "medians"

    @property
    def has_medians(self) -> bool:
        return self.shape in ("medians", "quartiles")

    @cached_property
    def low(self) -> Decimal | None:
        """The median of the lower ends."""
        return median(ad.low for ad in self.ads) if self.has_medians else None

    @cached_property
    def high(self) -> Decimal | None:
        """The median of the upper ends."""
        return median(ad.high for ad in self.ads) if self.has_medians else None

    @cached_property
    def low_quartiles(self) -> tuple[Decimal, Decimal] | None:
        return self._quartiles([ad.low for ad in self.ads])

    @cached_property
    def high_quartiles(self) -> tuple[Decimal, Decimal] | None:
        return self._quartiles([ad.high for ad in self.ads])

    def _quartiles(self, ends: list[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The first and the third, between two ads in proportion; the lowest and the highest ad are part of it."""
        if self.shape != "quartiles":
            return None
        first, _, third = quantiles(ends, n=4, method="inclusive")
        return first, third
