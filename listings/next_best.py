"""What to try where a query finds next to nothing: lists like it that have more, each with its count."""

from dataclasses import dataclass

from listings.facets import Tally
from listings.filter_fields import DEFAULT_KM, OPTIONS, RADII
from listings.filter_words import label_of
from listings.filters import Ads, VacancyFilter, count_text
from listings.models import EmployerKind, Vacancy
from listings.search.towns import find_towns
from profiles.places import distance_km

NEIGHBOURS = 3  # cities looked at
MOST_WITHOUT = 3  # of the lists that leave one thing away
MOST = 7
SINGLE = ["gehalt_ab", "veroeffentlichtseit", *(name for name in OPTIONS if name != "arbeitgeberart")]


@dataclass(frozen=True)
class Suggestion:
    """Another list in words, with how many ads it has."""

    text: str
    query: str
    count: int

    @property
    def count_text(self) -> str:
        return count_text(self.count)


@dataclass(frozen=True)
class Candidate:
    kind: str
    text: str
    query: str
    ads: Ads


def candidates(asked: VacancyFilter) -> dict[str, Candidate]:
    """Lists that may have more ads; one of them has, while any ad is open that is not in the list."""
    found = [*_wider(asked), *_elsewhere(asked), *_from_anywhere(asked), *_without(asked), *_other_kinds(asked)]
    found.append(Candidate("all", "alle offenen Stellen", "?", Ads(Vacancy.objects.open().direct())))
    return {f"next_{number}": each for number, each in enumerate(found)}


def best(candidates: dict[str, Candidate], tallies: dict[str, Tally], count: int) -> list[Suggestion]:
    """At most MOST of them, each with more than `count` ads."""
    found: dict[str, list[Suggestion]] = {}
    for key, each in candidates.items():
        if (there := tallies[key].count) > count:
            found.setdefault(each.kind, []).append(Suggestion(each.text, each.query, there))
    best = [
        *found.get("wider", [])[:1],
        *found.get("city", [])[:1],
        *found.get("anywhere", []),
        *sorted(found.get("without", []), key=lambda each: -each.count)[:MOST_WITHOUT],
        *found.get("kinds", []),
        *found.get("all", []),
    ]
    return list({each.query: each for each in best}.values())[:MOST]


def _wider(asked: VacancyFilter):
    around = asked.around
    if around is None:
        return
    for km in RADII:
        if (asked.where and km <= around.km) or (asked.city and km < DEFAULT_KM):
            continue  # the page of a city takes in about as much as that
        query = asked.query(**asked.without_town, stadt=None, wo=around.name, umkreis=km)
        ads = asked.found(wo=around.with_km(km), stadt=None)
        yield Candidate("wider", f"im Umkreis von {km} km um {around.place.name}", query, ads)


def _elsewhere(asked: VacancyFilter):
    if asked.around is None:
        return
    place = asked.around.place
    others = [city for city in asked.cities.values() if city.place_id != place.pk]
    for city in sorted(others, key=lambda city: distance_km(place, city.place))[:NEIGHBOURS]:
        query = asked.query(**asked.without_town, wo=None, umkreis=None, stadt=[city.slug])
        yield Candidate("city", f"in {city.place.name}", query, asked.found(wo=None, stadt=[city.slug]))


def _from_anywhere(asked: VacancyFilter):
    if asked.has_place and "ortsunabhaengig" not in asked.good:
        text = "dazu ortsunabhängige Stellen"
        yield Candidate("anywhere", text, asked.query(ortsunabhaengig=True), asked.found(ortsunabhaengig=True))


def _without(asked: VacancyFilter):
    for name in SINGLE:
        if name in asked.good:
            words = " oder ".join(label_of(asked, name, each) for each in _each(asked.good[name]))
            yield Candidate(
                "without", f"ohne die Angabe „{words}“", asked.query(**{name: None}), asked.found(**{name: None})
            )
    for slug in asked.good.get("faktum", []):
        left = [each for each in asked.good["faktum"] if each != slug] or None
        text = f"ohne das Merkmal „{asked.facts[slug].name}“"
        yield Candidate("without", text, asked.query(faktum=left), asked.found(faktum=left))
    if asked.understood.terms:
        query = asked.query(was=None, **asked.town_in_text)
        rest = asked.understood.rest or asked.good["was"]
        yield Candidate("without", f"ohne „{rest}“", query, asked.found(was=None))
    if asked.has_place and not _names_another_town(asked):
        town_away = asked.without_town if asked.understood.terms else {"was": None}
        query = asked.query(**town_away, wo=None, stadt=None, umkreis=None)
        yield Candidate("without", "in ganz Deutschland", query, asked.found(wo=None, stadt=None))
    if "genau" in asked.good:
        query = asked.query(genau=None)
        yield Candidate("without", "mit ähnlichen Schreibweisen", query, asked.asking(query).found())


def _names_another_town(asked: VacancyFilter) -> bool:
    """Whether a town in the text may count as soon as no other parameter names one."""
    understood = asked.understood
    if understood.place or not understood.terms or "genau" in asked.good:
        return False
    return bool(understood.dropped or find_towns(understood.text))


def _other_kinds(asked: VacancyFilter):
    kinds = list(EmployerKind.values)
    if set(asked.good.get("arbeitgeberart", [])) != set(kinds):
        text = "auch von Zeitarbeit und Vermittlung"
        if "arbeitgeberart" in asked.good:
            text = "von allen, die einstellen"
        yield Candidate("kinds", text, asked.query(arbeitgeberart=kinds), asked.found(arbeitgeberart=kinds))


def _each(value):
    return value if isinstance(value, list) else [value]
