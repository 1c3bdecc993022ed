"""Gehaltskompass: pure functions that bring pay onto one scale, EUR a month full time, and relate it to bands."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

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


class Relation(StrEnum):
    BELOW = "below"
    INSIDE = "inside"
    OVERLAPS = "overlaps"
    BETWEEN = "between"
    ABOVE = "above"
    ABOVE_FLOOR = "above_floor"


@dataclass(frozen=True)
class Related:
    """How pay stands to bands: `bands` are those that the relation speaks of, lowest first."""

    relation: Relation
    bands: tuple


def relate(low: Decimal, high: Decimal, bands: Iterable) -> list[Related]:
    """How the range `low`–`high` stands to `bands` (things with low and high, either may be None), most telling first.

    Bands without an upper end are told of as floors, beside what holds for the closed ones. Touching ends overlap,
    except that equal ends of a range and a band that holds it are inside.
    """
    bands = list(bands)
    closed = sorted((b for b in bands if b.high is not None), key=lambda b: (b.low or 0, b.high))
    floors = sorted((b for b in bands if b.high is None), key=lambda b: b.low)
    found = []
    for floor in floors:
        if low >= floor.low:
            found.append(Related(Relation.ABOVE_FLOOR, (floor,)))
        elif high < floor.low:
            found.append(Related(Relation.BELOW, (floor,)))
        else:
            found.append(Related(Relation.OVERLAPS, (floor,)))
    if not closed:
        return found
    inside = [b for b in closed if (b.low or 0) <= low and high <= b.high]
    touched = [b for b in closed if (b.low or 0) <= high and low <= b.high]
    if inside:
        found.append(Related(Relation.INSIDE, tuple(inside)))
    elif touched:
        found.append(Related(Relation.OVERLAPS, tuple(touched)))
    else:
        under = [b for b in closed if b.high < low]
        over = [b for b in closed if (b.low or 0) > high]
        if under and over:
            found.append(Related(Relation.BETWEEN, (max(under, key=lambda b: b.high), over[0])))
        elif over:
            if not floors:
                found.append(Related(Relation.BELOW, (over[0],)))
        else:
            found.append(Related(Relation.ABOVE, (max(under, key=lambda b: b.high),)))
    return found
