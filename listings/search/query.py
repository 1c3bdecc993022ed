"""What somebody means who types a text into "Was": its terms, the town in it, what was corrected or left out."""

from dataclasses import dataclass, field

from jobboard import german
from profiles.models import Place


@dataclass(frozen=True)
class Term:
    """One idea of a query.

    text: as it stands in the query, or as it was corrected
    options: an ad holds the term if it holds all roots of one of them
    """

    text: str
    options: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Understood:
    """A query, understood.

    related: each a whole query of its own, for the roles that stand next to the one asked for; ads of these come
        after the exact ones
    corrected: what was typed and what is searched instead
    dropped: words left out because no open ad knows them
    place: the town that stood in the text, which is no longer among the terms
    rest: the text without that town, as typed
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    related: tuple[tuple[Term, ...], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    place: Place | None = None
    rest: str = ""
    also: tuple[Place, ...] = field(default=())  # other towns of that name


def understand(text: str, *, exact: bool = False, with_place: bool = True) -> Understood:
    """What `text` asks for. `exact`: nothing is corrected; a word that no open ad knows then finds nothing."""
    terms = tuple(Term(text[token.start : token.end], ((token.text,),)) for token in german.analyse(text))
    return Understood(text=text, terms=terms, rest=text)
