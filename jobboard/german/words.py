"""One word to its roots: cut at its hyphens, before its digits and where two words meet."""

import re
from functools import lru_cache

from jobboard.german.compounds import Part, lexicon
from jobboard.german.letters import LONGEST, letters_of, letters_with_places
from jobboard.german.signs import without_inner_in


def parts_of(word: str, is_open: bool = False) -> tuple[Part, ...]:
    """The roots of a word. is_open: another word would follow ("Anforderungs-")."""
    if "-" not in word:
        return _cut(word[:LONGEST], is_open)
    if len(word) <= LONGEST and lexicon().is_known(letters_of(word)):
        return _cut(word, False)  # E-Mail, Daten-Schutz
    return tuple(
        Part(root, piece.start() + start, piece.start() + end)
        for piece in re.finditer("[^-]+", word)
        for root, start, end in _cut(piece.group()[:LONGEST], is_open or piece.end() < len(word))
    )


@lru_cache(maxsize=40_000)
def _cut(word: str, is_open: bool) -> tuple[Part, ...]:
    word = without_inner_in(word)
    letters, places = letters_with_places(word)
    words = lexicon()
    if not letters or letters in words.stop:  # "und", "die", "GmbH"
        return ()
    if not letters.isalpha():  # "PRINCE2"
        return tuple(Part(root, 0, len(word)) for root in _with_digits(letters))
    if is_open and not words.is_known(letters):
        letters = words.firsts.get(letters, letters)
    is_simple = words.is_known(letters) or words.is_prefixed(letters)
    compound = None if is_simple else words.split(letters) or (is_open and words.split(letters, is_open=True))
    if not compound:  # "Koordination", "Datenschutz", "Bereinigung"
        return tuple(Part(root, 0, len(word)) for root in words.roots(letters))
    return tuple(  # "Anforderungs|management", "Flachglas|fertigung"
        Part(root, places[start], max(places[end], places[start] + 1))
        for part, start, end in compound
        for root in words.roots(part)
    )


_NUMBERED = re.compile(r"([a-z]{3,})(\d{1,6})")  # PRINCE2, ISO27001
_HOURS = re.compile(r"(\d{1,3})(?:h|std|stunden?)")  # 40h
_THOUSANDS = re.compile(r"(\d{1,3})k")  # 60k


def _with_digits(letters: str) -> tuple[str, ...]:
    words = lexicon()
    if letters in words.words:
        return words.roots(letters)
    if match := _NUMBERED.fullmatch(letters):
        return *words.roots(match[1]), match[2]
    if match := _HOURS.fullmatch(letters):
        return match[1], *words.roots("stunde")
    if match := _THOUSANDS.fullmatch(letters):
        return (match[1] + "000",)
    return (letters,)
