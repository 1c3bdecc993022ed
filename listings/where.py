"""Which town "wo" means, and what lies around it."""

import re
from dataclasses import dataclass
from functools import cached_property

from listings.filter_fields import DEFAULT_KM
from listings.place_form import SAME_PLACE_KM, places_called, places_meant
from profiles.models import City, Place, PostalCode
from profiles.places import distance_km

CODE = re.compile(r"(?:D\s*[-–]?\s*)?([0-9]+)\b[\s,]*(.*)", re.IGNORECASE)


class UnknownPlaceError(Exception):
    """No town is called like that; `nearest` may be meant."""

    def __init__(self, message, nearest=None):
        super().__init__(message)
        self.nearest = nearest


@dataclass(frozen=True)
class Where:
    """A town and what lies around it, `km` far.

    name: by which `wo` finds it again
    others: further towns that the same words may mean, each with its name
    hint: what does not fit together in what was typed
    """

    place: Place
    name: str
    km: int = DEFAULT_KM
    others: tuple[tuple[Place, str], ...] = ()
    hint: str = ""

    @cached_property
    def distances(self) -> dict[int, float]:
        """In km, of every place within reach, by its id."""
        return Place.objects.within(self.km, of=self.place) if self.km else {self.place.pk: 0.0}


def find(text: str, km: int = DEFAULT_KM) -> Where:
    """The likeliest of the towns that `text` may mean. Raises UnknownPlaceError."""
    text = " ".join(text.split())
    hint = ""
    if code := CODE.fullmatch(text):
        digits, name = code[1], code[2]
        if len(digits) != 5:
            raise UnknownPlaceError(f"„{digits[:10]}“ ist keine ganze Postleitzahl; sie hat fünf Ziffern.")
        area = PostalCode.objects.select_related("place").filter(code=digits).first()
        if area:
            return _in_area(area, name, km)
        if not name:
            raise UnknownPlaceError(f"Die Postleitzahl {digits} kennen wir nicht.")
        text, hint = name, f"Die Postleitzahl {digits} kennen wir nicht."
    found = likeliest_first(places_meant(text), text)
    if not found:
        raise UnknownPlaceError(f"Einen Ort namens „{text[:60]}“ kennen wir in Deutschland nicht.", nearest(text))
    names = names_of(found)
    return Where(found[0], names[0], km, tuple(zip(found[1:], names[1:], strict=True)), hint)


def _in_area(area: PostalCode, name: str, km: int) -> Where:
    place, hint = area.place, ""
    if name:
        near = [each for found in places_called(name.split(",")[0]) for each in found]
        closest = min(near, key=lambda each: distance_km(each, area), default=None)
        if closest and distance_km(closest, area) <= SAME_PLACE_KM:
            place = closest
        else:
            hint = f"{area.code} liegt nicht in {name[:60]}, sondern in oder bei {place.name}."
    return Where(place, names_of([place])[0], km, hint=hint)


def likeliest_first(places: list[Place], text: str) -> list[Place]:
    """Towns with a page of their own first, then the largest."""
    if len(places) < 2:
        return places
    with_page = set(City.objects.live().filter(place__in=places).values_list("place_id", flat=True))
    return sorted(places, key=lambda place: (place.pk not in with_page, -(place.population or 0), place.pk))


def names_of(places: list[Place]) -> list[str]:
    """How to write each so that `find` finds it again."""
    return [place.name for place in places]


def nearest(text: str) -> str:
    """The name of a town that is written almost like that, or nothing."""
    return ""
