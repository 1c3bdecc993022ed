"""What the page says of a query: its choices with their counts, chips, hints, what was understood, how it is sorted."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from jobboard.templatetags.board import euro
from jobboard.text import fold
from listings.facets import Facets
from listings.filter_fields import DEFAULT_KM, MOST_FACTS, OPTIONS, RADII
from listings.filters import GROUPS, LABELS, SORTINGS, VacancyFilter
from profiles.models import CityFact, Fact

AGES = [1, 3, 7, 14, 30]  # days to choose from; an address may name others


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

    kind: corrected | dropped | place (a town in the text) | ambiguous (others in `place_choices`) | unknown_place |
        widened
    typed, used: the words as typed, and what is searched instead ("" for none)
    undo: the query that undoes it, for unknown_place the one with the town `used`, "" where there is none
    more, more_count: for a place the query around it, and how many ads that finds
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


class FilterWords:
    """The words around one VacancyFilter.

    facets: the counts beside choices
    is_widened, more_count: of the list
    """

    def __init__(self, asked: VacancyFilter, facets: Facets | None = None, page=1, count=0, is_widened=False):
        self.asked = asked
        self.facets = facets or Facets()
        self.page = page
        self.count = count
        self.is_widened = is_widened

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
            chosen = self.good.get(name, ["direkt"] if name == "arbeitgeberart" else [])
            words = (
                {slug: city.place.name for slug, city in self.asked.cities.items()}
                if name == "stadt"
                else {value: option.label for value, option in OPTIONS[name].items()}
            )
            counts = self.facets.of(name)
            choices = [Choice(value, label, value in chosen, counts.get(value)) for value, label in words.items()]
            found.append(Group(name, LABELS[name], choices))
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
        chips = []
        for name, value in self.good.items():
            for each in value if isinstance(value, list) else [value]:
                if label := self._chip(name, each):
                    chips.append(Chip(label, self.asked.query(without=(name, str(each)))))
        return chips

    def _chip(self, name, value) -> str:
        if name == "was":
            return f"„{value}“"
        if name == "gehalt_ab":
            return f"ab {euro(value)} im Monat"
        if name == "veroeffentlichtseit":
            return self._age(value)
        if name == "wo":
            return self._around(self.asked.where) if self.asked.where else ""
        if name in ("umkreis", "sortierung", "genau", "ortsunabhaengig"):
            return ""
        return dict(self.form.fields[name].choices)[value]

    @staticmethod
    def _age(days: int) -> str:
        return {0: "seit heute", 1: "seit gestern"}.get(days, f"seit höchstens {days} Tagen")

    @staticmethod
    def _around(where) -> str:
        return f"{where.name}, {where.km} km" if where.km else f"nur {where.name}"

    @property
    def hints(self) -> list[str]:
        """What was left out and why, in words."""
        hints = []
        for name, field in self.form.fields.items():
            if unknown := getattr(field, "unknown", []):
                shown = ", ".join(f"„{value[:40]}“" for value in unknown[:3])
                hints.append(f"{field.label}: {shown} kennen wir nicht und haben es weggelassen.")
            if beyond := getattr(field, "beyond", []):
                named = ", ".join(f"„{self.asked.facts[slug]}“" for slug in beyond[:3])
                hints.append(f"{field.label}: Höchstens {MOST_FACTS} auf einmal; {named} ist weggelassen.")
            if name == "was" and (text := self.good.get("was")) and not fold(text):
                hints.append(f"{field.label}: In „{text[:40]}“ steht kein Wort, nach dem wir suchen könnten.")
            if name == "wo" and (error := self.asked.unknown_place):
                hints.append(f"{field.label}: {error} Die Angabe ist weggelassen.")
            for error in self.form.errors.get(name, []):
                hints.append(f"{field.label}: {error} Die Angabe ist weggelassen.")
        return hints

    @property
    def notes(self) -> list[Note]:
        return []

    @property
    def where(self) -> Radius | None:
        where = self.asked.where
        if not where:
            return None
        radii = [(km, self.asked.query(umkreis=None if km == DEFAULT_KM else km), km == where.km) for km in RADII]
        return Radius(where.name, where.km, radii)

    @property
    def ages(self) -> list[tuple[str, str, bool]]:
        """(value, label, is_chosen) for how long an ad may have been out."""
        chosen = self.good.get("veroeffentlichtseit")
        days = sorted({*AGES, *([] if chosen is None else [chosen])})
        return [("", "egal wann", chosen is None), *((str(each), self._age(each), each == chosen) for each in days)]

    @property
    def radii(self) -> list[tuple[int, bool]]:
        """(km, is_chosen) for the field."""
        chosen = self.good.get("umkreis", DEFAULT_KM)
        return [(km, km == chosen) for km in RADII]

    @property
    def place_choices(self) -> list[tuple[str, str]]:
        """Other towns that `wo` may mean."""
        where = self.asked.where
        return [(name, self.asked.query(wo=name)) for _, name in where.others] if where else []

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
        """Nothing for search engines."""
        return False

    @cached_property
    def typical(self) -> list[CityFact]:
        """Of the facts asked for those that the page of that city calls typical, with their sentences."""
        slugs = self.good.get("faktum", [])
        if not self.city or not slugs:
            return []
        return list(CityFact.objects.filter(edition=self.city.live_id, fact__slug__in=slugs).select_related("fact"))
