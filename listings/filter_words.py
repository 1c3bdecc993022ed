"""What the page says of a query: its choices with their counts, chips, hints, what was understood, how it is sorted."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from django.db.models import Subquery
from django.utils.functional import cached_property

from jobboard.templatetags.board import euro
from jobboard.text import fold
from listings.facets import Facets
from listings.filter_fields import MOST_FACTS, OPTIONS, RADII
from listings.filters import GROUPS, SORTINGS, VacancyFilter
from profiles.models import CityFact, Fact

AGES = [1, 3, 7, 14, 30]  # days to choose from; an address may name others
# Lists that search engines should know have at most two of these, one value each, and a few ads.
FOR_ENGINES = {"stadt", "faktum", "niveau", "arbeitszeit", "arbeitsort", "befristung"}
MOST_PARAMETERS = 2
FEW = 3


@dataclass(frozen=True)
class Choice:
    """count: of the list that has only this value in its group; None where it is not known exactly"""

    value: str
    label: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    label: str
    query: str


@dataclass(frozen=True)
class Note:
    """What was made of a query.

    kind: corrected | dropped | unknown (to all ads, and nothing else is left) | beyond (too many words) | aside (unwanted,
        or an amount) | place (a town in the text) | distance (around a town, in the text) | ambiguous (others in
        `place_choices`) | unknown_place | widened
    typed, used: the words as typed, and what is searched instead ("" for none)
    undo: the query that undoes it, for unknown_place the one with the town `used`, "" where there is none
    more, more_count: for a place the query around it where that finds more, and how many ads
    """

    kind: str
    typed: str = ""
    used: str = ""
    undo: str = ""
    more: str = ""
    more_count: int | None = None


@dataclass(frozen=True)
class Radius:
    """Of the town asked for: kilometres as (km, query, is_chosen)."""

    label: str
    km: int
    kilometres: list[tuple[int, str, bool]]


def label_of(asked: VacancyFilter, name: str, value) -> str:
    """A value that narrows the list, in words; nothing for one that only says how."""
    if name in OPTIONS:
        return OPTIONS[name][value].label
    if name == "wo":
        where = asked.where
        if not where:
            return ""
        names = " oder ".join([where.name, *(place.name for place in where.further)])
        return f"{names}, {where.km} km" if where.km else f"nur {names}"
    if name == "veroeffentlichtseit":
        return age(value)
    return {
        "gehalt_ab": lambda: f"ab {euro(value)} im Monat",
        "stadt": lambda: asked.cities[value].place.name,
        "faktum": lambda: asked.facts[value].name,
        "ortsunabhaengig": lambda: "auch ortsunabhängig" if asked.has_place else "",
    }.get(name, lambda: "")()


def age(days: int) -> str:
    return {0: "seit heute", 1: "seit gestern"}.get(days, f"seit höchstens {days} Tagen")


class FilterWords:
    """The words around one VacancyFilter.

    facets: the counts beside choices
    lacks_word: ads of the list lack one of the words
    more_count: of the list around the town in the text
    """

    def __init__(self, asked, facets=None, page=1, count=0, lacks_word=False, more_count=None):
        self.asked: VacancyFilter = asked
        self.facets: Facets = facets or Facets()
        self.page = page
        self.count = count
        self.lacks_word = lacks_word
        self.more_count = more_count

    @property
    def form(self):
        return self.asked.form

    @property
    def good(self) -> dict:
        return self.asked.good

    @property
    def sorting(self) -> str:
        return self.asked.sorting

    @property
    def city(self):
        return self.asked.city

    @cached_property
    def groups(self) -> list[Group]:
        """Of all repeatable choices but facts, which stand in `fact_groups`."""
        found = []
        for name in GROUPS:
            words = (
                {slug: city.place.name for slug, city in self.asked.cities.items()}
                if name == "stadt"
                else {value: option.label for value, option in OPTIONS[name].items()}
            )
            counts = self.facets.of(name)
            chosen = self.asked.asked.get(name) or []
            choices = [Choice(value, label, value in chosen, counts.get(value)) for value, label in words.items()]
            found.append(Group(name, self.asked.filters[name].label, choices))
        return found

    @cached_property
    def fact_groups(self) -> list[tuple[str, list[Choice], bool]]:
        """Facts under the name of their kind; is one of them chosen? A count is of the list with that fact as well."""
        chosen = self.good.get("faktum", [])
        counts = self.facets.of("faktum")
        groups = []
        for kind, label in Fact.Kind.choices:
            facts = sorted(
                (fact for fact in self.asked.facts.values() if fact.kind == kind), key=lambda fact: fold(fact.name)
            )
            choices = [Choice(fact.slug, fact.name, fact.slug in chosen, counts.get(fact.slug)) for fact in facts]
            if choices:
                groups.append((label, choices, any(choice.is_chosen for choice in choices)))
        return groups

    @cached_property
    def chips(self) -> list[Chip]:
        """One removable chip for every value that narrows the list."""
        chips = self._text_chips
        for name, value in self.good.items():
            if name == "was":
                continue
            for each in value if isinstance(value, list) else [value]:
                if label := label_of(self.asked, name, each):
                    left = [other for other in value if other != each] if isinstance(value, list) else None
                    chips.append(Chip(label, self.asked.query(**{name: left or None})))
        return chips

    @property
    def _text_chips(self) -> list[Chip]:
        """The words of the text and its towns, which count as places."""
        asked, understood = self.asked, self.asked.understood
        if not understood.place:
            return [Chip(f"„{self.was}“", asked.query(was=None, **asked.town_in_text))] if understood.terms else []
        rest = understood.rest or None
        chips = [Chip(f"„{rest}“", asked.query(was=None, **asked.town_in_text))] if understood.terms else []
        if cities := asked.cities_in_text:
            for slug in cities:
                others = [each for each in cities if each != slug]
                chips.append(Chip(label_of(asked, "stadt", slug), asked.query(was=rest, stadt=others or None)))
        else:
            chips.append(Chip(label_of(asked, "wo", None), asked.query(was=rest)))
        return chips

    @property
    def says_nothing(self) -> bool:
        """A text in which nothing is looked for, and of which no note says why."""
        understood = self.asked.understood
        says = understood.terms or understood.dropped or understood.aside or understood.place
        return "was" in self.good and not (says or self.asked.distance_in_text)

    @property
    def hints(self) -> list[str]:
        """What was left out and why, in words."""
        hints = []
        for name, field in self.form.fields.items():
            if unknown := getattr(field, "unknown", []):
                shown = ", ".join(f"„{value[:40]}“" for value in unknown[:3])
                hints.append(f"{field.label}: {shown} kennen wir nicht und haben es weggelassen.")
            if beyond := getattr(field, "beyond", []):
                named = ", ".join(f"„{self.asked.facts[slug].name}“" for slug in beyond[:3])
                hints.append(f"{field.label}: Höchstens {MOST_FACTS} auf einmal; {named} ist weggelassen.")
            if name == "was" and self.says_nothing:
                text = self.good["was"]
                hints.append(f"{field.label}: In „{text[:40]}“ steht kein Wort, nach dem wir suchen könnten.")
            if name == "wo" and (error := self.asked.unknown_place):
                hints.append(f"{field.label}: {error} Die Angabe ist weggelassen.")
            if name == "wo" and self.asked.where and self.asked.where.hint:
                hints.append(f"{field.label}: {self.asked.where.hint}")
            if name == "sortierung" and self.good.get("sortierung") == "entfernung" and not self.asked.where:
                hints.append("Sortieren: Nach Entfernung geht es nur mit einem Ort in „Wo“.")
            for error in self.form.errors.get(name, []):
                hints.append(f"{field.label}: {error} Die Angabe ist weggelassen.")
        return hints

    @property
    def notes(self) -> list[Note]:
        """What was made of the query, each with the query that undoes it."""
        asked, understood = self.asked, self.asked.understood
        typed = asked.query(genau=True)
        notes = [Note("corrected", each, used, typed) for each, used in understood.corrected]
        notes += [Note("dropped", each, undo=typed) for each in understood.dropped]
        unknown = [] if understood.dropped else [Note("unknown", each) for each in understood.unknown]
        notes += unknown
        notes += [Note("beyond", each) for each in understood.beyond]
        notes += [Note("aside", each, undo=typed) for each in understood.aside]
        if understood.place:
            towns = " oder ".join(place.name for place in (understood.place, *understood.further))
            more = ""
            if asked.around and (self.more_count or 0) > self.count:
                more = asked.query(**asked.without_town, wo=asked.around.name)
            was_corrected = any(understood.place.name in used for _, used in understood.corrected)
            undo = "" if was_corrected else typed  # that is the way back from the correction
            notes.append(Note("place", towns, towns, undo, more, self.more_count if more else None))
        if distance := asked.distance_in_text:
            notes.append(Note("distance", distance.text, str(distance.km), asked.query(umkreis=None)))
        if asked.alike:
            typed_town = understood.place.name if understood.place else self.good["wo"]
            notes.append(Note("ambiguous", typed_town, asked.alike[0].label))
        if asked.unknown_place and (nearest := asked.unknown_place.nearest):
            notes.append(Note("unknown_place", self.good["wo"], nearest, asked.query(wo=nearest)))
        if self.lacks_word and self.count and not unknown:
            notes.append(Note("widened", undo=typed))
        return notes

    @property
    def where(self) -> Radius | None:
        where = self.asked.where
        if not where:
            return None
        radii = [(km, self.asked.query(umkreis=km), km == where.km) for km in RADII]
        return Radius(where.name, where.km, radii)

    @property
    def was(self) -> str:
        """For the field: without a town that counts as the place, or each further choice would take it for a word."""
        is_cut = self.asked.understood.place or self.asked.distance_in_text
        return self.asked.understood.rest if is_cut else self.form["was"].value() or ""

    @property
    def wo(self) -> str:
        """For the field: by the name that stands in the address of the list."""
        return self.asked.where.name if self.asked.where else self.form["wo"].value() or ""

    @property
    def ages(self) -> list[tuple[str, str, bool]]:
        """(value, label, is_chosen) for how long an ad may have been out."""
        chosen = self.good.get("veroeffentlichtseit")
        days = sorted({*AGES, *([] if chosen is None else [chosen])})
        return [("", "egal wann", chosen is None), *((str(each), age(each), each == chosen) for each in days)]

    @property
    def radii(self) -> list[tuple[int, bool]]:
        """(km, is_chosen) for the field."""
        return [(km, km == self.asked.km) for km in RADII]

    @property
    def place_choices(self) -> list[tuple[str, str]]:
        """Other towns that the name in `wo` or in the text may mean."""
        away, km = self.asked.without_town, self.asked.km
        return [(town.label, self.asked.query(**away, wo=town.name, umkreis=km)) for town in self.asked.alike[1:]]

    @property
    def sortings(self) -> list[tuple[str, str, str, bool]]:
        """(value, label, query, is_chosen) of those that make sense here."""
        has = {"treffer": bool(self.asked.understood.terms), "entfernung": bool(self.asked.where)}
        return [
            (value, label, self.asked.query(sortierung=value), value == self.sorting)
            for value, label in SORTINGS.items()
            if has.get(value, True)
        ]

    @property
    def order_words(self) -> str:
        return {
            "treffer": "Zuerst die Anzeigen, die Ihre Wörter im Titel haben, dann die anderen; jeweils die neueste zuerst.",
            "neueste": "Die neueste zuerst.",
            "entfernung": "Die nächste zuerst, bei gleicher Entfernung die neueste.",
            "gehalt": "Nach dem unteren Ende des Gehalts, das höchste zuerst.",
        }[self.sorting]

    @property
    def canonical(self) -> str:
        """The query string under which search engines should know this list."""
        query = self.asked.query(seite=self.page if self.page > 1 else None)
        return "" if query == "?" else query

    @property
    def is_thin(self) -> bool:
        """Nothing for search engines: they should know cities, single facts and what goes with them, where ads are.

        Further pages neither: the ads stand in the sitemap. The list itself is always for them, however few ads there are.
        """
        query = parse_qs(self.canonical.removeprefix("?"))
        return (
            (self.count < FEW and bool(query))
            or self.page > 1
            or len(query) > MOST_PARAMETERS
            or any(name not in FOR_ENGINES or len(values) > 1 for name, values in query.items())
        )

    @cached_property
    def typical(self) -> list[CityFact]:
        """Of the facts asked for those that the page of that city calls typical, with their sentences."""
        slugs = self.good.get("faktum", [])
        if not self.city or not slugs:
            return []
        live = Subquery(self.city.editions.newest_live().values("pk")[:1])
        return list(CityFact.objects.filter(edition=live, fact__slug__in=slugs).select_related("fact"))
