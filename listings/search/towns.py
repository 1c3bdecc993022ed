"""Towns in what somebody types: which words name one, and which of several of that name is meant."""

import re
from dataclasses import dataclass

from django.db.models import F, Q

from jobboard import german
from jobboard.text import fold
from listings.search.concepts import Term
from listings.search.spelling import distance
from profiles.models import Land, Place, PostalCode

LONGEST = 6  # words of a name: "Neukirchen beim Heiligen Blut" has four
MOST_WORDS = 24  # looked at
MOST_ALSO = 5
# Ads of smaller ones say their town in the text; alone such a name is more often a surname or a word.
SMALL = 5_000
KNOWN = 20_000  # for "Osnabrücker"
LARGER = 10_000  # for "Frankfurt", which no town is called by its whole name

WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")

# What stands before a town, and goes with it. "nach" does not: "Projektleiter nach PRINCE2".
BEFORE = {
    "in", "im", "bei", "nahe", "um", "rund", "raum", "grossraum", "region", "umkreis", "umgebung", "nah", "naher", "von", "der", "stadt", "standort", "ort", "arbeitsort", "aus", "ab", "plz", "d", "de", "kreis", "landkreis",
}  # fmt: skip
PROVES = {"in", "bei", "nahe", "raum", "grossraum", "region", "umkreis", "umgebung", "stadt", "standort", "ort",
          "arbeitsort", "plz", "kreis", "landkreis"}  # fmt: skip
AFTER = {"und", "umgebung", "umkreis", "stadt", "region"}
# People look for these as words; towns of that name are meant where the rest says so.
WORDS_TOO = {
    "acht", "aue", "bau", "berg", "binnen", "boden", "brand", "buchen", "ernst", "fahren", "halbe", "handel", "kommen",
    "kuchen", "laufen", "lehre", "mitte", "muster", "nette", "netze", "norden", "nutzen", "plan", "planen", "rot",
    "sinn", "stelle", "stellen", "test", "uber", "valley", "waren", "wasser", "weisen", "welle", "wissen", "wort",
}  # fmt: skip
FIRST_OF_MANY = {"bad", "sankt", "st", "markt", "neu", "alt", "gross", "klein", "ober", "unter", "burg", "schloss"}
FILLERS = {"a", "am", "an", "d", "der", "den", "dem", "die", "i", "im", "in", "ob", "v", "vor", "bei", "beim", "unter"}

