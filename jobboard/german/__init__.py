"""German text as the search compares it: words cut and brought to their roots, the same for ads and queries.

The steps: the letters of a text made alike (letters.py), its words found, with gender forms and symbols (signs.py), halves of
words made whole (ellipsis.py), each word cut (words.py) where two words of the trade meet (compounds.py), each part brought to
its root (stemming.py).
"""

from typing import NamedTuple

from jobboard.german import ellipsis, signs
from jobboard.german.compounds import Part, lexicon
from jobboard.german.letters import LONGEST, clean, letters_of
from jobboard.german.words import parts_of

VERSION = 4  # texts that were analysed by another one are due for indexing anew


class Token(NamedTuple):
    """A root of [a-z0-9] and where the word it comes from stands in the text as it was given."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """A word as it stands in the text, with all that belongs to it ("Koordinator:in"), and its roots."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]


def analyse(text: str) -> list[Token]:
    """The roots of what `text` says, in its order, without words that say nothing ("und", "die")."""
    return [token for word in read(text) for token in word.tokens]


def roots(text: str) -> str:
    """The same as one text, as the databases' engines take it."""
    return " ".join([token.text for token in analyse(text)])


def read(text: str) -> list[Word]:
    """The words of `text` that say something. One that is said twice in a row ("Leiterin/Leiter") counts once."""
    cleaned, places = clean(text)
    written = signs.words(cleaned)
    found = []
    before = None
    for at, word in enumerate(written):
        parts = _parts(written, at, cleaned)
        said = [part.text for part in parts]
        if not said or said == before:
            continue
        before = said
        start, end = word.start, word.end
        if places:
            tokens = [Token(root, places[start + first], places[start + last - 1] + 1) for root, first, last in parts]
            start, end = places[start], places[end - 1] + 1
        else:
            tokens = [Token(root, start + first, start + last) for root, first, last in parts]
        found.append(Word(text[start:end], start, end, tuple(tokens)))
    return found


def _parts(written: list[signs.Written], at: int, text: str) -> tuple[Part, ...]:
    """The roots of a word, each with the letters that stand there of it."""
    word = written[at]
    length = word.end - word.start
    if word.symbol:
        return tuple([part._replace(start=0, end=length) for each in word.symbol.split() for part in parts_of(each)])
    if word.is_begin or word.is_end:
        before, after = ellipsis.left_out(written, at, text)
        if before or after:
            whole = parts_of((before + word.text + after)[:LONGEST])
            return tuple([_within(part, len(before), len(word.text)) for part in whole])
    parts = parts_of(word.text, is_open=word.is_begin)
    if length > len(word.text) and parts:  # the gender form belongs to the last part
        return (*parts[:-1], parts[-1]._replace(end=length))
    return parts


def _within(part: Part, shift: int, length: int) -> Part:
    """A part of the whole word, as a part of what stands there of it."""
    start, end = part.start - shift, part.end - shift
    if end <= 0 or start >= length:
        return Part(part.text, 0, length)  # it does not stand there
    return Part(part.text, max(start, 0), min(end, length))


def plain(word: str) -> str:
    """The letters and digits of a word as they are compared before it is brought to its root."""
    return letters_of(clean(word)[0])


def knows(word: str) -> bool:
    """Whether the trade's list holds the word, in whatever form, or all the parts of it."""
    letters = plain(word)[:LONGEST]
    return lexicon().is_known(letters) or lexicon().split(letters, strictly=True) is not None


def lexicon_version() -> str:
    return lexicon().version
