"""Ideas of the trade, each with all its wordings: compiled once, found in ads and in what people look for."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from uuid import UUID

from jobboard import german
from jobboard.german import Token
from jobboard.phrases import Match, Phrases, shape
from listings.models import Concept, ConceptStamp
from listings.search import spelling


@dataclass(frozen=True)
class Term:
    """One idea of a query.

    text: as it stands in the query, or as it was corrected
    options: an ad holds the term if it holds all roots of one of them
    start, end: where it stands in the query
    concept: the id of the concept that it is
    is_said: ads that say these words speak of it
    """

    text: str
    options: tuple[tuple[str, ...], ...]
    start: int = 0
    end: int = 0
    concept: int | None = None
    is_said: bool = True


class Idea(NamedTuple):
    """A concept as the search keeps it.

    related: ids, of those that are applied
    typed: wordings that mean it in a query, and something else in an ad
    """

    pk: int
    name: str
    wordings: tuple[str, ...]
    related: tuple[int, ...] = ()
    typed: tuple[str, ...] = ()


OF_THE_TRADE = "zz0"  # stands in all texts of an ad that speaks of anything of IT
# One or the other of these; ads of other trades, which stand beside them, speak of none.
_WORDS_OF_THE_TRADE = (
    "IT EDV Informatik Software System SAP ERP Cloud digital Digitalisierung online Datenbank Server Rechenzentrum"
    " Jira Scrum agil E-Akte"
)


def root_of(pk: int) -> str:
    """What stands in the texts of an ad for a concept it speaks of."""
    return f"zz{pk}"


@cache
def _roots_of_the_trade() -> frozenset[str]:
    return frozenset(german.roots(_WORDS_OF_THE_TRADE).split())


def are_of_the_trade(roots: Iterable[str]) -> bool:
    return not _roots_of_the_trade().isdisjoint(roots)


class Concepts:
    def __init__(self, ideas: Iterable[Idea]):
        self.ideas = {idea.pk: idea for idea in ideas}
        wordings = {pk: idea.wordings for pk, idea in self.ideas.items()}
        self._phrases = Phrases(wordings)
        self._asked = Phrases(wordings | {-pk: idea.typed for pk, idea in self.ideas.items()})
        # What matters only to queries is no part of it.
        known = sorted((each, sorted(keys)) for each, keys in self._shapes())
        self.stamp = hashlib.sha256(repr((german.VERSION, german.lexicon_version(), known)).encode()).hexdigest()[:12]

    def _shapes(self):
        for each, keys in self._phrases.shapes.items():
            yield (each.roots, sorted(each.gaps), each.before, each.after), keys

    def find(self, text: str, tokens: Sequence[Token]) -> list[Match]:
        """Which an ad speaks of in `text`, whose tokens these are: the longest wording counts, none overlaps another."""
        return self._phrases.find_longest(text, tokens)

    def with_wording(self, line: str) -> list[Idea]:
        """Those that are found by the very same words."""
        wanted = shape(line)
        return [self.ideas[abs(key)] for key in self._asked.shapes.get(wanted, ())] if wanted else []

    def roots(self, text: str, tokens: Sequence[Token]) -> list[str]:
        """For ads: the roots of the text, and one for each concept in it."""
        return [
            *(token.text for token in tokens),
            *dict.fromkeys(root_of(match.key) for match in self.find(text, tokens)),
        ]

    def terms(self, text: str, tokens: Sequence[Token], *, exact: bool = False) -> tuple[Term, ...]:
        """For queries: a term for each concept and for each word besides.

        A concept is also found by the roots that were typed, in ads that were indexed before it came; but not where these
        mean it in a query alone.

        exact: only by words that ads say as well
        """
        terms: list[Term] = []
        at = 0
        for match in (self._phrases if exact else self._asked).find_longest(text, tokens):
            terms += _words(text, tokens[at : match.start])
            terms.append(_term(text, tokens[match.start : match.end], abs(match.key), is_said=match.key > 0))
            at = match.end
        terms += _words(text, tokens[at:])
        return tuple(terms)

    def related(self, terms: Sequence[Term]) -> tuple[tuple[Term, ...], ...]:
        """The same query for the roles next to the one it asks for, once for each role in it."""
        return tuple(
            (*terms[:number], self._beside(idea), *terms[number + 1 :])
            for number, term in enumerate(terms)
            if term.concept and (idea := self.ideas.get(term.concept)) and idea.related
        )

    def _beside(self, idea: Idea) -> Term:
        others = [self.ideas[pk] for pk in idea.related]
        return Term(", ".join(idea.name for idea in others), tuple((root_of(idea.pk),) for idea in others))


def _words(text: str, tokens: Sequence[Token]) -> Iterator[Term]:
    """A term for each word, with a number behind it ("Windows 11"); the parts of one stand side by side."""
    word: list[Token] = []
    for token in tokens:
        between = text[word[-1].end : token.start] if word else ""
        if between and not (between == " " and token.text.isdecimal()):
            yield _term(text, word)
            word = []
        word.append(token)
    if word:
        yield _term(text, word)


def _term(text: str, tokens: Sequence[Token], concept: int | None = None, *, is_said: bool = True) -> Term:
    start, end = tokens[0].start, max(token.end for token in tokens)
    options: list[tuple[str, ...]] = [(root_of(concept),)] if concept else []
    if is_said:
        options.append(tuple(dict.fromkeys(token.text for token in tokens)))
    return Term(text[start:end], tuple(options), start, end, concept, is_said)


_kept: tuple[UUID, Concepts] | None = None


def current() -> Concepts:
    """What editors keep, compiled anew only after a change, wherever that was made; costs one row of one table."""
    global _kept
    stamp = ConceptStamp.objects.values_list("value", flat=True).first()
    if stamp is None or _kept is None or _kept[0] != stamp:
        concepts = _load()
        if stamp is None:  # nothing was ever changed, so no change would be seen
            return concepts
        _kept = stamp, concepts
        spelling.forget()
    return _kept[1]


def _load() -> Concepts:
    rows = {concept.pk: concept for concept in Concept.objects.filter(active=True).order_by("pk")}
    related: dict[int, list[int]] = {}
    links = Concept.related.through.objects.order_by("pk")
    for one, other in links.values_list("from_concept", "to_concept"):
        if one in rows and other in rows:
            related.setdefault(one, []).append(other)
    return Concepts(
        Idea(pk, row.name, tuple(row.wordings.splitlines()), tuple(related.get(pk, ())), tuple(row.typed.splitlines()))
        for pk, row in rows.items()
    )
