"""Whether a text speaks of a fact."""

from collections.abc import Iterable

from jobboard import wording
from profiles.models import Fact


def speaks_of(text: str, fact: Fact) -> bool:
    """Whether `text` uses one of the wordings of `fact`, and does not say that it is not wanted."""
    return bool(words_for(fact, text))


def words_for(fact: Fact, text: str) -> list[str]:
    """By which words `text` speaks of `fact`."""
    matches = wording.find(fact.wordings, fact.exceptions, text, unless_denied=True)
    return list(dict.fromkeys(" ".join(match.group().split()) for match in matches))


def spoken_of(text: str, facts: Iterable[Fact]) -> list[Fact]:
    """Those of `facts` that speaks_of() finds, within about a millisecond for sixty of them."""
    simplified = wording.simplify(text)
    return [fact for fact in facts if wording.may_find(fact.wordings, simplified) and speaks_of(text, fact)]
