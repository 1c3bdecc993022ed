"""German words one by one: their letters folded, their roots by rules and by the list of the trade, compounds cut."""

import hashlib
import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

import snowballstemmer
from django.conf import settings

LONGEST = 60  # letters of a word that are looked at: nothing longer is a word, and what is remembered stays small

# Letters

_OTHER_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_SPELLED_UMLAUT = re.compile(r"(?<![aeq])([aou])e")  # not in "neue", "Bauer", "Quelle"
_NO_SIGN = re.compile(r"[^a-z0-9]+")


def fold(word: str) -> str:
    """Small letters of [a-z0-9]; umlauts and their spellings as ae, oe, ue alike, ß as ss."""
    return _SPELLED_UMLAUT.sub(r"\1", _letters(word))


def _letters(word: str) -> str:
    word = word.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.translate(_OTHER_LETTERS)).lower().translate(_OTHER_LETTERS)
    return _NO_SIGN.sub("", word)


def fold_with_places(word: str) -> tuple[str, list[int]]:
    """The folded word, and for each of its letters and its end where that stands in the word as given."""
    folded = fold(word)
    if len(folded) == len(word):
        return folded, list(range(len(word) + 1))
    letters, origins = "", []
    for index, char in enumerate(word):
        here = _letters(char)
        letters += here
        origins += [index] * len(here)
    gone = {match.end() - 1 for match in _SPELLED_UMLAUT.finditer(letters)}
    places = [origin for index, origin in enumerate(origins) if index not in gone]
    return folded, [*(places + [len(word)] * len(folded))[: len(folded)], len(word)]


# Roots by rules of the language

_stem = snowballstemmer.stemmer("german").stemWord
_FEMININE = re.compile(
    r"(?<=....)(?:(?<=[eou]r|ar|st|nt|nd|kt|rt|at|ft|ef|mt|zt|lt|ph|af|an)|(?<=log|leg|eut|end))in(?:nen)?$"
)
_NO_FEMININE = re.compile(
    r"(?:berlin|satin|latin|platin|protein|margarin|mandarin|martin|austin|valentin|konstantin|augustin|justin|"
    r"steffin|hierin|worin|darin|login|marin)$"
)
_PEOPLE = re.compile(r"(kauf|fach|ob)(?:frau|frauen|mann|manner|mannern|leute|leuten)$")
_ACTION = re.compile(r"(.{4,}?)(?:ation(?:en|s)?|ator(?:en|s|isch\w{0,2})?|ativ(?:e[mnrs]?)?)$")
_TO_DO = re.compile(r"(.{4,}?)ier(?:en|t|te|ten|tes|ter|tem|end|ende[mnrs]?|ung|ungen|ungs|bar|bare[mnrs]?|st|e)$")
_MAKING = re.compile(r"(.{3,})ung(?:en|s)?$")
_DOING = re.compile(r"(.{4,}[bdfgklmnprstz])el(?:n|t|te|ten|tes|ter|tem|nd|nde[mnrs]?)$")
_DONE = re.compile(  # eingeführt, umgesetzt
    r"(ein|aus|ab|an|auf|um|zu|vor|nach|mit|durch|bei|weiter|wieder|zusammen)ge(\w{3,}?)(?:e?t(?:e[mnrs]?)?)$"
)
_SELF = re.compile(r"^selbst(?=st)")


@lru_cache(maxsize=40_000)
def rule_root(word: str) -> str:
    """The root of a folded word by the rules alone: feminine as masculine, verb, doer and deed alike."""
    if not word.isalpha() or len(word) < 4:
        return word
    word = _SELF.sub("selb", word)
    if not _NO_FEMININE.search(word):
        word = _FEMININE.sub("", word)
    if people := _PEOPLE.search(word):
        return word[: people.end(1)] + "mann"
    if doing := _TO_DO.fullmatch(word):
        stem = doing[1]
        return stem[:-2] + "ik" if stem.endswith("iz") else stem
    if action := _ACTION.fullmatch(word):
        return action[1]
    if done := _DONE.fullmatch(word):
        word = done[1] + done[2]
    if making := _MAKING.fullmatch(word):
        word = making[1]
    elif doing := _DOING.fullmatch(word):
        word = doing[1] + "l"
    return _stem(word) or word


# The list of the trade

_JOINTS = ("s", "es", "n", "en", "e", "er", "ens")
_ENDINGS = ("s", "es", "n", "en", "e", "er", "ern", "em", "in", "innen")
_SHORT_FIRSTS = ("it", "ki", "hr", "ui", "ux")  # "itprojekt", as it is typed
_PREFIX = re.compile(
    r"(?:be|ge|ver|er|ent|emp|zer|miss|ab|an|auf|aus|ein|um|un|zu|vor|nach|mit|uber|unter|wieder|weiter|weg|hin|her|durch|"
    r"bei|fort|ruck|zuruck|gegen|dar|heran|heraus|herein|hervor|hinaus|hinein|dazu|zusammen)"
)
_TORN = re.compile(r"(?:[jqvwxy]|[^aeiouy]{4}|sc)$")  # no word ends so


class Piece(NamedTuple):
    """A part of a compound as it is looked up, and where its letters stand in the folded word."""

    word: str
    start: int
    end: int


