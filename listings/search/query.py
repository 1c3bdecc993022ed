"""What somebody means who types a text into "Was": its terms, the town in it, what was corrected or left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from jobboard import german
from listings.search import concepts, engine
from listings.search.concepts import Concepts, Term
from listings.search.corrections import Correction, apply, correct, told
from listings.search.distance import Distance, find_distance
from listings.search.towns import Town, find_towns
from profiles.models import Place

MOST_TERMS = 12
# Every ad of this board is of it, and every one is a job offer.
TRADE = {"it", "edv"}
SAYS_NOTHING_HERE = {
    *TRADE, "job", "stelle", "angebot", "gesucht", "such", "find", "gibt", "brauch", "sofort", "frei", "offen", "arbeit",
}  # fmt: skip
WITHOUT = (("ohn",),)  # "ohne", "kein"
_MONEY = re.compile(
    r"(?<![\w.,])(?:(?:ab|mindestens|mind\.|über|bis)\s)?"
    r"(?:\d{1,3}(?:[.\s]?\d{3})*\s?(?:€|euro|eur)|\d{2,3}\s?k)(?:\s(?:brutto|netto))?(?!\w|[\s-]?job)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Understood:
    """A query, understood.

    parts: the words that the only term is made of, where these are several
    related: each a whole query of its own, for the roles that stand next to the one asked for; ads of these come
        after the exact ones
    corrected: what was typed and what is searched instead
    dropped: words left out because no open ad knows them
    unknown: words that no open ad knows; left out too, but where nothing else would be left
    beyond: words left out because there are too many
    aside: what ads should not say, and amounts of money: nothing to look for in a text
    place: the town that stood in the text, which is no longer among the terms
    also: other towns of that name, the likeliest first
    further: other towns that stood in the text; whoever names two means ads of either
    gives_way: its terms would go if a town were asked for besides
    distance: how far around the town, if that stood in the text; it is no longer among the terms
    nearby: the text without that distance
    rest: the text without those towns and that distance, as typed; empty where no word of it is looked for
    known: the concepts it was read with
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    parts: tuple[Term, ...] = ()
    related: tuple[tuple[Term, ...], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    place: Place | None = None
    also: tuple[Place, ...] = field(default=())
    further: tuple[Place, ...] = ()
    gives_way: bool = False
    distance: Distance | None = None
    nearby: str = ""
    rest: str = ""
    known: Concepts | None = field(default=None, compare=False, repr=False)


def understand(text: str, *, exact: bool = False, with_place: bool = True, is_somewhere: bool = False) -> Understood:
    """What `text` asks for.

    exact: as typed; no town or distance is taken out, nothing is corrected, and a word that no open ad knows then finds
        nothing
    is_somewhere: a town is asked for besides; then the ads of it stay where no word is left
    """
    known = concepts.current()
    if exact:
        terms = _terms(text, known, exact=True)
        whole = _whole_words(text, terms)
        found = _limited(_without_empty_words(whole) or whole)
        return replace(found, text=text, rest=text, related=known.related(found.terms), known=known)
    distance = find_distance(text)
    nearby = _cut(text, [(distance.start, distance.end)]) if distance else text
    aside = _aside(nearby, known)
    found = _understand(_cut(nearby, aside), known, with_place=with_place, is_somewhere=is_somewhere)
    return replace(
        found,
        text=text,
        aside=tuple(text[start:end] for start, end in aside),
        distance=distance,
        nearby=_as_one_line(nearby) if distance else text,
        known=known,
    )


def _aside(text: str, known: Concepts) -> list[tuple[int, int]]:
    terms = _terms(text, known)
    unwanted = [(one.start, other.end) for one, other in pairwise(terms) if one.options == WITHOUT]
    return [match.span() for match in _MONEY.finditer(text)] + unwanted


def _understand(text: str, known: Concepts, *, with_place: bool, is_somewhere: bool) -> Understood:
    """The same of a text of words and towns alone."""
    terms = _terms(text, known)
    if not terms:
        return Understood()
    towns = find_towns(text) if with_place else []
    asked = _roots_of(terms)
    seen = engine.seen(asked)
    towns = [town for town in towns if town.is_meant or not _are_held(_terms(town.text, known), seen)]
    rest = searched = _without(text, towns)
    whole = _terms(rest, known) if towns else terms
    terms = _parted(rest, whole, seen)
    corrections: list[Correction] = []
    corrected: tuple[tuple[str, str], ...] = ()
    if unknown := list(dict.fromkeys([*_not_held(whole, seen), *_not_held(terms, seen)])):
        corrections = correct(rest, unknown, whole, with_place=with_place and not towns)
    if corrections:
        corrected = told(rest, corrections)
        searched = apply(rest, corrections)
        if with_place and not towns and not all(german.knows(correction.text) for correction in corrections):
            towns = [town for town in find_towns(searched) if town.is_meant]
            typed = [(_as_typed(town.start, corrections), _as_typed(town.end, corrections)) for town in towns]
            rest, searched = _cut(rest, typed), _without(searched, towns)
        seen |= {root for correction in corrections for root in correction.roots}
        terms = _terms(searched, known)
        seen |= engine.seen(_roots_of(_not_held(terms, seen)) - seen - asked)
        terms = _parted(searched, terms, seen)
    in_town = _left(searched, terms, seen, is_somewhere=True)
    found = in_town if is_somewhere or towns else _left(searched, terms, seen, is_somewhere=False)
    if towns:
        others = tuple(dict.fromkeys(town.place for town in towns[1:] if town.place != towns[0].place))
        found = replace(found, place=towns[0].place, also=towns[0].also, further=others)
    return replace(
        found,
        parts=_parts_of_all(searched, found.terms, seen),
        gives_way=found.terms != in_town.terms,
        rest=_as_one_line(rest) if found.terms or found.unknown else "",
        corrected=corrected,
        related=known.related(found.terms),
    )


def _as_one_line(rest: str) -> str:
    """What is left of a text of which something was cut out."""
    return " ".join(rest.split()).strip(" ,;-–/(")


def _terms(text: str, known: Concepts, *, exact: bool = False) -> list[Term]:
    return list(known.terms(text, german.analyse(text), exact=exact))


def _left(text: str, terms: list[Term], seen: set[str], *, is_somewhere: bool) -> Understood:
    """What is left of `terms` where open ads hold only the roots `seen`."""
    terms = list(_without_empty_words(terms, is_somewhere=is_somewhere))
    missing = _not_held(terms, seen)
    unknown = tuple(dict.fromkeys(_word_around(term, text) for term in missing))
    held = [term for term in terms if term not in missing]
    if not held and not is_somewhere:
        return replace(_limited(_whole_words(text, terms)), unknown=unknown)
    left = _without_empty_words(_whole_words(text, held), is_somewhere=is_somewhere)
    return replace(_limited(left), dropped=tuple(dict.fromkeys(term.text for term in missing)), unknown=unknown)


def _limited(terms: Sequence[Term]) -> Understood:
    """The same idea once, however often it is named, and no more than the first few."""
    once = list({term.options: term for term in reversed(terms)}.values())[::-1]
    return Understood(terms=tuple(once[:MOST_TERMS]), beyond=tuple(term.text for term in once[MOST_TERMS:]))


def _parted(text: str, terms: Sequence[Term], seen: set[str]) -> list[Term]:
    """The terms, but of words that no open ad holds each part by itself: one of them may be known."""
    missing = [term for term in _not_held(terms, seen) if term.concept is None]
    return [part for term in terms for part in (_parts(text, term) if term in missing else [term])]


def _whole_words(text: str, terms: Sequence[Term]) -> list[Term]:
    """The parts of a compound that are no ideas of their own are one: an ad that lacks "Software" is no "Softwareprojekt"."""
    whole: list[Term] = []
    for term in terms:
        before = whole[-1] if whole else None
        if before and before.end == term.start and before.concept is None and term.concept is None:
            roots = tuple(dict.fromkeys([*before.options[0], *term.options[0]]))
            whole[-1] = Term(text[before.start : term.end], (roots,), before.start, term.end)
        else:
            whole.append(term)
    return whole


def _parts_of_all(text: str, terms: Sequence[Term], seen: set[str]) -> tuple[Term, ...]:
    """The words of a single term that ads say; an ad that speaks of its concept holds each of them."""
    if len(terms) != 1 or not terms[0].is_said:
        return ()
    as_concept = terms[0].options[:-1]
    parts = _without_empty_words(_parts(text, terms[0]))
    if not _is_enough(parts, seen):
        return ()
    once = {part.options: replace(part, options=(*as_concept, *part.options)) for part in parts}
    return tuple(once.values()) if len(once) > 1 else ()


def _parts(text: str, term: Term) -> list[Term]:
    """Each word of it, and each part of a compound."""
    spans: dict[tuple[int, int], list[str]] = {}
    for token in german.analyse(text):
        if term.start <= token.start and token.end <= term.end:
            spans.setdefault((token.start, token.end), []).append(token.text)
    return [Term(text[start:end], (tuple(dict.fromkeys(roots)),), start, end) for (start, end), roots in spans.items()]


def _word_around(term: Term, text: str) -> str:
    start, end = term.start, term.end
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[start:end]


def _without_empty_words(terms: Sequence[Term], *, is_somewhere: bool = False) -> Sequence[Term]:
    left = [term for term in terms if not _says_only(SAYS_NOTHING_HERE, term)]
    return left if left or is_somewhere else [term for term in terms if _says_only(TRADE, term)]


def _says_only(roots: set[str], term: Term) -> bool:
    return all(set(option) <= roots for option in term.options)


def _roots_of(terms: Iterable[Term]) -> set[str]:
    return {root for term in terms for option in term.options for root in option}


def _not_held(terms: Iterable[Term], seen: set[str]) -> list[Term]:
    return [term for term in terms if not any(seen.issuperset(option) for option in term.options)]


def _are_held(terms: Iterable[Term], seen: set[str]) -> bool:
    return not _not_held(terms, seen)


def _is_enough(parts: Sequence[Term], seen: set[str]) -> bool:
    """Of words one that ads hold; of a compound all of it, as a "Werkstudent" has nothing to do with a "Werk"."""
    missing = _not_held(parts, seen)
    is_compound = all(one.end == other.start for one, other in pairwise(parts))
    return not missing if is_compound else len(missing) < len(parts)


def _without(text: str, towns: Iterable[Town]) -> str:
    return _cut(text, [(town.start, town.end) for town in towns])


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _as_typed(position: int, corrections: Iterable[Correction]) -> int:
    """Where in the text as typed stands what stands at `position` of the corrected one."""
    shift = 0
    for each in corrections:
        start = each.start + shift
        if position <= start:
            break
        if position < start + len(each.text):
            return each.start
        shift += len(each.text) - (each.end - each.start)
    return position - shift
