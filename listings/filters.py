"""The list's parameters and what they mean: the one definition of which ads a query finds, and in which order."""

from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from listings.filter_fields import (
    DEFAULT_KM,
    OPTIONS,
    AmountField,
    DaysField,
    FactsField,
    KnownChoicesField,
    Option,
    RadiusField,
    SwitchField,
)
from listings.models import CAP, EmployerKind, Vacancy, VacancyQuerySet
from listings.search.query import Understood, understand
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

    was = forms.CharField(required=False, max_length=200, widget=_text("search", autocomplete="off"))
    wo = forms.CharField(required=False, max_length=100, widget=_text(autocomplete="off"))
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


class VacancyFilter:
    """Good values filter, bad ones are left out and told of, unknown parameters are dropped."""

    def __init__(self, data=None, queryset: VacancyQuerySet | None = None):
        self.data = QueryDict() if data is None else data
        self.queryset = Vacancy.objects.open() if queryset is None else queryset
        self.form = FilterForm(self.data, self.cities, self.facts)

    @cached_property
    def cities(self) -> dict[str, City]:
        return {city.slug: city for city in City.objects.live().select_related("place")}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return {fact.slug: fact for fact in Fact.objects.defer("wordings", "exceptions")}

    # What is asked for

    @cached_property
    def good(self) -> dict:
        """The cleaned values of the parameters that could be read, without the empty ones."""
        self.form.errors  # noqa: B018 (asks for cleaning)
        good = {name: value for name, value in self.form.cleaned_data.items() if value not in ("", None, [])}
        if good.get("arbeitgeberart") == [EmployerKind.DIRECT]:
            del good["arbeitgeberart"]  # what lists show anyway
        return good

    @cached_property
    def understood(self) -> Understood:
        """The text of `was`; a town in it counts unless another parameter names one."""
        if "was" not in self.good:
            return Understood()
        named = "wo" in self.good or "stadt" in self.good
        is_exact = "genau" in self.good
        return understand(self.good["was"], exact=is_exact, with_place=not named and not is_exact)

    @cached_property
    def _found_place(self) -> tuple[Where | None, UnknownPlaceError | None]:
        if "wo" not in self.good:
            return None, None
        try:
            return find(self.good["wo"], self.good.get("umkreis", DEFAULT_KM)), None
        except UnknownPlaceError as error:
            return None, error

    @property
    def unknown_place(self) -> UnknownPlaceError | None:
        return self._found_place[1]

    @cached_property
    def city_in_text(self) -> City | None:
        """The page of the town that stands in the text, where it has one."""
        place = self.understood.place
        if not place or self.good.get("umkreis", DEFAULT_KM) != DEFAULT_KM:
            return None
        return next((city for city in self.cities.values() if city.place_id == place.pk), None)

    @cached_property
    def where(self) -> Where | None:
        """The town asked for with what lies around it."""
        if self.understood.place and not self.city_in_text:
            place = self.understood.place
            return Where(place, place.name, self.good.get("umkreis", DEFAULT_KM))
        return self._found_place[0]

    @property
    def city(self) -> City | None:
        """The city asked for, where it is one."""
        slugs = self.good.get("stadt", [])
        return self.cities[slugs[0]] if len(slugs) == 1 else self.city_in_text

    @property
    def sorting(self) -> str:
        asked = self.good.get("sortierung")
        default = "treffer" if self.understood.terms else "neueste"
        if asked == "treffer" or (asked == "entfernung" and not self.where):
            return default
        return asked or default

    # Which ads

    @property
    def qs(self) -> VacancyQuerySet:
        found = self.found()
        if self.sorting == "gehalt":
            return found.best_paid()
        return found.newest()

    def found(self, **changes) -> VacancyQuerySet:
        """The ads, in no order; `changes`: other values of parameters, None for one left away."""
        queryset = self.queryset
        values = {"arbeitgeberart": [EmployerKind.DIRECT.value], **self.good, **changes}
        for name, value in values.items():
            if value and name in OPTIONS:
                queryset = queryset.filter(_any_of([OPTIONS[name][each] for each in value]))
        if (amount := values.get("gehalt_ab")) is not None:
            queryset = queryset.reaching(amount)
        if (days := values.get("veroeffentlichtseit")) is not None:
            queryset = queryset.since(days)
        if slugs := values.get("stadt"):
            queryset = queryset.filter(city__in=[self.cities[slug].pk for slug in slugs])
        if slugs := values.get("faktum"):
            queryset = queryset.mentioning([self.facts[slug].pk for slug in slugs])
        if text := values.get("was"):
            queryset = queryset.matching(text)
        return queryset

    # As a query

    def query(self, *, without: tuple[str, str] | None = None, **changes) -> str:
        """The query string of this list, defaults left out; `without` takes one value of one parameter away."""
        pairs = []
        for name, value in {**self.good, **changes}.items():
            values = value if isinstance(value, list) else [int(value) if value is True else value]
            pairs += [(name, str(each)) for each in values if (name, str(each)) != without and each is not None]
        pairs = [pair for pair in pairs if pair != ("sortierung", "neueste")]
        return f"?{urlencode(sorted(pairs))}" if pairs else "?"


def _any_of(options: list[Option]):
    condition = options[0].condition
    for option in options[1:]:
        condition |= option.condition
    return condition


def count_text(count: int) -> str:
    """A count that was capped, as people read it."""
    return "über 1.000" if count > CAP else str(count)
