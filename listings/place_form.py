"""Which town somebody means who types its name, with or without a postal code; and the form that asks."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import cast

from django import forms
from django.db.models import F, Q
from django.urls import reverse

from jobboard.text import fold
from profiles.models import Land, Place, PostalCode
from profiles.places import box, distance_km

SAME_PLACE_KM = 30  # so far from its town lies the centre of a postal code at most
LARGE = 100_000  # a town of that many people needs no neighbour to be recognised
SMALL = 5_000  # and one of so few tells nobody where its neighbour lies
NEXT_TOWN_KM = 60


class PlaceChoiceField(forms.Field):
    """The id of one of the places that `offer` has put before the person; anything else counts as none."""

    widget = forms.RadioSelect
    is_offered = False

    def to_python(self, value):
        return value if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value) else ""

    def offer(self, places):
        self.is_offered = self.needed = True
        self.widget.choices = [(str(place.pk), words) for place, words in zip(places, describe(places), strict=True)]


def describe(places: list[Place]) -> list[str]:
    """Hamm, Nordrhein-Westfalen · Hamm, Rheinland-Pfalz, bei Altenkirchen; one query for all of them."""
    around = _towns_around([place for place in places if (place.population or 0) < LARGE])
    return [_in_words(place, around) for place in places]


def _towns_around(places: list[Place]) -> list[Place]:
    near = [Q(**box(place, NEXT_TOWN_KM)) for place in places]
    if not near:
        return []
    towns = Place.objects.filter(reduce(or_, near), population__gt=SMALL)
    return list(towns.only("name", "folded", "population", "latitude", "longitude"))


def _in_words(place: Place, around: list[Place]) -> str:
    words, population = f"{place.name}, {place.get_land_display()}", place.population or 0
    if population >= LARGE:
        return words
    larger = [
        (distance_km(place, town), town)
        for town in around
        if (town.population or 0) > population and town.folded != place.folded
    ]
    distance, next_town = min(larger, key=lambda pair: pair[0], default=(NEXT_TOWN_KM, None))
    return f"{words}, bei {next_town.name}" if next_town and distance <= NEXT_TOWN_KM else words


class Called:
    """Places of some names, the largest first: asked for at once, or those given."""

    def __init__(self, places: Iterable[Place]):
        self.places = list(places)

    @classmethod
    def like(cls, *texts: str) -> "Called":
        """What `meant` and `named` need to know of these texts."""
        starts = {fold(start) for text in texts for start in (text, *_names(text))}
        called = Q(folded__in=starts)
        for start in starts:
            if len(start) > 2:
                called |= Q(folded__begins=f"{start} ")
        return cls(Place.objects.filter(called).order_by(F("population").desc(nulls_last=True), "pk"))

    def named(self, text: str) -> tuple[list[Place], list[Place]]:
        """Places of exactly that name, and those whose name goes on after it: "Hamm" and "Hamm (Sieg)"."""
        start = fold(text)
        exact = [place for place in self.places if place.folded == start]
        longer = [place for place in self.places if place.folded.startswith(f"{start} ")] if len(start) > 2 else []
        return exact[:12], longer[:30]

    def meant(self, text: str) -> list[Place]:
        """Places that somebody who types `text` may mean: "Hamm", "Hamm, Rheinland-Pfalz", "Frankfurt"."""
        exact, longer = self.named(text)
        if exact:
            return exact + [place for place in longer if "(" in place.name]
        if longer:
            return longer[:8]
        # As the suggestions write it: "Hamm (Sieg), Rheinland-Pfalz, bei Waldbröl".
        name, bare = _names(text)
        rest = text[len(name) :]
        if named := [place for place in self.named(name)[0] if fold(place.get_land_display()) in fold(rest)]:
            land = fold(rest.split(",")[1])  # "Niedersachsen" ends like "Sachsen"
            return [place for place in named if fold(place.get_land_display()) == land] or named
        rest = text[len(bare) :]
        if not rest.strip(" ,()"):
            return []
        exact, longer = self.named(bare)
        lands = [code for code, label in Land.choices if fold(label) in fold(rest)]
        return [place for place in exact if place.land in lands] or exact or longer[:8]


def _names(text: str) -> tuple[str, str]:
    """What stands before the first comma, and before the first comma or bracket."""
    return text.partition(",")[0], re.split(r"[,()]", text, maxsplit=1)[0]


def places_called(text: str) -> tuple[list[Place], list[Place]]:
    return Called.like(text).named(text)


def places_meant(text: str) -> list[Place]:
    return Called.like(text).meant(text)


def place_near(text: str, area: PostalCode) -> Place | None:
    """The place called `text` that the postal code belongs to; None where the two do not go together."""
    name = text.split(",")[0]
    if fold(name) == area.place.folded:
        return area.place
    near = [place for each in places_called(name) for place in each]
    nearest = min(near, key=lambda place: distance_km(place, area), default=None)
    return nearest if nearest and distance_km(nearest, area) <= SAME_PLACE_KM else None


class PlaceForm(forms.ModelForm):
    """A form about something with a place, which stands behind the fields place_name, postal_code and place_choice."""

    place_choice = PlaceChoiceField(label="Welcher Ort ist gemeint?", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # combobox.js suggests places while somebody types, and fills in the other two fields.
        self.fields["place_name"].widget.attrs |= {
            "data-suggest": reverse("listings:places"),
            "data-suggest-key": "orte",
            "data-suggest-label": "Orte",
            "data-suggest-code": "postal_code",
            "data-suggest-choice": "place_choice",
            "autocomplete": "off",
        }

    def find_place(self) -> Place | None:
        """None with an error, or with choices to pick from, where it stays open; the stored one stays while it fits."""
        stored = self.instance.place
        name, code = self.cleaned_data.get("place_name", ""), self.cleaned_data.get("postal_code", "")
        area = PostalCode.objects.select_related("place").filter(code=code).first() if code else None
        if not name:
            if area:
                self.add_error(
                    "place_name", f"Zu {code} gehört vermutlich {area.place.name}; bitte tragen Sie den Ort ein."
                )
            elif code:
                self.add_error("place_name", "Bitte nennen Sie zur Postleitzahl auch den Ort.")
            return None
        if area and (place := place_near(name, area)):
            return place
        found = places_meant(name)
        if not found:
            self.add_error(
                "place_name",
                f"Einen Ort namens „{name}“ kennen wir in Deutschland nicht. Vielleicht hilft der Name der Gemeinde?",
            )
        elif area:
            self.add_error("postal_code", f"{code} liegt nicht in {name}, sondern in oder bei {area.place.name}.")
        elif len(found) == 1:
            return found[0]
        elif stored in found and not self.cleaned_data.get("place_choice"):
            return stored
        else:
            cast(PlaceChoiceField, self.fields["place_choice"]).offer(found)
            for place in found:
                if str(place.pk) == self.cleaned_data.get("place_choice"):
                    return place
            self.add_error("place_choice", f"Mit „{name}“ können mehrere Orte gemeint sein. Bitte wählen Sie einen.")
        return None
