"""Where an ad says what a query asks for: its title with marks, and the sentence that answers best."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from jobboard import german
from jobboard.german import Token
from jobboard.phrases import Match
from jobboard.text import paragraphs
from listings.models import Vacancy
from listings.search import concepts
from listings.search.concepts import Concepts, Term, root_of
from listings.search.query import Understood

LONGEST = 180  # characters of an excerpt
_END_OF_SENTENCE = re.compile(r"(?<=[^\W\d][\w\"“)][.!?])\s+(?=[^\W_a-zäöüß]|[„\"(])")

Options = list[frozenset[str]]  # of a term: it is there where all roots of one of them are


class Sentence(NamedTuple):
    """roots: those of its words, and one for each concept in it, as they stand in SearchText"""

    text: str
    roots: frozenset[str]


def mark_page(vacancies: Iterable[Vacancy], understood: Understood) -> None:
    """Give each vacancy `title_marked` and `excerpt`; asks the database once."""
    known = understood.known or concepts.current() if understood.terms else None
    for vacancy in vacancies:
        vacancy.title_marked = mark(vacancy.title, understood, known)  # type: ignore[attr-defined]
        vacancy.excerpt = excerpt(vacancy, understood, known)  # type: ignore[attr-defined]


def mark(text: str, understood: Understood, known: Concepts | None = None) -> SafeString:
    """`text` with <mark> around each word that answers a term of the query."""
    if not understood.terms:
        return SafeString(escape(text))
    asked, beside = _terms(understood)
    known = known or concepts.current()
    parts = [_options(part) for part in understood.parts]  # of a term that the title does not hold as a whole
    return _marked(text, _spans(text, asked + beside, known) or _spans(text, parts, known))


def excerpt(vacancy: Vacancy, understood: Understood, known: Concepts | None = None) -> SafeString:
    """What says most of what is asked for and the title leaves open, with marks; empty where nothing does.

    A sentence, or the line of facts and skills if that says more; `fact_names` as a card brings them.
    """
    if not understood.terms:
        return SafeString("")
    known = known or concepts.current()
    asked = [_options(term) for term in understood.terms]
    in_title = _roots_of(vacancy.title, known)
    left = [options for options in asked if not _answered([options], in_title)]
    best, most = "", (0, 0)
    listed = " · ".join(filter(None, [*json.loads(getattr(vacancy, "fact_names", "[]") or "[]"), vacancy.skills]))
    for source in (vacancy.tasks, vacancy.profile, vacancy.offer, listed) if left else ():
        for sentence in _sentences(source, known):
            answered = (_answered(left, sentence.roots), _answered(asked, sentence.roots))
            if answered > most and answered[0]:
                best, most = sentence.text, answered
    if not best:  # of a term that the ad does not hold as a whole
        return excerpt(vacancy, replace(understood, terms=understood.parts, parts=()), known)
    spans = _spans(best, asked, known)
    start, end = _window(best, spans)
    shown = [
        (max(first, start) - start, min(last, end) - start) for first, last in spans if first < end and start < last
    ]
    marked = _marked(best[start:end], shown)
    return mark_safe(f"{'… ' if start else ''}{marked}{' …' if end < len(best) else ''}")  # noqa: S308 (escaped in _marked)


def _terms(understood: Understood) -> tuple[list[Options], list[Options]]:
    """Those of the query, and those of the related roles."""
    beside = dict.fromkeys(term for query in understood.related for term in query if term not in understood.terms)
    return [_options(term) for term in understood.terms], [_options(term) for term in beside]


def _options(term: Term) -> Options:
    return [frozenset(option) for option in term.options]


def _answered(terms: list[Options], roots: frozenset[str]) -> int:
    return sum(any(option <= roots for option in options) for options in terms)


@lru_cache(maxsize=1024)  # texts; about 5 kB each
def _sentences(source: str, known: Concepts) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(text, _roots(tokens, known.find(text, tokens)))
        for paragraph in paragraphs(source)
        for text in _END_OF_SENTENCE.split(paragraph)
        if (tokens := german.analyse(text))
    )


def _roots_of(text: str, known: Concepts) -> frozenset[str]:
    tokens = german.analyse(text)
    return _roots(tokens, known.find(text, tokens))


def _roots(tokens: list[Token], matches: list[Match]) -> frozenset[str]:
    return frozenset([token.text for token in tokens] + [root_of(match.key) for match in matches])


def _spans(text: str, terms: list[Options], known: Concepts) -> list[tuple[int, int]]:
    """From where to where in `text` stand words that answer a term, in order and apart."""
    words = german.read(text)
    tokens = [token for word in words for token in word.tokens]
    matches = known.find(text, tokens)
    roots = _roots(tokens, matches)
    answering = {root for options in terms for option in options if option <= roots for root in option}
    spans = [word[1:3] for word in words if any(token.text in answering for token in word.tokens)]
    for match in matches:
        if root_of(match.key) in answering:
            first, last = tokens[match.start], tokens[match.end - 1]
            touched = [word for word in words if word.start < last.end and first.start < word.end]
            spans.append((touched[0].start, touched[-1].end))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _marked(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces, last = [], 0
    for start, end in spans:
        pieces += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    pieces.append(escape(text[last:]))
    return mark_safe("".join(pieces))  # noqa: S308 (each piece of the text is escaped)


def _window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Whole words around the marks, where a sentence is too long to be shown."""
    if len(text) <= LONGEST:
        return 0, len(text)
    first = spans[0][0] if spans else 0
    last = next((end for _, end in reversed(spans) if end - first <= LONGEST), first)
    start = max(0, min(first - (LONGEST - (last - first)) // 2, len(text) - LONGEST))
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = min(start + LONGEST, len(text))
    if end < len(text) and (space := text.rfind(" ", last, end + 1)) > start:
        end = space
    return start, end
