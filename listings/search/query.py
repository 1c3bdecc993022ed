"""What somebody means who types a text into "Was": its terms, the town in it, what was corrected or left out."""

from dataclasses import dataclass, field

from jobboard import german
from listings.search import concepts
from listings.search.concepts import Term
from profiles.models import Place


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
    known = concepts.current()
    terms = known.terms(text, german.analyse(text))
    return Understood(text=text, terms=terms, related=known.related(terms), rest=text)
