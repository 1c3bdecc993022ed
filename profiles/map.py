"""The map of the cities: true places on a cut-out of the Länder, names that never touch, the way to the next city."""

import json
import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from django.conf import settings

from profiles.places import distance_km

# The outlines' projection: x = 63.87 · (longitude − 5.85), y = 102.05 · (55.06 − latitude).
PER_LONGITUDE, WEST, PER_LATITUDE, NORTH = 63.87, 5.85, 102.05, 55.06
# Below, units of the view box: a pixel each on the narrowest phones, half as much again where there is room.
WIDTH, LOWEST, HIGHEST = 360, 300, 440
MARGIN = 0.16  # of the longer side, around the outermost cities
MANY = 12  # cities; of more the names are written smaller
SPAN = 60  # of the outlines: how much of the country is seen around a single city
LETTERS, LINES = 18, 3  # letters of a line, lines of a name
WAY, WAY_LETTER = 12, 6.5  # height and letters of a distance
DOT, CLEAR, REACH = 4.5, 6, 15.5  # radius of a dot, of what no name may cover, of what a finger hits
RINGS = (20, 28, 38, 50, 64, 80, 98)  # how far a name is led away where there is no room beside its dot

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Face:
    """How large names are written: height of a letter and of a line."""

    size: float
    line: float


USUAL, SMALL = Face(13.5, 15), Face(11, 12.5)


