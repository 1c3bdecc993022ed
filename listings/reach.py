"""Which open ads a city would get that has no page yet, told before it is made."""

from collections import Counter
from dataclasses import dataclass

from listings.models import CAP, Vacancy
from profiles.models import City, Place, city_for
from profiles.places import box

RADII = [0, 10, 25, 50]
TOWNS_SHOWN = 6


@dataclass(frozen=True)
class Town:
    name: str
    count: int
    before: str  # the city that its ads belong to now, if any


@dataclass(frozen=True)
class Reach:
    """What a radius would bring; `towns`, those with most ads, are not all where there are `more`."""

    km: int
    count: int
    towns: list[Town]
    more: int


def reach(place: Place) -> list[Reach]:
    """Of the newest CAP open ads around, those that a page of `place` would get, for a choice of radii."""
    around = {f"place__{name}": value for name, value in box(place, max(RADII)).items()}
    ads = Vacancy.objects.open().direct().filter(**around).newest().values_list("place", flat=True)[:CAP]
    counts = Counter(ads)
    places = Place.objects.in_bulk(list(counts))
    cities = list(City.objects.live().select_related("place"))
    before = {pk: city_for(each, cities) for pk, each in places.items()}
    found = []
    for km in RADII:
        new = City(place=place, radius_km=km)
        own = [pk for pk, each in places.items() if city_for(each, [*cities, new]) is new]
        own.sort(key=lambda pk: (-counts[pk], places[pk].folded))
        towns = [Town(places[pk].name, counts[pk], str(before[pk] or "")) for pk in own]
        found.append(Reach(km, sum(town.count for town in towns), towns[:TOWNS_SHOWN], len(towns[TOWNS_SHOWN:])))
    return found
