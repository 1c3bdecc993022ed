"""The list of the trade, fixtures/search/words.txt, and where compounds are cut by it: "Anforderungs|management"."""

import hashlib
import re
from functools import cache
from typing import NamedTuple

from django.conf import settings

from jobboard.german.letters import LONGEST, letters_of
from jobboard.german.stemming import stem

_LINKING_ELEMENTS = ("s", "es", "n", "en", "e", "er", "ens")  # Projekt|s|plan, Kunde|n|dienst
_ENDINGS = ("s", "es", "n", "en", "e", "er", "ern", "em", "in", "innen")
_SHORT_FIRSTS = ("it", "ki", "hr", "ui", "ux")  # "itprojekt", as it is typed
_PREFIX = re.compile(
    r"(?:be|ge|ver|er|ent|emp|zer|miss|ab|an|auf|aus|ein|um|un|zu|vor|nach|mit|uber|unter|wieder|weiter|weg|hin|her|durch|"
    r"bei|fort|ruck|zuruck|gegen|dar|heran|heraus|herein|hervor|hinaus|hinein|dazu|zusammen)"
)
_TORN = re.compile(r"(?:[jqvwxy]|[^aeiouy]{4}|sc)$")  # no word ends so


class Part(NamedTuple):
    """A part of a word, as it is looked up or as its root, and where it stands in the word."""

    text: str
    start: int
    end: int


class Lexicon:
    """The list in letters; its first lines explain it. All that is asked is given in letters, too."""

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
                self.stop.update(map(letters_of, line[1:].split()))
            elif line.startswith("- "):
                self._no_ends.update(map(letters_of, line[2:].split()))
            elif is_reading:
                forms = [letters_of(name) for name in names.split()]
                reading = tuple(map(letters_of, others.split())) or (forms[0],)
                self._read_as.update(dict.fromkeys(forms, reading))
                self.words.update(forms)
            else:
                firsts.update(letters_of(word) for word in line.split() if word.endswith("-"))
                self.words.update(letters_of(word) for word in line.split() if not word.endswith("-"))
        self._roots = {root for word in self.words if len(word) > 4 and len(root := stem(word)) > 4}
        self._begins = {word[:3] for word in self.words}
        self.firsts = self._linked(firsts)

    def _linked(self, firsts: set[str]) -> dict[str, str]:
        """What stands before another part, by how it is written there: "anforderungs", "sprach"."""
        linked: dict[str, str] = {word: word for word in _SHORT_FIRSTS}
        for word in sorted(each for each in self.words | firsts if len(each) > 2):
            for element in _LINKING_ELEMENTS:
                linked.setdefault(word + element, word)
            if word.endswith("e"):
                linked.setdefault(word[:-1], word)
                linked.setdefault(word[:-1] + "s", word)
        return linked | {word: word for word in self.words | firsts if len(word) > 2}

    def is_known(self, word: str) -> bool:
        """Whether it is a word of the list, in whatever form; compounds are not."""
        return bool(self._listed(word)) or (len(word) > 4 and stem(word) in self._roots)

    def _listed(self, word: str) -> str | None:
        """The word of the list that this is with an ending or without."""
        if word in self.words:
            return word
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) > 2 and word[: -len(ending)] in self.words:
                return word[: -len(ending)]
        return None

    def roots(self, word: str) -> tuple[str, ...]:
        """Those of a word that is no compound: as the list reads it, else by the rules of the language."""
        listed = self._listed(word)
        said = [each for each in self._read_as.get(listed or "", ()) if each not in self.stop]
        roots = [root for each in said for root in ((each,) if each == listed else self.roots(each))]
        return tuple(roots) or (stem(word),)

    def split(self, word: str, *, is_open: bool = False, strictly: bool = False) -> list[Part] | None:
        """The parts of a compound; None if it is none. The fewest parts win.

        is_open: it ends as if another word followed
        strictly: all parts must be known
        """
        length = len(word)
        if not 6 <= length <= LONGEST or not word.isalpha():
            return None
        ways: list[tuple[int, int]] = [(0, 0)] * (length + 1)  # from each letter: how many parts, where the first ends
        for start in range(length - 3, -1, -1):
            if start and self._ends(word[start:], is_open=is_open):
                ways[start] = (1, length)
                continue
            shortest = 2 if start == 0 and length > 7 else 3
            found = [
                (ways[end][0] + 1, end)
                for end in range(start + shortest, length - 2)
                if ways[end][0] and word[start:end] in self.firsts
            ]
            ways[start] = min(found, default=(0, 0))
        if ways[0][0]:
            return self._parts(word, ways, 0, is_open=is_open)
        return None if strictly else self._partly(word, ways)

    def _parts(self, word: str, ways: list[tuple[int, int]], start: int, *, is_open: bool = False) -> list[Part]:
        parts = []
        while start < len(word):
            end = ways[start][1]
            written = word[start:end]
            is_last = end == len(word) and not is_open
            parts.append(Part(written if is_last else self.firsts.get(written, written), start, end))
            start = end
        return parts

    def _ends(self, rest: str, *, is_open: bool) -> bool:
        if rest in self._no_ends:
            return False
        if rest in self.words or (is_open and rest in self.firsts):
            return True
        return (len(rest) > 3 and rest[:3] in self._begins and self.is_known(rest)) or self.is_prefixed(rest)

    def is_prefixed(self, word: str) -> bool:
        """ "Bereinigung": a known word with another beginning, not a compound."""
        if not (prefix := _PREFIX.match(word)):
            return False
        return any(
            _PREFIX.fullmatch(word[:length])
            and len(word) - length > 4
            and word[length : length + 3] in self._begins
            and self.is_known(word[length:])
            for length in {prefix.end(), 2, 3}
        )

    def _partly(self, word: str, ways: list[tuple[int, int]]) -> list[Part] | None:
        """An unknown beginning before known words: "Flachglas|fertigung"."""
        for start in range(4, len(word) - 6):
            if not ways[start][0] or _TORN.search(word[:start]) or not re.search("[aeiouy]", word[:start]):
                continue
            rest = word[start : ways[start][1]]
            listed = self.firsts.get(rest) or self._listed(rest)
            if listed and len(listed) > 6 and not _PREFIX.match(word[start - 2 :]):
                head = word[:start].removesuffix("s") if start > 5 else word[:start]
                return [Part(head, 0, start), *self._parts(word, ways, start)]
        return None


@cache
def lexicon() -> Lexicon:
    return Lexicon((settings.BASE_DIR / "fixtures/search/words.txt").read_text(encoding="utf-8"))