@dataclass(frozen=True)
class Name:
    """Where the name of a city stands; `leader` is the line to its dot where it stands apart."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str
    box: Box
    face: Face
    leader: Segment | None = None

    @property
    def is_short(self) -> bool:
        return self.lines[-1].endswith("…")

    @property
    def placed(self) -> list[tuple[float, str]]:
        """Base line and text of each line."""
        return [(round(self.y + number * self.face.line, 1), line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    reach: float
    name: Name | None  # none where there is no room at all: the list has it


@dataclass(frozen=True)
class Way:
    """A line between neighbours; `text` stands at x, y where it covers nothing."""

    line: Segment
    text: str = ""
    x: float = 0
    y: float = 0


@dataclass(frozen=True)
class Drawing:
    """All that depends on names and places alone."""

    height: float
    outlines: list[str]
    grid: list[tuple[str, str, float, float]]  # a path, its name (may be empty) and where that stands
    spots: list[Spot]
    ways: list[Way]
    is_crowded: bool


@dataclass
class RegionMap:
    drawing: Drawing
    cities: list = field(default_factory=list)

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} {self.drawing.height:g}"

    @property
    def dots(self) -> list[tuple[object, Spot]]:
        return list(zip(self.cities, self.drawing.spots, strict=True))


def region_map(cities: Sequence) -> RegionMap | None:
    """A map that holds all `cities` (with `place`); None without one."""
    if not cities:
        return None
    places = tuple((city.place.name, city.place.latitude, city.place.longitude) for city in cities)
    return RegionMap(_draw(places), list(cities))


def neighbours(cities: Sequence, count: int = 2) -> dict[int, list[tuple[int, object]]]:
    """The nearest of the other `cities` with km as the crow flies, by the key of each city."""
    found = {}
    for city in cities:
        others = [(distance_km(city.place, other.place), other) for other in cities if other is not city]
        nearest = sorted(others, key=lambda pair: (pair[0], pair[1].pk))[:count]
        found[city.pk] = [(max(1, round(km)), other) for km, other in nearest]
    return found


@dataclass(frozen=True)
class _Place:
    name: str
    latitude: float
    longitude: float


@lru_cache(maxsize=16)
def _draw(known: tuple[tuple[str, float, float], ...]) -> Drawing:
    places = [_Place(*each) for each in known]
    points = [(PER_LONGITUDE * (p.longitude - WEST), PER_LATITUDE * (NORTH - p.latitude)) for p in places]
    xs, ys = zip(*points, strict=True)
    longer = max(max(xs) - min(xs), max(ys) - min(ys), SPAN / 2)
    wide = max(max(xs) - min(xs) + 2 * MARGIN * longer, SPAN)
    high = max(max(ys) - min(ys) + 2 * MARGIN * longer, SPAN)
    height = min(max(WIDTH * high / wide, LOWEST), HIGHEST)
    scale = min(WIDTH / wide, height / high)
    left, top = (min(xs) + max(xs) - WIDTH / scale) / 2, (min(ys) + max(ys) - height / scale) / 2

    def at(x: float, y: float) -> Point:
        return round((x - left) * scale, 1), round((y - top) * scale, 1)

    dots = [at(*point) for point in points]
    tree = _shortest_tree(places)
    ways = [(dots[one], dots[other]) for one, other, _ in tree]
    is_crowded = len(places) > MANY
    names = _place_names([p.name for p in places], dots, ways, height, SMALL if is_crowded else USUAL)
    taken = [name.box for name in names if name] + [_around(dot) for dot in dots]
    leaders = [name.leader for name in names if name and name.leader]
    frame = (-8, -8, WIDTH + 8, height + 8)
    return Drawing(
        height=round(height, 1),
        outlines=[path for rings in _laender() if (path := _path(rings, at, frame))],
        grid=_grid(left, top, scale, height, taken),
        spots=[Spot(*dot, reach=round(_reach(dot, dots), 1), name=name) for dot, name in zip(dots, names, strict=True)],
        ways=_named_ways(tree, ways, taken, leaders),
        is_crowded=is_crowded,
    )


# Names


def _place_names(
    names: list[str], dots: list[Point], ways: list[Segment], height: float, face: Face
) -> list[Name | None]:
    """A place for each name that covers no dot, no other name and no line to one.

    Who chooses first decides what is left for the others: a few orders are tried, and the one that leaves out and
    shortens least is kept.
    """
    everyone = range(len(dots))
    room = [_room(dot, dots) for dot in dots]
    orders = [
        sorted(everyone, key=lambda index: room[index]),
        sorted(everyone, key=lambda index: -room[index]),
        *(sorted(everyone, key=lambda index: sign * dots[index][axis]) for axis in (0, 1) for sign in (1, -1)),
    ]
    best: list[Name | None] = []
    least = math.inf
    for order in orders:
        placed = _place_in_turn(order, names, dots, ways, height, face)
        lost = sum(10 if name is None else 3 * name.is_short for name in placed)
        if lost < least:
            best, least = placed, lost
        if not lost:
            break
    return best


def _place_in_turn(order, names, dots, ways, height, face) -> list[Name | None]:
    placed: dict[int, Name] = {}
    for index in order:
        others = [dot for other, dot in enumerate(dots) if other != index]
        for candidates in _candidates(names[index], dots[index], face):
            free = [name for name in candidates if _is_free(name, others, list(placed.values()), height)]
            if free:
                placed[index] = min(free, key=lambda name: sum(crosses(way, name.box) for way in ways))
                break
    return [placed.get(index) for index in range(len(dots))]


def _is_free(name: Name, dots: list[Point], names: list[Name], height: float) -> bool:
    left, top, right, bottom = name.box
    if left < 2 or top < 2 or right > WIDTH - 2 or bottom > height - 2:
        return False
    # Farther from other dots than from its own, unless a line says whose it is.
    if any(overlap(name.box, _around(dot, CLEAR if name.leader else CLEAR + 4)) for dot in dots):
        return False
    for other in names:
        if overlap(name.box, other.box) or (other.leader and crosses(other.leader, name.box)):
            return False
        if name.leader and (crosses(name.leader, other.box) or (other.leader and _meet(name.leader, other.leader))):
            return False
    return not (name.leader and any(crosses(name.leader, _around(dot, DOT - 1.5)) for dot in dots))


def _candidates(name: str, dot: Point, face: Face) -> Iterator[list[Name]]:
    """Groups of places for a name, the best group first: whole before shortened, beside its dot before led away."""
    for lines in _wordings(name):
        yield _beside(lines, dot, face)
        for ring in RINGS:
            yield _led_away(lines, dot, ring, face)


def _wordings(name: str) -> list[tuple[str, ...]]:
    """The lines of a name as long as it may be, then shortened."""
    lines = textwrap.wrap(name, LETTERS) or [name]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][: LETTERS - 1]}…"]
    short = [(f"{name[:letters].rstrip(' -')}…",) for letters in (9, 5) if len(name) > letters + 1]
    return [tuple(lines), *short]


def _beside(lines: tuple[str, ...], dot: Point, face: Face) -> list[Name]:
    x, y = dot
    gap, rise = CLEAR + 2, face.line * len(lines)
    middle = y - rise / 2
    tops = [(x + gap, middle, "start"), (x - gap, middle, "end")]
    tops += [(x, y - gap - rise, "middle"), (x, y + gap, "middle")]
    tops += [(x + gap * 0.7, y - gap * 0.6 - rise, "start"), (x - gap * 0.7, y - gap * 0.6 - rise, "end")]
    tops += [(x + gap * 0.7, y + gap * 0.6, "start"), (x - gap * 0.7, y + gap * 0.6, "end")]
    return [_name(lines, face, *top) for top in tops]


def _led_away(lines: tuple[str, ...], dot: Point, ring: float, face: Face) -> list[Name]:
    x, y = dot
    rise, found = face.line * len(lines), []
    for step in range(24):
        across, down = math.cos(step * math.pi / 12), math.sin(step * math.pi / 12)
        end = (round(x + ring * across, 1), round(y + ring * down, 1))
        anchor = "middle" if abs(across) < 0.3 else "start" if across > 0 else "end"
        top = end[1] - rise / 2 if anchor != "middle" else end[1] + 1 if down > 0 else end[1] - rise - 1
        shift = {"start": 3, "end": -3, "middle": 0}[anchor]
        begin = (round(x + DOT * across, 1), round(y + DOT * down, 1))
        found.append(_name(lines, face, end[0] + shift, top, anchor, (begin, end)))
    return found


def _name(lines: tuple[str, ...], face: Face, x: float, top: float, anchor: str, leader: Segment | None = None) -> Name:
    width = max(name_width(line, face) for line in lines)
    left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
    box = (left, top, left + width, top + face.line * len(lines))
    return Name(lines, round(x, 1), round(top + face.size * 0.85, 1), anchor, box, face, leader)


def name_width(text: str, face: Face) -> float:
    """At most what the text takes in the half-bold face of the site, and in the usual one where that is missing."""
    return sum(_letter(letter) for letter in text) * face.size


def _letter(letter: str) -> float:
    if letter in "iljI.,' ’":
        return 0.3
    if letter in "frt-()":
        return 0.39
    if letter in "mwMW…@%" or letter > "ɏ":
        return 1.0
    return 0.81 if letter.isupper() else 0.64


# Ways


def _shortest_tree(places: Sequence[_Place]) -> list[tuple[int, int, float]]:
    """The least lines that lead from every place to every other: each has its nearest one among them."""
    near = {index: (distance_km(places[0], places[index]), 0) for index in range(1, len(places))}
    found = []
    while near:
        index = min(near, key=lambda index: (near[index], index))
        km, other = near.pop(index)
        found.append((other, index, km))
        for rest in near:
            near[rest] = min(near[rest], (distance_km(places[index], places[rest]), index))
    return found


def _named_ways(tree, ways: list[Segment], taken: list[Box], leaders: list[Segment]) -> list[Way]:
    found, used = [], list(taken)
    for (_, _, km), line in zip(tree, ways, strict=True):
        text = f"{max(1, round(km))} km"
        width, way = WAY_LETTER * len(text), Way(line)
        for x, y in _along(line, width):
            box = (x - width / 2, y - WAY / 2, x + width / 2, y + WAY / 2)
            others = [other for other in ways if other is not line]
            if not any(overlap(box, other) for other in used) and not any(crosses(o, box) for o in leaders + others):
                used.append(box)
                way = Way(line, text, round(x, 1), round(y + WAY * 0.36, 1))
                break
        found.append(way)
    return found


def _along(line: Segment, width: float) -> Iterator[Point]:
    """Where the length of a line may be written: on it where the line is long enough, else beside its middle."""
    (x1, y1), (x2, y2) = line
    length = math.dist(*line)
    if length > width + 2 * CLEAR:
        for share in (0.5, 0.42, 0.58, 0.34, 0.66):
            yield x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
    if length > 2 * CLEAR:
        across, down = (y2 - y1) / length, (x1 - x2) / length
        away = WAY / 2 + 1 + abs(across) * width / 2
        for sign in (1, -1):
            yield (x1 + x2) / 2 + sign * across * away, (y1 + y2) / 2 + sign * down * away


# The country


@cache
def _laender() -> list[list[list[Point]]]:
    """The rings of each Land in the outlines' own units."""
    data = json.loads((settings.BASE_DIR / "fixtures" / "laender_paths.json").read_text(encoding="utf-8"))
    return [[_ring(part) for part in path.split("M") if part] for _, path in data]