LAENDER = {
    **{fold(Land(value).label): Land(value) for value in Land.values},
    "nrw": Land.NW, "nw": Land.NW, "westfalen": Land.NW, "westf": Land.NW, "rheinland": Land.NW, "ruhrgebiet": Land.NW,
    "nds": Land.NI, "niedersachs": Land.NI, "bw": Land.BW, "wurttemberg": Land.BW, "baden": Land.BW, "bay": Land.BY,
    "hess": Land.HE, "rlp": Land.RP, "pfalz": Land.RP, "sh": Land.SH, "holstein": Land.SH, "mv": Land.MV,
    "mecklenburg": Land.MV, "thur": Land.TH, "sachs": Land.SN,
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    """A town in a text.

    text: its name as typed; start and end enclose the words that go with it, too ("Raum Osnabrück", "Hagen Westfalen")
    is_meant: it cannot be anything else; otherwise ads that use the word are the better answer
    """

    text: str
    start: int
    end: int
    place: Place
    also: tuple[Place, ...]
    is_meant: bool


@dataclass(frozen=True)
class _Word:
    folded: str
    start: int
    end: int


def find_towns(text: str) -> list[Town]:
    """The towns that `text` names, in its order, asked of the database at once."""
    words = [
        _Word(folded, found.start(), found.end())
        for found in WORD.finditer(text)
        if (folded := fold(found.group())) and folded.isascii()
    ][:MOST_WORDS]
    towns = []
    position, called, codes = 0, _places(words), _codes(words)
    while position < len(words):
        found = _town_at(words, position, called, codes, text)
        if found:
            town, position = found
            towns.append(town)
        else:
            position += 1
    return towns


def _places(words: list[_Word]) -> dict[str, list[Place]]:
    """All towns that the text may name, by the first word of their name, the most likely first."""
    names = {
        " ".join(word.folded for word in words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1)
    }
    longer = Q()
    for word in words:
        if others := _inflected(word.folded):
            longer |= Q(folded__in=others, population__gte=KNOWN)
        if len(word.folded) > 3 and word.folded not in FIRST_OF_MANY | WORDS_TOO | BEFORE | AFTER:
            longer |= Q(folded__begins=f"{word.folded} ", population__gte=LARGER)
    found = Place.objects.filter(Q(folded__in=names) | longer).select_related("city")
    called: dict[str, list[Place]] = {}
    for place in found.order_by(F("population").desc(nulls_last=True), "pk"):
        called.setdefault(place.folded.split(" ")[0], []).append(place)
    for places in called.values():
        places.sort(key=lambda place: not hasattr(place, "city"))
    return called


def _inflected(word: str) -> list[str]:
    """What a town may be called that `word` is a form of: "Gelsenkirchener Osten", or its last letter is missing."""
    if len(word) < 7:
        return []
    return [f"{word}n", f"{word}en", *([word[:-2], f"{word[:-2]}en"] if word.endswith("er") else [])]


def _codes(words: list[_Word]) -> dict[str, Place]:
    codes = [word.folded for word in words if re.fullmatch(r"[0-9]{5}", word.folded)]
    found = PostalCode.objects.filter(code__in=codes).select_related("place__city") if codes else []
    return {code.code: code.place for code in found}


def _town_at(words: list[_Word], position: int, called, codes, text: str) -> tuple[Town, int] | None:
    """The town whose name begins at `position`, and the position behind it."""
    first = words[position]
    if first.folded in BEFORE | AFTER:
        return None
    if first.folded in codes:
        place, places, end = codes[first.folded], [], position + 1
        is_meant = True
        # "59065 Hamm": the name says the same again.
        while end < len(words) and words[end].folded in place.folded.split(" "):
            end += 1
    else:
        names = [(place, _words_of(place, words, position)) for place in called.get(first.folded, [])]
        if not names:
            named = [place for form in _inflected(first.folded) for place in called.get(form, [])]
            names = [(place, 1) for place in named if " " not in place.folded and (place.population or 0) >= KNOWN]
        most = max((length for _, length in names), default=0)
        if not most:
            return None
        places = [place for place, length in names if length == most]
        land, end = _land(words, position + most)
        places = [place for place in places if place.land == land] or places
        end = end if any(place.land == land for place in places) else position + most
        place = places[0]
        is_meant = end - position > 1
    name_end = words[end - 1].end
    start = position
    while start and words[start - 1].folded in BEFORE:
        start -= 1
    proven = is_meant or any(word.folded in PROVES for word in words[start:position])
    if not proven and (first.folded in WORDS_TOO or not german.analyse(text[first.start : name_end])):
        return None
    while end < len(words) and words[end].folded in AFTER and _is_tail(words, end):
        end += 1
    is_large = hasattr(place, "city") or (place.population or 0) >= SMALL
    also = tuple(each for each in places if each != place)[:MOST_ALSO]
    behind = len(text) - len(text[words[end - 1].end :].lstrip(".)"))
    return Town(text[first.start : name_end], words[start].start, behind, place, also, proven or is_large), end


def _words_of(place: Place, words: list[_Word], position: int) -> int:
    """How many words from `position` on name `place`: all of its name, or its first and some that tell it apart; 0 if none."""
    name = place.folded.split(" ")
    typed = [word.folded for word in words[position : position + LONGEST]]
    if typed[: len(name)] == name:
        return len(name)
    if name[0] in FIRST_OF_MANY or (place.population or 0) < LARGER:
        return 0
    length = end = 1
    while end < len(typed):
        is_initial = len(typed[end]) == 1 and any(word.startswith(typed[end]) for word in name[1:])
        if (typed[end] in name[1:] and typed[end] not in FILLERS) or (is_initial and typed[end] not in FILLERS):
            length = end + 1
        elif typed[end] not in FILLERS:
            break
        end += 1
    return length


def towns_spelled_like(typed: dict[Term, str], text: str) -> dict[Term, str]:
    """For those of the words that are a typing error away from the name of a larger town: that name, of the largest."""
    asked = {term: f"{_first_of(term, text)}{word}" for term, word in typed.items() if len(word) > 4}
    if not asked:
        return {}
    starts = Q()
    for word in asked.values():
        starts |= Q(folded__begins=word[0])
    larger = Place.objects.filter(starts, Q(population__gte=LARGER) | Q(city__isnull=False))
    found: dict[Term, str] = {}
    nearest: dict[Term, int] = {}
    for folded, name in larger.order_by(F("population").desc(nulls_last=True), "pk").values_list("folded", "name"):
        for term, word in asked.items():
            most = min(nearest.get(term, 9) - 1, 2 if len(typed[term]) > 7 else 1)
            if abs(len(folded) - len(word)) <= most and (between := distance(word, folded, most)) <= most:
                nearest[term], found[term] = between, name.split(" ")[-1] if " " in word else name
    return found


def _first_of(term: Term, text: str) -> str:
    """The "Bad" before a name."""
    before = fold(text[: term.start]).split(" ")[-1]
    return f"{before} " if before in FIRST_OF_MANY else ""


def _land(words: list[_Word], position: int) -> tuple[Land | None, int]:
    """The Land that stands at `position`, and the position behind it."""
    if position < len(words) and words[position].folded == "in":
        position += 1
    for end in (position + 2, position + 1):
        name = " ".join(word.folded for word in words[position:end])
        if end <= len(words) and name in LAENDER:
            return LAENDER[name], end
    return None, position


def _is_tail(words: list[_Word], position: int) -> bool:
    """Does "und" lead on to "Umgebung" and not to another word?"""
    return words[position].folded != "und" or (position + 1 < len(words) and words[position + 1].folded in AFTER)