class Lexicon:
    """fixtures/search/words.txt; its first lines explain it."""

    def __init__(self, text: str):
        self.version = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.stop: set[str] = set()
        self.words: set[str] = set()
        self._read_as: dict[str, tuple[str, ...]] = {}  # itself alone: it is its own root
        self._no_ends: set[str] = set()
        firsts: set[str] = set()
        for line in text.splitlines():
            line = line.partition("#")[0].strip()
            names, is_reading, others = line.partition("=")
            if line.startswith("!"):
                self.stop.update(map(fold, line[1:].split()))
            elif line.startswith("- "):
                self._no_ends.update(map(fold, line[2:].split()))
            elif is_reading:
                forms = [fold(name) for name in names.split()]
                reading = tuple(map(fold, others.split())) or (forms[0],)
                self._read_as.update(dict.fromkeys(forms, reading))
                self.words.update(forms)
            else:
                firsts.update(fold(word) for word in line.split() if word.endswith("-"))
                self.words.update(fold(word) for word in line.split() if not word.endswith("-"))
        self._roots = {rule_root(word) for word in self.words if len(word) > 4}
        self._begins = {word[:3] for word in self.words}
        self.firsts = self._joined(firsts)

    def _joined(self, firsts: set[str]) -> dict[str, str]:
        """What stands before another part, by how it is written there: "anforderungs", "sprach"."""
        joined: dict[str, str] = {word: word for word in _SHORT_FIRSTS}
        for word in sorted(each for each in self.words | firsts if len(each) > 2):
            for joint in _JOINTS:
                joined.setdefault(word + joint, word)
            if word.endswith("e"):
                joined.setdefault(word[:-1], word)
                joined.setdefault(word[:-1] + "s", word)
        return joined | {word: word for word in self.words | firsts if len(word) > 2}

    def is_known(self, folded: str) -> bool:
        """Whether it is a word of the list, in whatever form; compounds are not."""
        if self._listed(folded):
            return True
        root = rule_root(folded) if len(folded) > 4 else ""
        return len(root) > 4 and root in self._roots

    def _listed(self, folded: str) -> str | None:
        """The word of the list that this is with an ending or without."""
        if folded in self.words:
            return folded
        for ending in _ENDINGS:
            if folded.endswith(ending) and len(folded) - len(ending) > 2 and folded[: -len(ending)] in self.words:
                return folded[: -len(ending)]
        return None

    def reading(self, folded: str) -> tuple[str, ...] | None:
        """The roots of a word that the list says how to read."""
        listed = self._listed(folded)
        return self._as_said(listed) if listed in self._read_as else None

    def _as_said(self, listed: str) -> tuple[str, ...]:
        return tuple(
            root
            for word in self._read_as[listed]
            if word not in self.stop
            for root in ((word,) if word == listed else self.roots(word))
        )

    def roots(self, folded: str) -> tuple[str, ...]:
        """Those of a word that is no compound."""
        return self.reading(folded) or (rule_root(folded),)

    def split(self, folded: str, *, is_open: bool = False, strictly: bool = False) -> list[Piece] | None:
        """The parts of a compound; None if it is none. The fewest parts win.

        is_open: it ends as if another word followed
        strictly: all parts must be known
        """
        length = len(folded)
        if not 6 <= length <= LONGEST or not folded.isalpha():
            return None
        ways: list[tuple[int, int]] = [(0, 0)] * (length + 1)  # from each letter: how many parts, where the first ends
        for start in range(length - 3, -1, -1):
            if start and self._ends(folded[start:], is_open=is_open):
                ways[start] = (1, length)
                continue
            shortest = 2 if start == 0 and length > 7 else 3
            found = [
                (ways[end][0] + 1, end)
                for end in range(start + shortest, length - 2)
                if ways[end][0] and folded[start:end] in self.firsts
            ]
            ways[start] = min(found, default=(0, 0))
        if ways[0][0]:
            return self._pieces(folded, ways, 0, is_open=is_open)
        return None if strictly else self._partly(folded, ways)

    def _pieces(self, folded: str, ways: list[tuple[int, int]], start: int, *, is_open: bool = False) -> list[Piece]:
        pieces = []
        while start < len(folded):
            end = ways[start][1]
            surface = folded[start:end]
            is_last = end == len(folded) and not is_open
            pieces.append(Piece(surface if is_last else self.firsts.get(surface, surface), start, end))
            start = end
        return pieces

    def _ends(self, rest: str, *, is_open: bool) -> bool:
        if rest in self._no_ends:
            return False
        if rest in self.words or (is_open and rest in self.firsts):
            return True
        if len(rest) > 3 and rest[:3] in self._begins and self.is_known(rest):
            return True
        return self.is_prefixed(rest)

    def is_prefixed(self, folded: str) -> bool:
        """ "Bereinigung": a known word with another beginning, not a compound."""
        before = _PREFIX.match(folded)
        if not before:
            return False
        for length in {before.end(), 2, 3}:
            rest = folded[length:]
            if (
                _PREFIX.fullmatch(folded[:length])
                and len(rest) > 4
                and rest[:3] in self._begins
                and self.is_known(rest)
            ):
                return True
        return False

    def _partly(self, folded: str, ways: list[tuple[int, int]]) -> list[Piece] | None:
        """An unknown beginning before known words: "Flachglas|fertigung"."""
        for start in range(4, len(folded) - 6):
            if not ways[start][0] or _TORN.search(folded[:start]) or not re.search("[aeiouy]", folded[:start]):
                continue
            rest = folded[start : ways[start][1]]
            listed = self.firsts.get(rest) or self._listed(rest)
            if listed and len(listed) > 6 and not _PREFIX.match(folded[start - 2 :]):
                head = folded[:start].removesuffix("s") if start > 5 else folded[:start]
                return [Piece(head, 0, start), *self._pieces(folded, ways, start)]
        return None


@cache
def lexicon() -> Lexicon:
    return Lexicon((settings.BASE_DIR / "fixtures/search/words.txt").read_text())
