"""The list's parameters and what they mean: the one definition of which ads a query finds, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_
from typing import NamedTuple, cast
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.db.models import Field, Q
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
    any_of,
)
from listings.models import CAP, CHOICES, EmployerKind, Vacancy, VacancyQuerySet
from listings.place_form import Called
from listings.search.distance import Distance
from listings.search.query import Understood, understand
from listings.search.tiers import can_widen, narrow, widened
from listings.where import Name, UnknownPlaceError, Where, find, names_of
from profiles.models import City, Fact

PAGE_SIZE = 20
SHORT = 3  # ads; a list of fewer has next to nothing
MAX_PAGE = 50
DIRECT = [EmployerKind.DIRECT.value]
GROUPS = ["arbeitszeit", "arbeitsort", "niveau", "befristung", "stadt", "ohne", "mit", "arbeitgeberart"]
OTHERS = ["wo", "stadt", "gehalt_ab", "faktum", "mit"]  # narrow by an index of their own
SORTINGS = {
    "treffer": "beste Treffer",
    "neueste": "neueste",
    "entfernung": "nächste",
    "gehalt": "höchstes Gehalt",
}


def _filter(field: type[forms.Field], label: str, method: str = "filter_together", **kwargs) -> filters.Filter:
    """A filter that reads its parameter by `field`; `found` joins what only several parameters say together."""
    made = filters.Filter(label=label, method=method, **kwargs)
    made.field_class = field
    return made


class OptionsFilter(filters.MultipleChoiceFilter):
    """Any of the values asked for, each with what it means in OPTIONS."""

    field_class = KnownChoicesField

    def __init__(self, label: str, name: str):
        self.options = OPTIONS[name]
        super().__init__(label=label, choices=[(value, each.label) for value, each in self.options.items()])

    def filter(self, qs, value):
        return qs.filter(any_of([self.options[each] for each in value])) if value else qs


def _values_of(column: str) -> list:
    choices = cast(Field, Vacancy._meta.get_field(column)).flatchoices
    return [value for value, _ in choices] or [False, True]


class NamedFact(NamedTuple):
    pk: int
    slug: str
    name: str
    kind: str


class VacancyFilter(filters.FilterSet):
    """Good values filter, bad ones are left out and told of, unknown parameters are dropped."""

    was = _filter(WordsField, "Was", max_length=200)
    wo = _filter(WordsField, "Wo", max_length=100)
    umkreis = _filter(RadiusField, "Umkreis")
    ortsunabhaengig = _filter(SwitchField, "Ortsunabhängige Stellen")
    stadt = _filter(KnownChoicesField, "Stadt")
    arbeitszeit = OptionsFilter("Arbeitszeit", "arbeitszeit")
    arbeitsort = OptionsFilter("Arbeitsort", "arbeitsort")
    befristung = OptionsFilter("Vertrag", "befristung")
    niveau = OptionsFilter("Niveau", "niveau")
    gehalt_ab = _filter(AmountField, "Gehalt ab", "filter_pay")
    veroeffentlichtseit = _filter(DaysField, "Veröffentlicht seit", "filter_days")
    faktum = _filter(FactsField, "Merkmal", "filter_facts")
    ohne = OptionsFilter("Hürden", "ohne")
    mit = OptionsFilter("Ansprechperson", "mit")
    arbeitgeberart = OptionsFilter("Wer einstellt", "arbeitgeberart")
    genau = _filter(SwitchField, "Genau so suchen")
    sortierung = filters.ChoiceFilter(label="Sortieren", method="filter_together", choices=list(SORTINGS.items()))

    class Meta:
        model = Vacancy
        fields: list[str] = []

    def __init__(self, data=None, queryset: VacancyQuerySet | None = None):
        super().__init__(
            QueryDict() if data is None else data, Vacancy.objects.open() if queryset is None else queryset
        )

    def get_form_class(self):
        """With the cities and facts of the day to choose from."""
        self.filters["stadt"].extra["choices"] = [(slug, city.place.name) for slug, city in self.cities.items()]
        self.filters["faktum"].extra["choices"] = [(slug, fact.name) for slug, fact in self.facts.items()]
        return super().get_form_class()

    def filter_pay(self, queryset, name, value):
        return queryset.reaching(value)

    def filter_days(self, queryset, name, value):
        return queryset.since(value)

    def filter_facts(self, queryset, name, value):
        return queryset.mentioning([self.facts[slug].pk for slug in value])

    def filter_together(self, queryset, name, value):
        return queryset  # `found` sees to place and words, `sorted` to the order

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
        return understand(
            self.good["was"], exact="genau" in self.good, with_place=not names_place, is_somewhere=names_place
        )

    @cached_property
    def cities_in_text(self) -> list[str]:
        """The slugs of the towns that stand in the text, where each of them has a page and no radius is asked for."""
        places = [self.understood.place, *self.understood.further] if self.understood.place else []
        slugs = {city.place_id: slug for slug, city in self.cities.items()}
        if self.km != DEFAULT_KM or self.understood.distance or any(place.pk not in slugs for place in places):
            return []
        return [slugs[place.pk] for place in places]

    @property
    def town_in_text(self) -> dict:
        """The parameters that say the same as the town and the distance in the text."""
        if self.cities_in_text:
            return {"stadt": self.cities_in_text}
        said = {"wo": self.where.name} if self.understood.place and self.where else {}
        return said | ({"umkreis": self.km} if self.distance_in_text else {})

    @property
    def distance_in_text(self) -> Distance | None:
        """Where there is no town, it is around none."""
        return self.understood.distance if self.understood.place or self._where_asked[0] else None

    @property
    def km(self) -> int:
        """What is typed counts more than what a field still says."""
        return self.distance_in_text.km if self.distance_in_text else self.good.get("umkreis", DEFAULT_KM)

    @cached_property
    def where(self) -> Where | None:
        """The town asked for with what lies around it."""
        if (place := self.understood.place) and not self.cities_in_text:
            return Where(place, place.name, self.km, self.understood.further)
        asked = self._where_asked[0]
        return replace(asked, km=self.km) if asked else None

    @cached_property
    def alike(self) -> Sequence[Name]:
        """Where the name asked for is that of several towns, the names of all, of the one that counts first."""
        if (place := self.understood.place) and self.understood.also:
            towns = [place, *self.understood.also]
            return names_of(towns, Called(towns), self.with_page)
        return self.where.alike if self.where else ()

    @property
    def unknown_place(self) -> UnknownPlaceError | None:
        return self._where_asked[1]

    @cached_property
    def _where_asked(self) -> tuple[Where | None, UnknownPlaceError | None]:
        if "wo" not in self.good:
            return None, None
        try:
            return find(self.good["wo"], self.with_page), None
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
    def around(self) -> Where | None:
        """What lies around the town asked for, also where the ads of its page are meant."""
        return self.where or (Where(self.city.place, self.city.place.name) if self.city else None)

    @property
    def without_town(self) -> dict:
        """Changes of a query that leave the town in the text away, and the distance around it."""
        return {"was": self.understood.rest or None} if self.understood.place else {}

    def asking(self, query: str) -> "VacancyFilter":
        """Of the same ads and place, with another query; for changes that make the text mean something else."""
        other = VacancyFilter(QueryDict(query.removeprefix("?")), self.queryset)
        other.__dict__ |= {name: getattr(self, name) for name in ("cities", "facts", "_where_asked")}
        return other

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

    def found(self, *, are_few=True, **changes) -> "Ads":
        """The ads under these parameters, but for `changes`: other values, None for a parameter that is left away.

        are_few: found fast even if hardly an ad is among them; for the first of more than CAP there is a faster way
        """
        values = {**self.asked, **changes}
        queryset = self.queryset
        for name, each in self.filters.items():
            queryset = each.filter(queryset, values.get(name))
        if are_few:
            queryset = queryset.filter(self._open_choices(values))
        words = values.get("was")
        exact = self._here(queryset, values)
        if not words or not words.terms:
            return Ads(exact)
        if not self.may_widen(words):
            return Ads(narrow(exact, words))
        before = narrow(self._here(self.queryset, {"wo": values.get("wo")}), words)
        return Ads(narrow(exact, words), widened(exact, words), before, self.enough)

    def _open_choices(self, values) -> Q:
        """What the index `vacancy_choices` needs to be read at a few places: each other column with all it may hold.

        Beside conditions that have an index of their own it would lead away from that.
        """
        chosen = {name: values[name] for name in OPTIONS if values.get(name)}
        if chosen in ({}, {"arbeitgeberart": DIRECT}) or any(values.get(name) for name in OTHERS):
            return Q()
        narrowed = {OPTIONS[name][each].column for name, given in chosen.items() for each in given}
        return Q(**{f"{column}__in": _values_of(column) for column in CHOICES if column not in narrowed})

    def may_widen(self, words: Understood) -> bool:
        """One of several words may be missing, but not where somebody wants what is typed and nothing else."""
        return can_widen(words) and "genau" not in self.good

    @property
    def enough(self) -> int:
        """How many ads with all words need no others: of one word, ads that hold a part of it come as a last resort."""
        return PAGE_SIZE if len(self.understood.terms) > 1 else SHORT

    def _here(self, queryset: VacancyQuerySet, values: dict) -> VacancyQuerySet:
        """Those of the places asked for."""
        conditions = []
        if slugs := values.get("stadt"):
            conditions.append(Q(city__in=[self.cities[slug].pk for slug in slugs]))
        if where := values.get("wo"):
            conditions.append(Q(place__in=list(where.distances)))
        if not conditions:
            return queryset
        here = reduce(and_, conditions)
        return queryset.filter(here | Q(workplace=Vacancy.Workplace.REMOTE) if values.get("ortsunabhaengig") else here)

    # As a query

    def query(self, **changes) -> str:
        """The query string of this list, sorted, defaults left out."""
        values = {**self.good, **changes}
        if "wo" in values and "wo" not in changes:
            where = self._where_asked[0]
            values["wo"] = where.name if where else None
        if "umkreis" in changes and "was" not in changes and self.distance_in_text:
            values["was"] = self.understood.nearby or None
        pairs = []
        for name, value in values.items():
            each_value = value if isinstance(value, list) else [int(value) if value is True else value]
            pairs += [(name, str(each)) for each in each_value if each is not None]
        given = dict(pairs)
        pairs = [(name, value) for name, value in pairs if not self._is_idle(name, value, given)]
        return f"?{urlencode(sorted(pairs))}" if pairs else "?"

    def _is_idle(self, name: str, value: str, given: dict) -> bool:
        """Whether the parameter says what holds anyway, or nothing beside the others `given`."""
        is_same = given.get("was") == self.good.get("was")
        has_town_in_text = (
            bool(self.understood.place)
            and (is_same or given.get("was") == self.understood.nearby)
            and "genau" not in given
        )
        if name == "umkreis":
            says_text = bool(self.distance_in_text) and is_same and "genau" not in given
            return says_text or value == str(DEFAULT_KM) or not ("wo" in given or has_town_in_text)
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
    """exact: those with all words; widened: also those that lack one, None where that is not offered.

    before: those with all words around the town of `wo`, whatever else is chosen. Fewer than `enough` are filled up with
    what lacks a word; as no choice changes that, a city neither, none can lead to more ads than there were.
    """

    exact: VacancyQuerySet
    widened: VacancyQuerySet | None = None
    before: VacancyQuerySet | None = None
    enough: int = PAGE_SIZE

    @cached_property
    def is_widened(self) -> bool:
        return self.before is not None and len(self.before.order_by().values("pk")[: self.enough]) < self.enough

    @property
    def listed(self) -> VacancyQuerySet:
        return self.when(is_widened=self.is_widened)

    def when(self, *, is_widened: bool) -> VacancyQuerySet:
        return self.widened if is_widened and self.widened is not None else self.exact


def count_text(count: int) -> str:
    """A count that was capped, as people read it."""
    return "über 1.000" if count > CAP else str(count)
