"""What "Was" and "Wo" may mean while somebody types: terms of the trade; towns by name or postal code, told apart."""

import re
from collections import Counter

from jobboard.text import fold
from listings.models import Concept
from listings.place_form import describe
from profiles.models import Fact, Place, PostalCode

MOST = 8
MAX_LENGTH = 60


def suggest_terms(text: str) -> list[dict]:
    """At most eight names of concepts and facts with a word that begins like `text`: {"label"}; the likeliest first."""
    start = fold(text[:MAX_LENGTH].strip())
    if len(start) < 2:
        return []
    concepts = Concept.objects.filter(active=True).order_by()
    names = concepts.values_list("name").union(Fact.objects.order_by().values_list("name"))
    # Two spellings of one name are one suggestion.
    folded = {fold(name): name for (name,) in names}
    found = [key for key in folded if f" {start}" in f" {key}"]
    return [{"label": folded[key]} for key in sorted(found, key=lambda key: (not key.startswith(start), key))[:MOST]]


def suggest_places(text: str) -> list[dict]:
    """At most eight towns, the likeliest first: {"id", "name", "label", "code"}; `code` where one was typed."""
    text = text[:MAX_LENGTH].strip()
    if digits := re.match(r"(?:D\s*[-–]\s*)?([0-9]{2,5})\b", text):
        return _by_code(digits[1])
    # What stands behind a comma is what we wrote there ourselves.
    text = text.partition(",")[0]
    if len(fold(text)) < 2:
        return []
    return [_suggestion(place, label) for place, label in told_apart(list(Place.objects.starting(text)[:MOST]))]


def _by_code(start: str) -> list[dict]:
    codes = PostalCode.objects.filter(code__begins=start).select_related("place").order_by("code")[:MOST]
    return [
        _suggestion(code.place, f"{code} {code.place.name}, {code.place.get_land_display()}", code) for code in codes
    ]


def told_apart(places: list[Place]) -> list[tuple[Place, str]]:
    """With the nearest larger town only where two of that name lie in one Land."""
    count = Counter((place.folded, place.land) for place in places)
    twins = [place for place in places if count[place.folded, place.land] > 1]
    words = dict(zip(twins, describe(twins), strict=True))
    return [(place, words.get(place) or _with_land(place)) for place in places]


def _with_land(place: Place) -> str:
    land = place.get_land_display()
    return place.name if place.name == land else f"{place.name}, {land}"


def _suggestion(place: Place, label: str, code: PostalCode | None = None) -> dict:
    return {"id": place.pk, "name": place.name, "label": label, "code": code.code if code else ""}
