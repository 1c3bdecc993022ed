"""Wordings in natural German, and where a text uses one: the same roots in the same order, within one sentence."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from jobboard.german import Token, analyse
from jobboard.text import fold

WORDS_BETWEEN = 3  # at most, where a wording has a little word
_WORD = re.compile(r"\w+")
_LONE_WORD = re.compile(r"(?<!\S)\w+")
_END_OF_SENTENCE = re.compile(r"(?:(?<!\d)\.|[!?;])\s|\n\s*(?:\n|[-*•–]\s)")
_SIGN = re.compile(r"[~|…]|\.\.\.|(?<!\w)\*|\*(?!\w)")  # of the other notation, in wording.py
_BESIDE = 60  # characters in which the little words at the edge of a wording stand

_folded = lru_cache(maxsize=4096)(fold)  # of words that stand beside wordings: the same few again and again


class Shape(NamedTuple):
    """What a wording comes down to; two wordings of one shape find the same.

    gaps: before which roots the wording has a little word ("der", "für"): there a text may have others
    before, after: little words at its edges, which a text must have too, or "von zu Hause" would find each "Haus"
    """

    roots: tuple[str, ...]
    gaps: frozenset[int]
    before: tuple[str, ...]
    after: tuple[str, ...]


class Match(NamedTuple):
    """Which wordings were found, and from which token to before which."""

    key: int
    start: int
    end: int


def shape(wording: str) -> Shape | None:
    """None where it holds nothing but little words."""
    tokens = analyse(wording)
    if not tokens:
        return None
    mute = [
        (word.start(), fold(word.group()))
        for word in _LONE_WORD.finditer(wording)
        if not any(token.start < word.end() and word.start() < token.end for token in tokens)
    ]
    gaps = {
        at
        for at, (one, other) in enumerate(pairwise(tokens), 1)
        if any(one.end <= start < other.start for start, _ in mute)
    }
    return Shape(
        tuple(token.text for token in tokens),
        frozenset(gaps),
        tuple(word for start, word in mute if start < tokens[0].start),
        tuple(word for start, word in mute if start >= tokens[-1].end),
    )


def flawed(fields: dict[str, str]) -> dict[str, str]:
    """For forms: what to say beside each field that holds a line which finds nothing."""
    found = {}
    for name, lines in fields.items():
        for line in filter(str.strip, lines.splitlines()):
            if _SIGN.search(line):
                found[name] = f"„{line.strip()}“: Die Zeichen ~ * | … gelten hier nicht; bitte schreiben Sie es aus."
            elif not shape(line):
                found[name] = f"In „{line.strip()}“ steht kein Wort, nach dem jemand suchen könnte."
    return found


class Phrases:
    """Many wordings, compiled once: by key, the lines that each stand for it."""

    def __init__(self, wordings: Mapping[int, Iterable[str]]):
        shapes: dict[Shape, list[int]] = defaultdict(list)
        for key, lines in wordings.items():
            for each in dict.fromkeys(map(shape, lines)):
                if each:
                    shapes[each].append(key)
        self.shapes = dict(shapes)
        # By the first root, or by the first two where nothing may stand between: one look for most tokens of a text.
        self._by_first: dict[str, list[tuple[Shape, list[int]]]] = defaultdict(list)
        by_two: dict[tuple[str, str], list[tuple[Shape, list[int]]]] = defaultdict(list)
        for each, keys in shapes.items():
            if len(each.roots) == 1 or 1 in each.gaps:
                self._by_first[each.roots[0]].append((each, keys))
            else:
                by_two[each.roots[0], each.roots[1]].append((each, keys))
        self._by_two = {two: [*self._by_first.get(two[0], ()), *same] for two, same in by_two.items()}
        for same in [*self._by_first.values(), *self._by_two.values()]:
            # Of two that are as long, the one with little words says more.
            same.sort(key=lambda pair: -len(pair[0].before + pair[0].after))

    def find(self, text: str, tokens: Sequence[Token]) -> list[Match]:
        """All there are in `text`, whose tokens these are, also within one another."""
        roots = [token.text for token in tokens]
        said = set(roots)
        return [
            Match(key, start, end)
            for start, two in enumerate(zip(roots, [*roots[1:], ""], strict=False))
            for each, keys in self._by_two.get(two) or self._by_first.get(two[0], [])
            if said.issuperset(each.roots) and (end := _end(each, text, tokens, start))
            for key in keys
        ]

    def find_longest(self, text: str, tokens: Sequence[Token]) -> list[Match]:
        """Those that stand in no longer one and overlap none, in the order of the text."""
        taken: set[int] = set()
        chosen = []
        for match in sorted(self.find(text, tokens), key=lambda match: (match.start - match.end, match.start)):
            places = range(match.start, match.end)
            if taken.isdisjoint(places):
                taken.update(places)
                chosen.append(match)
        return sorted(chosen, key=lambda match: match.start)


def _end(shape: Shape, text: str, tokens: Sequence[Token], start: int) -> int:
    """Before which token the wording ends that begins at `start`; 0 where it does not stand there."""
    at = start
    for number, root in enumerate(shape.roots[1:], 1):
        step = _next(root, text, tokens, at, WORDS_BETWEEN if number in shape.gaps else 0)
        if not step:
            return 0
        at = step
    if shape.gaps and _is_cut(text, tokens, start, at):
        return 0
    if shape.before:
        earlier = _WORD.findall(text[max(0, tokens[start].start - _BESIDE) : tokens[start].start])
        if tuple(map(_folded, earlier[-len(shape.before) :])) != shape.before:
            return 0
    if shape.after:
        later = _WORD.findall(text[tokens[at].end : tokens[at].end + _BESIDE])
        if tuple(map(_folded, later[: len(shape.after)])) != shape.after:
            return 0
    return at + 1


def _is_cut(text: str, tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether it goes over words and ends inside of one: "Leitung Projekt|büro" is no "Leitung von Projekten"."""
    end = tokens[at].end
    within = at + 1 < len(tokens) and tokens[at + 1].start <= end < tokens[at + 1].end
    return within and " " in text[tokens[start].start : end]


def _next(root: str, text: str, tokens: Sequence[Token], at: int, most_between: int) -> int:
    """The token with this root that follows the one at `at`, with at most so many words between; 0 for none."""
    for number in range(at + 1, len(tokens)):
        is_it = tokens[number].text == root
        if not (is_it or most_between):
            return 0
        end, begin = tokens[at].end, tokens[number].start
        if end < begin and (
            len(_WORD.findall(text, end, begin)) > most_between or _END_OF_SENTENCE.search(text, end, begin)
        ):
            return 0
        if is_it:
            return number
    return 0
