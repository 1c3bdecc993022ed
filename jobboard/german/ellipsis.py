"""What a word leaves to another one: „Voll- oder Teilzeit“, „Projektplanung und -steuerung“."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from jobboard.german.compounds import lexicon
from jobboard.german.letters import LONGEST, letters_with_places
from jobboard.german.signs import Written

_FURTHEST = 7  # words from one to the other
_LINKS = {"und", "oder", "u", "bzw", "sowie", "wie", "and", "or", "beziehungsweise", "als", "auch", "noch"}
_JOINT = re.compile(r"\s{0,3}[,/&+.]?\s{0,3}(?:[&+]\s)?")


def left_out(words: list[Written], at: int, text: str) -> tuple[str, str]:
    """What is missing before the word ("Projekt" of "-steuerung") or after it ("zeit" of "Voll-"), if it can be told."""
    word = words[at]
    if word.is_begin:
        other = _whole(words[at : at + _FURTHEST + 1], lambda each: each.is_begin, text)
        if end := other[_last_cut(other) or len(other) :]:
            return "", "-" + end if word.text.isupper() else end  # "IT- und Projektleitung"
    if word.is_end:
        other = _whole(words[max(at - _FURTHEST, 0) : at + 1][::-1], lambda each: each.is_end, text)
        return other[: _last_cut(other)], ""
    return "", ""


def _whole(line: list[Written], is_short: Callable[[Written], bool], text: str) -> str:
    """The first in a line of joined words that is no link and not short itself: it has what the one before them all lacks."""
    for pair in pairwise(line):
        first, last = sorted(pair, key=lambda word: word.start)
        if not _JOINT.fullmatch(text[first.end + first.is_begin : last.start - last.is_end]):
            return ""
        if not is_short(pair[1]) and pair[1].text.lower() not in _LINKS:
            return pair[1].text
    return ""


@lru_cache(maxsize=4096)
def _last_cut(word: str) -> int:
    """Where the last part of a compound begins; 0 if it is none."""
    hyphen = word.rfind("-") + 1
    letters, places = letters_with_places(word[hyphen:][:LONGEST])
    words = lexicon()
    if parts := words.split(letters):
        return hyphen + places[parts[-1].start]
    for cut in range(3, len(letters) - 3):  # "Teilzeit" is one word, and yet its second half is one too
        if words.is_known(letters[cut:]) and letters[:cut] in words.firsts:
            return hyphen + places[cut]
    return hyphen