def _ring(part: str) -> list[Point]:
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", part)]
    ring = [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
    return ring


def _path(rings: list[list[Point]], at, frame: Box) -> str:
    """What the frame shows of the rings, as a path."""
    path = ""
    for ring in rings:
        if seen := _clip([at(*point) for point in ring], frame):
            steps = [(f"{x2 - x1:.0f} {y2 - y1:.0f}") for (x1, y1), (x2, y2) in pairwise(map(_whole, seen))]
            path += f"M{seen[0][0]:.0f} {seen[0][1]:.0f}l{'l'.join(steps)}z" if steps else ""
    return path


def _whole(point: Point) -> Point:
    return float(round(point[0])), float(round(point[1]))


def _clip(ring: list[Point], frame: Box) -> list[Point]:
    """The part of a ring inside the frame, one edge of the frame after the other (Sutherland and Hodgman)."""
    left, top, right, bottom = frame
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept: list[Point] = []
        for before, point in zip([ring[-1], *ring[:-1]], ring, strict=True) if ring else []:
            was_in, is_in = (before[axis] - limit) * sign >= 0, (point[axis] - limit) * sign >= 0
            if was_in != is_in:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + (point[0] - before[0]) * share, before[1] + (point[1] - before[1]) * share))
            if is_in:
                kept.append(point)
        ring = kept
    return ring


