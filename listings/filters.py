"""The list's parameters and what they mean: the one definition of which ads a query finds, and in which order."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict

from listings.filter_fields import (
    DEFAULT_KM,
    OPTIONS,
    AmountField,
    DaysField,
    FactsField,
    KnownChoicesField,
    RadiusField,
    SwitchField,
    WordsField,
)
from listings.models import CAP, EmployerKind, Vacancy, VacancyQuerySet
from listings.search.query import Understood, understand
from listings.search.tiers import narrow, widened
from listings.where import UnknownPlaceError, Where, find
from profiles.models import City, Fact

PAGE_SIZE = 20
MAX_PAGE = 50
LABELS = {
    "was": "Was",
    "wo": "Wo",
    "umkreis": "Umkreis",
    "ortsunabhaengig": "Ortsunabhängige Stellen",
    "stadt": "Stadt",
    "arbeitszeit": "Arbeitszeit",
    "arbeitsort": "Arbeitsort",
    "befristung": "Vertrag",
    "niveau": "Niveau",
    "gehalt_ab": "Gehalt ab",
    "veroeffentlichtseit": "Veröffentlicht seit",
    "faktum": "Merkmal",
    "ohne": "Hürden",
    "mit": "Ansprechperson",
    "arbeitgeberart": "Wer einstellt",
    "genau": "Genau so suchen",
    "sortierung": "Sortieren",
}
DIRECT = [EmployerKind.DIRECT.value]
GROUPS = ["arbeitszeit", "arbeitsort", "niveau", "befristung", "stadt", "ohne", "mit", "arbeitgeberart"]
SORTINGS = {
    "treffer": "beste Treffer",
    "neueste": "neueste",
    "entfernung": "nächste",
    "gehalt": "höchstes Gehalt",
}


def _text(kind="text", **attrs) -> forms.TextInput:
    return forms.TextInput(attrs={"type": kind, **attrs})


def _choices(name) -> KnownChoicesField:
    return KnownChoicesField(required=False, choices=[(value, each.label) for value, each in OPTIONS[name].items()])


class FilterForm(forms.Form):
    """Reads the parameters."""

    was = WordsField(required=False, max_length=200, widget=_text("search", autocomplete="off"))
    wo = WordsField(required=False, max_length=100, widget=_text(autocomplete="off"))
    umkreis = RadiusField(required=False)
    ortsunabhaengig = SwitchField(required=False)
    stadt = KnownChoicesField(required=False)
    arbeitszeit = _choices("arbeitszeit")
    arbeitsort = _choices("arbeitsort")
    befristung = _choices("befristung")
    niveau = _choices("niveau")
    gehalt_ab = AmountField(required=False, widget=_text(inputmode="numeric", placeholder="zum Beispiel 3500"))
    veroeffentlichtseit = DaysField(required=False, widget=_text(inputmode="numeric", placeholder="zum Beispiel 7"))
    faktum = FactsField(required=False)
    ohne = _choices("ohne")
    mit = _choices("mit")
    arbeitgeberart = _choices("arbeitgeberart")
    genau = SwitchField(required=False)
    sortierung = forms.ChoiceField(required=False, choices=list(SORTINGS.items()))

    def __init__(self, data, cities, facts):
        super().__init__(data)
        self.fields["stadt"].choices = [(slug, city.place.name) for slug, city in cities.items()]
        self.fields["faktum"].choices = [(slug, fact.name) for slug, fact in facts.items()]
        for name, label in LABELS.items():
            self.fields[name].label = label


class NamedFact(NamedTuple):
    pk: int
    slug: str
    name: str
    kind: str


class VacancyFilter:
    """Good values filter, bad ones are left out and told of, unknown parameters are dropped."""

    def __init__(self, data=None, queryset: VacancyQuerySet | None = None):
        self.data = QueryDict() if data is None else data
        self.queryset = Vacancy.objects.open() if queryset is None else queryset
        self.form = FilterForm(self.data, self.cities, self.facts)

    @cached_property
    def cities(self) -> dict[str, City]:
        return {city.slug: city for city in City.objects.readable().select_related("place")}

    @cached_property
    def facts(self) -> dict[str, NamedFact]:
        """Rows, not objects: every list shows all of them."""
        rows = Fact.objects.order_by("kind", "slug").values_list("pk", "slug", "name", "kind")
        return {row[1]: NamedFact(*row) for row in rows}

    # What is asked for

    @cached_property
    def good(self) -> dict:
        """The cleaned values of the parameters that could be read, without the empty ones."""
        self.form.errors  # noqa: B018 (asks for cleaning)
        good = {name: value for name, value in self.form.cleaned_data.items() if value not in ("", None, [])}
        if good.get("arbeitgeberart") == DIRECT:
            del good["arbeitgeberart"]  # what lists show anyway
        return good

    @cached_property
    def understood(self) -> Understood:
        """The text of `was`; a town in it counts unless another parameter names one."""
        if "was" not in self.good:
            return Understood()
        names_place = bool(self._where_asked[0] or "stadt" in self.good)
        return understand(self.good["was"], exact="genau" in self.good, with_place=not names_place)

    @cached_property
    def cities_in_text(self) -> list[str]:
        """The slugs of the towns that stand in the text, where each of them has a page and no radius is asked for."""
        places = [self.understood.place, *self.understood.further] if self.understood.place else []
        slugs = {city.place_id: slug for slug, city in self.cities.items()}
        if self.km != DEFAULT_KM or any(place.pk not in slugs for place in places):
            return []
        return [slugs[place.pk] for place in places]

    @property
    def km(self) -> int:
        return self.good.get("umkreis", DEFAULT_KM)

    @cached_property
    def where(self) -> Where | None:
        """The town asked for with what lies around it."""
        if (place := self.understood.place) and not self.cities_in_text:
            return Where(place, place.name, self.km, further=self.understood.further)
        return self._where_asked[0]

    @property
    def unknown_place(self) -> UnknownPlaceError | None:
        return self._where_asked[1]

    @cached_property
    def _where_asked(self) -> tuple[Where | None, UnknownPlaceError | None]:
        if "wo" not in self.good:
            return None, None
        try:
            return find(self.good["wo"], self.with_page, self.km), None
        except UnknownPlaceError as error:
            return None, error

    @cached_property
    def with_page(self) -> set[int]:
        return {city.place_id for city in self.cities.values()}

    @cached_property
    def asked(self) -> dict:
        """What counts: the good values, with the towns where they belong."""
        towns = {"stadt": self.cities_in_text} if self.cities_in_text else {}
        return {"arbeitgeberart": DIRECT, **self.good, **towns, "wo": self.where, "was": self.understood}

    @property
    def city(self) -> City | None:
        """The city asked for, where it is one."""
        slugs = self.asked.get("stadt", [])
        return self.cities[slugs[0]] if len(slugs) == 1 else None

    @property
    def has_place(self) -> bool:
        return bool(self.where or self.asked.get("stadt"))

    @property
    def sorting(self) -> str:
        default = self._usual_sorting(self.good)
        asked = self.good.get("sortierung", default)
        is_possible = {"treffer": bool(self.understood.terms), "entfernung": bool(self.where)}
        return asked if is_possible.get(asked, True) else "neueste" if asked == "treffer" else default

    @cached_property
    def around_text(self) -> tuple[str, Where] | None:
        """Where the page of a town stands for the town in the text: what lies around it."""
        if len(self.cities_in_text) != 1:
            return None
        place = self.cities[self.cities_in_text[0]].place
        return place.name, Where(place, place.name)

    def loosely(self) -> "VacancyFilter":
        """The same without `genau`."""
        data = self.data.copy()
        data.pop("genau", None)
        return VacancyFilter(data, self.queryset)

    # Which ads

    @cached_property
    def qs(self) -> VacancyQuerySet:
        """The ads of the list; in its order, but that the best matches come first by `page` only."""
        return self.sorted(self.found().listed)

    def sorted(self, queryset: VacancyQuerySet) -> VacancyQuerySet:
        if self.sorting == "gehalt":
            return queryset.best_paid()
        if self.sorting == "entfernung" and self.where:
            return queryset.nearest_first(self.where.distances)
        return queryset.newest()

    def found(self, **changes) -> "Ads":
        """The ads under these parameters, but for `changes`: other values, None for a parameter that is left away."""
        values = {**self.asked, **changes}
        conditions = [
            reduce(or_, (options[value].condition for value in chosen))
            for name, options in OPTIONS.items()
            if (chosen := values.get(name))
        ]
        if (place := self._in_place(values)) is not None:
            conditions.append(place)
        queryset = self.queryset.filter(*conditions)
        if (amount := values.get("gehalt_ab")) is not None:
            queryset = queryset.reaching(amount)
        if (days := values.get("veroeffentlichtseit")) is not None:
            queryset = queryset.since(days)
        if slugs := values.get("faktum"):
            queryset = queryset.mentioning([self.facts[slug].pk for slug in slugs])
        words = values.get("was")
        if not words or not words.terms:
            return Ads(queryset)
        return Ads(narrow(queryset, words), widened(queryset, words) if self.may_widen(words) else None)

    def may_widen(self, words: Understood) -> bool:
        """One of several words may be missing, but not where somebody wants what is typed and nothing else."""
        return len(words.terms) > 1 and "genau" not in self.good

    def _in_place(self, values) -> Q | None:
        conditions = []
        if slugs := values.get("stadt"):
            conditions.append(Q(city__in=[self.cities[slug].pk for slug in slugs]))
        if where := values.get("wo"):
            conditions.append(Q(place__in=list(where.distances)))
        if not conditions:
            return None
        here = reduce(and_, conditions)
        return here | Q(workplace=Vacancy.Workplace.REMOTE) if values.get("ortsunabhaengig") else here

    # As a query

    def query(self, *, without: tuple[str, str] | None = None, **changes) -> str:
        """The query string of this list, sorted, defaults left out; `without` takes one value of a parameter away."""
        values = {**self.good, **changes}
        if "wo" in values and "wo" not in changes:
            values["wo"] = self.where.name if self.where else None
        pairs = []
        for name, value in values.items():
            each_value = value if isinstance(value, list) else [int(value) if value is True else value]
            pairs += [(name, str(each)) for each in each_value if (name, str(each)) != without and each is not None]
        given = dict(pairs)
        pairs = [(name, value) for name, value in pairs if not self._is_idle(name, value, given)]
        return f"?{urlencode(sorted(pairs))}" if pairs else "?"

    def _is_idle(self, name: str, value: str, given: dict) -> bool:
        """Whether the parameter says what holds anyway, or nothing beside the others `given`."""
        has_town_in_text = bool(self.understood.place) and given.get("was") == self.good.get("was")
        if name == "umkreis":
            return value == str(DEFAULT_KM) or not ("wo" in given or has_town_in_text)
        if name == "ortsunabhaengig":
            return not ("wo" in given or "stadt" in given or has_town_in_text)
        if name == "genau":
            return "was" not in given
        if name == "sortierung":
            return (
                value == self._usual_sorting(given)
                or (value == "treffer" and "was" not in given)
                or (value == "entfernung" and not ("wo" in given or has_town_in_text))
            )
        return False

    def _usual_sorting(self, given) -> str:
        return "treffer" if "was" in given and (self.understood.terms or "was" not in self.good) else "neueste"


@dataclass(frozen=True)
class Ads:
    """exact: those with all words; widened: also those that lack one, None where that is not offered."""

    exact: VacancyQuerySet
    widened: VacancyQuerySet | None = None

    @cached_property
    def is_widened(self) -> bool:
        """The rule of the list: what lacks a word fills up a list that would not fill one page."""
        return self.widened is not None and len(self.exact.order_by().values("pk")[:PAGE_SIZE]) < PAGE_SIZE

    @property
    def listed(self) -> VacancyQuerySet:
        return self.widened if self.widened is not None and self.is_widened else self.exact


def count_text(count: int) -> str:
    """A count that was capped, as people read it."""
    return "über 1.000" if count > CAP else str(count)
