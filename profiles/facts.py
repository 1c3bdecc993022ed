"""Whether a text speaks of a fact."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from jobboard.german import Token, analyse
from jobboard.phrases import Phrases
from jobboard.wording import is_denied
from profiles.models import Fact


def spoken_of(text: str, facts: Iterable[Fact], tokens: Sequence[Token] | None = None) -> list[Fact]:
    """Those of `facts` one of whose wordings `text` uses, and does not say that it is not wanted.

    `tokens`: of the text, where it has been analysed before.
    """
    facts = list(facts)
    said = {number for number, _, _ in _said(text, facts, analyse(text) if tokens is None else tokens)}
    return [fact for number, fact in enumerate(facts) if number in said]


def words_for(fact: Fact, text: str) -> list[str]:
    """By which words `text` speaks of `fact`."""
    words = (text[start:end] for _, start, end in _said(text, [fact], analyse(text)))
    return list(dict.fromkeys(" ".join(each.split()) for each in words))


def _said(text: str, facts: list[Fact], tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Which of the facts, and where the words for it stand."""
    matches = _compiled(tuple(fact.wordings for fact in facts)).find(text, tokens)
    if not matches:
        return
    fine = _compiled(tuple(fact.exceptions for fact in facts)).find(text, tokens)
    for number, first, last in matches:
        if any(each.key == number and each.start <= first < each.end for each in fine):
            continue  # it begins within an exception
        start, end = tokens[first].start, max(token.end for token in tokens[first:last])
        if not is_denied(text, start, end):
            yield number, start, end


@lru_cache(maxsize=64)
def _compiled(wordings: tuple[str, ...]) -> Phrases:
    """Of all facts at once, or of one: the texts themselves are the key, so a change by an editor is another one."""
    return Phrases({number: lines.splitlines() for number, lines in enumerate(wordings)})