def _grid(
    left: float, top: float, scale: float, height: float, taken: list[Box]
) -> list[tuple[str, str, float, float]]:
    """Meridians and parallels, a few of each; their names only where they cover nothing."""
    west, east = left / PER_LONGITUDE + WEST, (left + WIDTH / scale) / PER_LONGITUDE + WEST
    north, south = NORTH - top / PER_LATITUDE, NORTH - (top + height / scale) / PER_LATITUDE
    step = next(step for step in (0.25, 0.5, 1, 2, 4) if max(east - west, north - south) / step <= 5)
    found = []
    for degree in _steps(west, east, step):
        x = round((PER_LONGITUDE * (degree - WEST) - left) * scale, 1)
        found.append((f"M{x:g} 0V{height:g}", _degrees(degree, "O"), round(x + 3, 1), round(height - 5, 1)))
    for degree in _steps(south, north, step):
        y = round((PER_LATITUDE * (NORTH - degree) - top) * scale, 1)
        found.append((f"M0 {y:g}H{WIDTH}", _degrees(degree, "N"), 4, round(y - 3, 1)))
    return [
        (path, "" if any(overlap((x, y - 9, x + 42, y + 2), box) for box in taken) or x > WIDTH - 42 else name, x, y)
        for path, name, x, y in found
    ]


def _steps(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(math.floor(low / step) + 1, math.ceil(high / step))]


def _degrees(value: float, side: str) -> str:
    minutes = round(value % 1 * 60)
    return f"{int(value)}°{f'{minutes:02d}′' if minutes else ''} {side}"


# Geometry


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(segment: Segment, box: Box) -> bool:
    """Whether a line touches a box (Liang and Barsky)."""
    (x1, y1), (x2, y2) = segment
    start, end = 0.0, 1.0
    for delta, low, high in ((x2 - x1, box[0] - x1, box[2] - x1), (y2 - y1, box[1] - y1, box[3] - y1)):
        if delta == 0:
            if low > 0 or high < 0:
                return False
            continue
        enter, leave = sorted((low / delta, high / delta))
        start, end = max(start, enter), min(end, leave)
    return start <= end


def _meet(one: Segment, other: Segment) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return side(*one, other[0]) * side(*one, other[1]) < 0 and side(*other, one[0]) * side(*other, one[1]) < 0


def _around(dot: Point, by: float = CLEAR) -> Box:
    return dot[0] - by, dot[1] - by, dot[0] + by, dot[1] + by


def _room(dot: Point, dots: list[Point]) -> float:
    """How far the next dot is."""
    return min((math.dist(dot, other) for other in dots if other is not dot), default=WIDTH)


def _reach(dot: Point, dots: list[Point]) -> float:
    """What a finger hits, without reaching into a neighbour's half; the list is there for the narrowest."""
    return min(REACH, max(_room(dot, dots) / 2, DOT))
