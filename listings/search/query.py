"""What somebody means who types a text into "Was": its terms, the town in it, what was corrected or left out."""

from dataclasses import dataclass, field, replace

from jobboard import german
from listings.search import concepts, engine
from listings.search.concepts import Concepts, Term
from listings.search.towns import Town, find_towns
from profiles.models import Place

MOST_TERMS = 12
MOST_ROOTS = 60  # that are looked up; nobody types so many who looks for work
# Every ad of this board is of it, and every one is a job offer.
SAYS_NOTHING_HERE = {"it", "edv", "job", "stelle", "angebot", "gesucht", "such", "frei", "offen", "arbeit"}


@dataclass(frozen=True)
class Understood:
    """A query, understood.

    related: each a whole query of its own, for the roles that stand next to the one asked for; ads of these come
        after the exact ones
    corrected: what was typed and what is searched instead
    dropped: words left out because no open ad knows them
    unknown: words that no open ad knows; left out too, but where nothing else would be left
    beyond: words left out because there are too many
    place: the town that stood in the text, which is no longer among the terms
    also: other towns of that name, the likeliest first
    further: other towns that stood in the text; whoever names two means ads of either
    rest: the text without those towns, as typed
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    related: tuple[tuple[Term, ...], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    place: Place | None = None
    also: tuple[Place, ...] = field(default=())
    further: tuple[Place, ...] = ()
    rest: str = ""


def understand(text: str, *, exact: bool = False, with_place: bool = True) -> Understood:
    """What `text` asks for.

    exact: as typed; no town is taken out, nothing is corrected, and a word that no open ad knows then finds nothing
    """
    known = concepts.current()
    terms = _terms(text, known)
    if exact:
        found = Understood(rest=text, terms=_without_empty_words(terms)[:MOST_TERMS], beyond=_beyond(terms))
    else:
        towns = find_towns(text) if with_place and terms else []
        roots = {root for term in terms for option in term.options for root in option}
        seen = engine.seen(sorted(roots)[:MOST_ROOTS])
        towns = [town for town in towns if town.is_meant or not _is_seen(_terms(town.text, known), seen)]
        rest = _without(text, towns)
        found = _left(_terms(rest, known) if towns else terms, seen, is_somewhere=bool(towns))
        found = replace(found, rest=" ".join(rest.split()).strip(" ,;-–/("))
        if towns:
            others = tuple(dict.fromkeys(town.place for town in towns[1:] if town.place != towns[0].place))
            found = replace(found, place=towns[0].place, also=towns[0].also, further=others)
    return replace(found, text=text, related=known.related(found.terms))


def _terms(text: str, known: Concepts) -> list[Term]:
    """The same idea once, however often it is named."""
    terms: dict[tuple, Term] = {}
    for term in known.terms(text, german.analyse(text)):
        terms.setdefault(term.options, term)
    return list(terms.values())


def _left(terms: list[Term], seen: set[str], *, is_somewhere: bool) -> Understood:
    """What is left of `terms` where open ads hold only the roots `seen`."""
    held = [term for term in terms if _is_seen([term], seen)]
    unknown = tuple(term.text for term in terms if term not in held)
    if not held and not is_somewhere:
        return Understood(terms=tuple(terms[:MOST_TERMS]), unknown=unknown, beyond=_beyond(terms))
    left = _without_empty_words(held, is_somewhere=is_somewhere)
    return Understood(terms=left[:MOST_TERMS], dropped=unknown, unknown=unknown, beyond=_beyond(left))


def _without_empty_words(terms: list[Term], *, is_somewhere: bool = False) -> tuple[Term, ...]:
    left = tuple(term for term in terms if not all(set(option) <= SAYS_NOTHING_HERE for option in term.options))
    return left if left or is_somewhere else tuple(terms)


def _beyond(terms) -> tuple[str, ...]:
    return tuple(term.text for term in terms[MOST_TERMS:])


def _is_seen(terms: list[Term], seen: set[str]) -> bool:
    return all(any(seen.issuperset(option) for option in term.options) for term in terms)


def _without(text: str, towns: list[Town]) -> str:
    for town in towns:
        text = text[: town.start] + " " * (town.end - town.start) + text[town.end :]
    return text
