"""Which town "wo" means, and what lies around it."""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from jobboard.text import fold
from listings.filter_fields import DEFAULT_KM
from listings.place_form import SAME_PLACE_KM, describe, places_called, places_meant
from listings.search import spelling
from listings.search.towns import find_towns
from listings.suggestions import told_apart
from profiles.models import Place, PostalCode
from profiles.places import distance_km

CODE = re.compile(r"(?:D\s*[-–]?\s*)?([0-9]+)\b[\s,]*(.*)", re.IGNORECASE)


class UnknownPlaceError(Exception):
    """No town is called like that; one called `nearest` may be meant."""

    def __init__(self, message: str, nearest: str = ""):
        super().__init__(message)
        self.nearest = nearest


@dataclass(frozen=True)
class Where:
    """A town and what lies within `km` of it.

    name: by which `find` finds it again
    further: towns that count as well
    alike: where the same words may mean several towns, names that tell these apart, its own first
    hint: what does not fit together in what was typed
    """

    place: Place
    name: str
    km: int = DEFAULT_KM
    further: tuple[Place, ...] = ()
    alike: tuple[str, ...] = ()
    hint: str = ""

    @cached_property
    def distances(self) -> dict[int, float]:
        """In km, of every place within reach, by its id."""
        found: dict[int, float] = {}
        for place in (self.place, *self.further):
            around = Place.objects.within(self.km, of=place) if self.km else {place.pk: 0.0}
            for pk, distance in around.items():
                found[pk] = min(distance, found.get(pk, distance))
        return found


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
            place, hint = _in_area(area, name)
            return Where(place, _name_of(place, with_page), hint=hint)
        if not name:
            raise UnknownPlaceError(f"Die Postleitzahl {digits} kennen wir nicht.")
        text, hint = name, f"Die Postleitzahl {digits} kennen wir nicht."
    found = towns_called(text, with_page)
    if not found:
        raise UnknownPlaceError(f"Einen Ort namens „{text[:60]}“ kennen wir in Deutschland nicht.", nearest(text))
    place = found[0]
    is_plain = fold(text) == place.folded  # and then it is what the bare name stands for
    name = place.name if is_plain else _name_of(place, with_page)
    return Where(place, name, alike=names_of(found), hint=hint)


def names_of(towns: list[Place]) -> tuple[str, ...]:
    """Names that tell several towns apart; `find` knows them."""
    return tuple(label for _, label in told_apart(towns)) if len(towns) > 1 else ()


def towns_called(text: str, with_page: Container[int]) -> list[Place]:
    """Towns that `text` may mean: those with a page first, then the largest."""
    found = places_meant(text)
    if len(found) > 1 and "," in text:  # "Hamm, Rheinland-Pfalz, bei Waldbröl", as we write it ourselves
        told = [place for place, words in zip(found, describe(found), strict=True) if fold(words) == fold(text)]
        found = told or found
    if not found:
        towns = find_towns(text)  # "Frankfurt a. M.", "Hamm Westf"
        found = [towns[0].place, *towns[0].also] if len(towns) == 1 and _is_all(towns[0], text) else []
    return sorted(found, key=lambda place: (place.pk not in with_page, -(place.population or 0), place.pk))


def _is_all(town, text: str) -> bool:
    return not fold(text[: town.start] + text[town.end :])


def _name_of(place: Place, with_page: Container[int]) -> str:
    """Its bare name where that means it and no other."""
    return place.name if towns_called(place.name, with_page)[:1] == [place] else describe([place])[0]


def _in_area(area: PostalCode, name: str) -> tuple[Place, str]:
    """The town of a postal code, with `name` behind it or not, and what does not fit."""
    if not name:
        return area.place, ""
    near = [place for found in places_called(name.split(",")[0]) for place in found]
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
