"""Which words of a query are typing errors, and what is searched instead."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from jobboard import german
from jobboard.text import fold
from listings.search import engine, spelling
from listings.search.concepts import Term
from listings.search.spelling import Near
from listings.search.towns import towns_spelled_like

MOST_CORRECTED = 6  # words of a query and parts of words
MOST_CANDIDATES = 6  # for each
LONG = 8  # letters: from here on, words are put together, and one that is known may be a town misspelled ("Oberhausn")
STRICT_UNTIL = 7  # letters: of words up to there, two errors may be none of the consonants

_WORD = re.compile(r"[^\W_]+")
# What a word may end in besides: an error in "Projektkordinatorinnen" is looked for in "projektkordinator".
_ENDINGS = re.compile(r"(?<=.{5})(?:innen|in|en|n|s|es|e)$")
_FOLDED_VOWELS = str.maketrans("", "", "aeiouyh")


@dataclass(frozen=True)
class Correction:
    """Instead of what stands from `start` to `end`; open ads hold its roots."""

    start: int
    end: int
    text: str
    roots: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    correction: Correction
    rank: tuple


def correct(text: str, unknown: Sequence[Term], terms: Sequence[Term], *, with_place: bool) -> list[Correction]:
    """What to write instead of the `unknown` words of `text` and their parts, where open ads use a word that is near.

    terms: all words; with_place: towns count as well, where no word of the ads fits better
    """
    typed = {term: word for term in unknown if (word := _may_be_error(term, text))}
    typed = dict(list(typed.items())[:MOST_CORRECTED])
    candidates = {term: [*_joined(term, terms, text)] for term in unknown}
    forms = {term: _forms(word) for term, word in typed.items()}
    near = spelling.near(form for each in forms.values() for form in each)
    for term, each in forms.items():
        candidates[term] += _spelled(term, text, each, near)
    chosen = _held(candidates)
    if with_place:
        left = {term: typed.get(term) or _letters(term, text) for term in unknown if term not in chosen}
        left = {term: word for term, word in left.items() if term in typed or len(word) >= LONG}
        for term, name in towns_spelled_like(left, text).items():
            chosen[term] = Correction(*_run(term, text), name)
    found: list[Correction] = []
    for correction in sorted(
        chosen.values(), key=lambda each: (each.start - each.end, each.start)
    ):  # words before parts
        if all(correction.end <= each.start or each.end <= correction.start for each in found):
            found.append(correction)
    return sorted(found, key=lambda each: each.start)


def apply(text: str, corrections: Iterable[Correction]) -> str:
    for each in sorted(corrections, key=lambda each: -each.start):
        text = text[: each.start] + each.text + text[each.end :]
    return text


def told(text: str, corrections: Iterable[Correction]) -> tuple[tuple[str, str], ...]:
    """What was typed and what is searched instead, as whole words, each once."""
    pairs = []
    for each in corrections:
        start, end = each.start, each.end
        while start and text[start - 1].isalpha():
            start -= 1
        while end < len(text) and text[end].isalpha():
            end += 1
        pairs.append((text[start:end], text[start : each.start] + each.text + text[each.end : end]))
    return tuple(dict.fromkeys(pairs))


def _may_be_error(term: Term, text: str) -> str:
    """The folded word, if nothing says that it is right; numbers and short words are never taken for errors."""
    start, end = _run(term, text)
    word = _letters(term, text)
    if not spelling.errors_in(len(word)):
        return ""
    return "" if german.knows(text[start:end]) or word in _other_trades() else word


def _letters(term: Term, text: str) -> str:
    """The folded word, unless it is no word or names an idea."""
    start, end = _run(term, text)
    word = fold(text[start:end])
    return word if word.isascii() and word.isalpha() and term.concept is None else ""


def _run(term: Term, text: str) -> tuple[int, int]:
    """The letters of a term, without a form of gender behind them."""
    match = _WORD.match(text, term.start, term.end)
    return match.span() if match else (term.start, term.end)


@cache
def _other_trades() -> frozenset[str]:
    """Words that are spelled right, whatever the ads of this board say."""
    lines = (settings.BASE_DIR / "fixtures/search/other_trades.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines for word in line.partition("#")[0].split())


def _forms(word: str) -> list[str]:
    """The word, and the same without an ending that ads may lack."""
    bare = _ENDINGS.sub("", word)
    return [word, bare] if bare != word and len(bare) >= spelling.TWO_ERRORS_FROM else [word]


def _spelled(term: Term, text: str, forms: list[str], near: dict[str, list[Near]]) -> list[_Candidate]:
    start, end = _run(term, text)
    found: dict[str, _Candidate] = {}
    for number, form in enumerate(forms):
        for each in near.get(form, []):
            if each.distance > 1 and len(form) <= STRICT_UNTIL and not _sounds_alike(form, each.folded):
                continue
            ending = forms[0][len(form) :] if end < len(text) and text[end].isalpha() else ""
            rank = (1, each.distance + number / 2, each.folded[0] != form[0])
            candidate = _Candidate(Correction(start, end, each.shown + ending, _roots(each.shown)), rank)
            if each.folded not in found or rank < found[each.folded].rank:
                found[each.folded] = candidate
    return sorted(found.values(), key=lambda each: (each.rank, each.correction.text))[:MOST_CANDIDATES]


def _sounds_alike(one: str, other: str) -> bool:
    return sorted(set(one.translate(_FOLDED_VOWELS))) == sorted(set(other.translate(_FOLDED_VOWELS)))


def _joined(term: Term, terms: Sequence[Term], text: str) -> list[_Candidate]:
    """With the word before or behind it, as one: "Koordi nator"."""
    found = []
    for other in terms:
        first, last = sorted((term, other), key=lambda each: each.start)
        if first is last or not re.fullmatch(r"[ -]{1,3}", text[first.end : last.start]):
            continue
        joined = text[first.start : first.end] + text[last.start : last.end].lower()
        if len(joined) < LONG:
            continue
        found.append(_Candidate(Correction(first.start, last.end, joined, _roots(joined)), (0, 0, False)))
    return found


def _roots(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.text for token in german.analyse(text)))


def _held(candidates: dict[Term, list[_Candidate]]) -> dict[Term, Correction]:
    """For each the best that an open ad holds: the nearest, of equally near ones what most ads hold."""
    asked = list(dict.fromkeys(each.correction.roots for found in candidates.values() for each in found))
    asked = [roots for roots in asked if roots]
    counts = dict(zip(asked, engine.count([[Term("", (roots,))] for roots in asked]), strict=True))
    chosen = {}
    for term, found in candidates.items():
        held = [each for each in found if counts.get(each.correction.roots)]
        if held:
            best = min(held, key=lambda each: (each.rank, -counts[each.correction.roots], each.correction.text))
            chosen[term] = best.correction
    return chosen
