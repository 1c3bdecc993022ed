"""German text as the search compares it: words cut, folded and brought to their roots, the same for ads and queries."""

import re
from typing import NamedTuple

import snowballstemmer

from jobboard.text import fold

VERSION = 1  # texts that were analysed by another one are due for indexing anew

_stem = snowballstemmer.stemmer("german").stemWord


class Token(NamedTuple):
    """A root of [a-z0-9] and where the word it comes from stands in the text as it was given."""

    text: str
    start: int
    end: int


def analyse(text: str) -> list[Token]:
    """The roots of what `text` says, in its order, without words that say nothing ("und", "die")."""
    return [
        Token(_stem(root), word.start(), word.end())
        for word in re.finditer(r"[^\W_]+", text)
        if (root := re.sub(r"[^a-z0-9]", "", fold(word.group())))
    ]


def roots(text: str) -> str:
    """The same as one text, as the databases' engines take it."""
    return " ".join(token.text for token in analyse(text))
