"""The map of the cities: their true places on a cut-out of the Länder, labels led apart."""

import json
import math
from dataclasses import dataclass
from functools import cache

from django.conf import settings

# The outlines' projection: x = 63.87 · (longitude − 5.85), y = 102.05 · (55.06 − latitude), viewBox 0 0 586 795.
PER_LONGITUDE, WEST, PER_LATITUDE, NORTH = 63.87, 5.85, 102.05, 55.06
MARGIN = 0.16  # of the longer side, around the outermost cities
LETTER, LINE = 0.021, 0.05  # of the width: what a letter and a line of a label take


@dataclass
class Dot:
    city: object
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass
class RegionMap:
    view_box: str
    size: float  # of the longer side, in units of the view box
    dots: list[Dot]
    outlines: list[str]
    meridians: list[tuple[float, str]]  # x and name of whole and half degrees
    parallels: list[tuple[float, str]]
    left: float
    top: float
    right: float
    bottom: float


def project(place) -> tuple[float, float]:
    return PER_LONGITUDE * (place.longitude - WEST), PER_LATITUDE * (NORTH - place.latitude)


@cache
def _outlines() -> list[str]:
    data = json.loads((settings.BASE_DIR / "fixtures" / "laender_paths.json").read_text(encoding="utf-8"))
    return [path for _, path in data]


def region_map(cities) -> RegionMap | None:
    """A cut-out of at least a square that holds all `cities` (with `place`); None without one."""
    if not cities:
        return None
    points = [project(city.place) for city in cities]
    xs, ys = zip(*points, strict=True)
    size = max(max(xs) - min(xs), max(ys) - min(ys), 40) * (1 + 2 * MARGIN)
    left, top = (min(xs) + max(xs) - size) / 2, (min(ys) + max(ys) - size) / 2
    taken: list[tuple[float, float, float, float]] = [
        (x - 0.02 * size, y - 0.02 * size, x + 0.02 * size, y + 0.02 * size) for x, y in points
    ]
    dots = []
    for city, (x, y) in sorted(zip(cities, points, strict=True), key=lambda pair: pair[1]):
        width, height, gap = LETTER * size * len(city.place.name), LINE * size, 0.032 * size
        sides = [
            (x + gap, y + height * 0.3, "start"),
            (x - gap, y + height * 0.3, "end"),
            (x, y - gap, "middle"),
            (x, y + gap + height * 0.7, "middle"),
            (x + gap * 0.7, y - gap * 0.8, "start"),
            (x - gap * 0.7, y - gap * 0.8, "end"),
            (x + gap * 0.7, y + gap + height * 0.5, "start"),
            (x - gap * 0.7, y + gap + height * 0.5, "end"),
        ]

        def rectangle(side, width=width, height=height):
            at, base, anchor = side
            start = {"start": at, "middle": at - width / 2, "end": at - width}[anchor]
            return (start, base - height * 0.75, start + width, base + height * 0.25)

        def collisions(side, rectangle=rectangle):
            box = rectangle(side)
            outside = box[0] < left or box[2] > left + size or box[1] < top or box[3] > top + size
            return outside * 10 + sum(
                box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
            )

        best = min(sides, key=collisions)
        taken.append(rectangle(best))
        dots.append(Dot(city, round(x, 2), round(y, 2), round(best[0], 2), round(best[1], 2), best[2]))
    return RegionMap(
        view_box=f"{left:.2f} {top:.2f} {size:.2f} {size:.2f}",
        size=round(size, 2),
        dots=dots,
        outlines=_outlines(),
        meridians=[
            (round(PER_LONGITUDE * (half / 2 - WEST), 2), _degrees(half / 2, "O"))
            for half in _halves(left / PER_LONGITUDE + WEST, (left + size) / PER_LONGITUDE + WEST)
        ],
        parallels=[
            (round(PER_LATITUDE * (NORTH - half / 2), 2), _degrees(half / 2, "N"))
            for half in _halves(NORTH - (top + size) / PER_LATITUDE, NORTH - top / PER_LATITUDE)
        ],
        left=round(left, 2),
        top=round(top, 2),
        right=round(left + size, 2),
        bottom=round(top + size, 2),
    )


def _halves(low: float, high: float) -> range:
    """Half degrees strictly between two degrees."""
    return range(math.floor(low * 2) + 1, math.ceil(high * 2))


def _degrees(value: float, side: str) -> str:
    return f"{int(value)}°{'30′' if value % 1 else ''} {side}"
