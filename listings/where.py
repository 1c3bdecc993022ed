"""Which town "wo" means, and what lies around it."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from jobboard.text import fold
from listings.filter_fields import DEFAULT_KM, RADII
from listings.place_form import SAME_PLACE_KM, Called
from listings.search import spelling
from listings.search.towns import Town, find_towns
from listings.suggestions import told_apart
from profiles.models import Place, PostalCode
from profiles.places import distance_km

CODE = re.compile(r"(?:D\s*[-–]?\s*)?([0-9]+)\b[\s,]*(.*)", re.IGNORECASE)


class UnknownPlaceError(Exception):
    """No town is called like that; one called `nearest` may be meant."""

    def __init__(self, message: str, nearest: str = ""):
        super().__init__(message)
        self.nearest = nearest


class Name(NamedTuple):
    """Of a town. label: tells it apart from others of that name; name: the shortest by which `find` finds it"""

    place: Place
    label: str
    name: str


@dataclass(frozen=True)
class Where:
    """A town and what lies within `km` of it.

    name: by which `find` finds it again
    further: towns that count as well
    alike: where the same words may mean several towns, the names of all, its own first
    hint: what does not fit together in what was typed
    """

    place: Place
    name: str
    km: int = DEFAULT_KM
    further: tuple[Place, ...] = ()
    alike: tuple[Name, ...] = ()
    hint: str = ""

    @cached_property
    def distances(self) -> dict[int, float]:
        """In km, of every place within `km`, by its id."""
        if not self.km:
            return {place.pk: 0.0 for place in self._towns}
        return {pk: distance for pk, distance in self._around.items() if distance <= self.km}

    def with_km(self, km: int) -> "Where":
        other = replace(self, km=km)
        other.__dict__["_around"] = self._around
        return other

    @cached_property
    def _around(self) -> dict[int, float]:
        """The distances within the largest radius: a short list looks at all of them, and the database is asked once."""
        return Place.objects.within(RADII[-1], *self._towns)

    @property
    def _towns(self) -> tuple[Place, ...]:
        return (self.place, *self.further)


def find(text: str, with_page: Container[int]) -> Where:
    """The likeliest of the towns that `text` may mean. Raises UnknownPlaceError.

    with_page: ids of places with a page of their own, which are likelier than larger ones
    """
    text = " ".join(text.split())
    hint = ""
    if code := CODE.fullmatch(text):
        digits, name = code[1], code[2]
        if len(digits) != 5:
            raise UnknownPlaceError(f"„{digits[:10]}“ ist keine ganze Postleitzahl; sie hat fünf Ziffern.")
        area = PostalCode.objects.select_related("place").filter(code=digits).first()
        if area:
            called = Called.like(area.place.name, name)
            place, hint = _in_area(area, name, called)
            return Where(place, names_of([place], called, with_page)[0].name, hint=hint)
        if not name:
            raise UnknownPlaceError(f"Die Postleitzahl {digits} kennen wir nicht.")
        text, hint = name, f"Die Postleitzahl {digits} kennen wir nicht."
    called = Called.like(text)
    found = called.meant(text)
    if not found and (town := _town_in(text)):  # "Frankfurt a. M.", "Hamm Westf"
        found = [town.place, *town.also]
        called = Called.like(*(place.name for place in found))
    if not found:
        raise UnknownPlaceError(f"Einen Ort namens „{text[:60]}“ kennen wir in Deutschland nicht.", nearest(text))
    alike = names_of(found, called, with_page)
    if "," in text:  # "Hamm, Rheinland-Pfalz, bei Waldbröl", as we write it ourselves
        alike = [each for each in alike if fold(each.label) == fold(text)] or alike
    first, *others = alike
    return Where(first.place, first.name, alike=tuple(alike) if others else (), hint=hint)


def names_of(towns: list[Place], called: Called, with_page: Container[int]) -> list[Name]:
    """What towns that the same words may mean are called, the likeliest first: one with a page, then the largest.

    called: besides, what else is called like them
    """

    def likeliest_first(places: list[Place]) -> list[Place]:
        return sorted(places, key=lambda place: (place.pk not in with_page, -(place.population or 0), place.pk))

    bare = {place for place in towns if likeliest_first(called.meant(place.name))[0] == place}
    if len(towns) == 1 and bare:
        return [Name(place, place.name, place.name) for place in towns]
    twins = {(place.folded, place.land) for place in towns}
    labels = dict(told_apart([place for place in called.places if (place.folded, place.land) in twins]))
    return [
        Name(place, labels[place], place.name if place in bare else labels[place]) for place in likeliest_first(towns)
    ]


def _town_in(text: str) -> Town | None:
    """The only town that the text names, where it says nothing else."""
    towns = find_towns(text)
    is_all = len(towns) == 1 and not fold(text[: towns[0].start] + text[towns[0].end :])
    return towns[0] if is_all else None


def _in_area(area: PostalCode, name: str, called: Called) -> tuple[Place, str]:
    """The town of a postal code, with `name` behind it or not, and what does not fit."""
    if not name:
        return area.place, ""
    near = [place for found in called.named(name.split(",")[0]) for place in found]
    closest = min(near, key=lambda place: distance_km(place, area), default=None)
    if closest and distance_km(closest, area) <= SAME_PLACE_KM:
        return closest, ""
    return area.place, f"{area.code} liegt nicht in {name[:60]}, sondern in oder bei {area.place.name}."


def nearest(text: str) -> str:
    """The name of the largest town that is written almost like `text`, or nothing."""
    typed = fold(text)[:40]
    if len(typed) < 3:
        return ""
    # An error in the first letters leaves those behind them right.
    near = Place.objects.filter(Q(folded__begins=typed[:2]) | Q(folded__endswith=typed[3:]))
    most = spelling.errors_in(len(typed)) or 1
    found = [
        (errors, -(population or 0), name)
        for name, folded, population in near.values_list("name", "folded", "population")
        if abs(len(folded) - len(typed)) <= most and (errors := spelling.distance(typed, folded, most)) <= most
    ]
    return min(found, default=(0, 0, ""))[2]
