"""Whether a text speaks of a fact."""

from collections.abc import Iterable, Iterator

from jobboard import wording
from profiles.models import Fact


def speaks_of(text: str, fact: Fact, simplified: str | None = None) -> bool:
    """Whether `text` uses one of the wordings of `fact`, and does not say that it is not wanted.

    `simplified`: the text by wording.simplify(), for who asks about many facts.
    """
    return next(_words(text, fact, simplified), None) is not None


def spoken_of(text: str, facts: Iterable[Fact]) -> list[Fact]:
    """Those of `facts` that `text` speaks of; about a millisecond for sixty of them and a page of text."""
    simplified = wording.simplify(text)
    return [fact for fact in facts if speaks_of(text, fact, simplified)]


def words_for(fact: Fact, text: str) -> list[str]:
    """By which words `text` speaks of `fact`."""
    return list(dict.fromkeys(" ".join(words.split()) for words in _words(text, fact)))


def _words(text: str, fact: Fact, simplified: str | None = None) -> Iterator[str]:
    simplified = wording.simplify(text) if simplified is None else simplified
    for line in fact.wordings.splitlines():
        if wording.may_find(line, simplified):
            for match in wording.find(line, fact.exceptions, text, unless_denied=True):
                yield match.group()
