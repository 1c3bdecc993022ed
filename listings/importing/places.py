"""Which places the postings of a file mean; what stays open is asked for, never guessed."""

from collections import Counter
from collections.abc import Iterable

from jobboard.text import fold
from listings.importing.postings import Where
from listings.place_form import describe, place_near, places_called, places_meant
from profiles.models import Land, Place, PostalCode

CHOICES = 20
# As files write them, besides their names and the two letters of their own
_LANDS = {"nrw": Land.NW, "nds": Land.NI, "rlp": Land.RP, "bawu": Land.BW}


class Places:
    """What is known of each place in a file.

    `answers`: words of a file ("Neustadt", "67433 Neustadt") → what is meant by them.
    """

    def __init__(self, answers: dict[str, Place] | None = None):
        self.answers = {fold(words): place for words, place in (answers or {}).items()}
        self.found: dict[Where, Place] = {}
        self.open: dict[Where, list[Place]] = {}  # with what they may mean
        self.counts: Counter[Where] = Counter()

    def settle(self, asked: Iterable[Where]) -> None:
        self.counts.update(asked)
        codes = PostalCode.objects.select_related("place").in_bulk({where.code for where in self.counts if where.code})
        for where in self.counts:
            if place := self._answer(where):
                self.found[where] = place
                continue
            place, choices = _meant(where, codes.get(where.code))
            if place:
                self.found[where] = place
            else:
                self.open[where] = choices

    def answer(self, where: Where, place: Place) -> None:
        self.found[where] = place
        del self.open[where]

    def get(self, where: Where) -> Place | None:
        return self.found.get(where)

    def questions(self) -> list[tuple[Where, int, list[tuple[Place, str]]]]:
        """(what the file says, in how many postings, what it may mean and how to tell that from the others)."""
        described = {where: list(zip(places, describe(places), strict=True)) for where, places in self.open.items()}
        return [(where, self.counts[where], choices) for where, choices in described.items()]

    def _answer(self, where: Where) -> Place | None:
        words = (str(where), f"{where.code} {where.name}", where.name, where.code)
        return next((self.answers[fold(each)] for each in words if each.strip() and fold(each) in self.answers), None)


def _meant(where: Where, area: PostalCode | None) -> tuple[Place | None, list[Place]]:
    """(the place, where that is certain; else what it may be)."""
    if not where.name:
        return None, [area.place] if area else []
    if area and (place := place_near(where.name, area)):
        return place, []
    found = places_meant(where.name)
    if area:  # the two do not go together: one of them is wrong
        return None, list(dict.fromkeys([*found, area.place]))
    if land := _land(where.region):
        found = [place for place in found if place.land == land] or found
    if len(found) == 1 and _is_name_of(found[0], where.name):
        return found[0], []
    # Longer names are often cut short: "Neustadt" for "Neustadt an der Weinstraße".
    return None, list(dict.fromkeys([*found, *places_called(where.name)[1]]))[:CHOICES]


def _is_name_of(place: Place, words: str) -> bool:
    """Whether the words are its name, perhaps with its Land, and nothing else: "Berlin (Remote)" may mean something."""
    name, _, rest = words.partition(",")
    return fold(name) == place.folded and (not rest.strip() or _land(rest) == place.land)


def _land(region: str) -> str:
    words = fold(region)
    names = {fold(label): code for code, label in Land.choices} | {fold(land.name): land.value for land in Land}
    return (names | _LANDS).get(words, "")
