"""The list's parameters, their German words and what they mean: the one definition of every query for vacancies."""

import re
from decimal import Decimal
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from jobboard.templatetags.board import euro
from jobboard.text import fold
from listings.models import CAP, EmployerKind, Vacancy, VacancyQuerySet
from profiles.models import City, CityFact, Fact, Level

PAGE_SIZE = 20
MAX_PAGE = 50
MOST_FACTS = 6
MAX_DAYS = 365

WORKING_TIMES = {"vz": ("Vollzeit", ["full", "both"]), "tz": ("Teilzeit", ["part", "both"])}
WORKPLACES = {
    "vor-ort": ("vor Ort", ["on_site"]),
    "hybrid": ("hybrid", ["hybrid"]),
    "remote": ("ortsunabhängig", ["remote"]),
}
CONTRACTS = {"unbefristet": ("unbefristet", ["permanent"]), "befristet": ("befristet", ["fixed_term"])}
SORTINGS = {"neueste": "neueste zuerst", "gehalt": "höchstes Gehalt zuerst"}


class KnownChoicesField(forms.MultipleChoiceField):
    """Keeps the values it knows and remembers the others in `unknown`."""

    def clean(self, value):
        values = list(dict.fromkeys(value or []))
        self.unknown = [each for each in values if not self.valid_value(each)]
        return [each for each in values if self.valid_value(each)]


class FactsField(KnownChoicesField):
    """The first few; each further one costs the database more than it narrows the list."""

    def clean(self, value):
        values = super().clean(value)
        self.beyond = values[MOST_FACTS:]
        return values[:MOST_FACTS]


class AmountField(forms.CharField):
    """Whole euro as people write them: 3500, 3.500, 3 500 €."""

    def clean(self, value):
        value = re.sub(r"[\s.€\u00a0\u202f]|,(00|-|–)?$", "", super().clean(value))
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", value):
            raise ValidationError("Bitte einen Betrag in Euro wie 3500.")
        return Decimal(value)


class DaysField(forms.CharField):
    """A whole number of days, up to a year."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) > MAX_DAYS:
            raise ValidationError(f"Bitte eine Zahl von 0 bis {MAX_DAYS}, zum Beispiel 7.")
        return int(value)


class KnownChoicesFilter(filters.MultipleChoiceFilter):
    field_class = KnownChoicesField

    def __init__(self, *args, words: dict, **kwargs):
        self.words = words
        choices = [(word, label) for word, (label, _) in words.items()]
        super().__init__(*args, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)

    def filter(self, qs, value):
        stored = {each for word in value or [] for each in self.words[word][1]}
        return qs.filter(**{f"{self.field_name}__in": sorted(stored)}) if stored else qs


def _same(choices):
    return {value: (label, [value]) for value, label in choices}


class VacancyFilter(filters.FilterSet):
    """Good values filter, bad ones are left out and told of in `hints`, unknown parameters are dropped."""

    was = filters.CharFilter(
        label="Was",
        method="filter_text",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "zum Beispiel ERP, Teilzeit, Klinik"}),
    )
    stadt = KnownChoicesFilter(label="Stadt", field_name="city__slug", words={})
    niveau = KnownChoicesFilter(label="Niveau", field_name="level", words=_same(Level.choices))
    arbeitszeit = KnownChoicesFilter(label="Arbeitszeit", field_name="working_time", words=WORKING_TIMES)
    arbeitsort = KnownChoicesFilter(label="Arbeitsort", field_name="workplace", words=WORKPLACES)
    befristung = KnownChoicesFilter(label="Vertrag", field_name="contract", words=CONTRACTS)
    gehalt_ab = filters.CharFilter(label="Gehalt ab", method="filter_pay")
    gehalt_ab.field_class = AmountField
    gehalt_ab.extra["widget"] = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "zum Beispiel 3500"})
    veroeffentlichtseit = filters.CharFilter(label="Veröffentlicht seit", method="filter_days")
    veroeffentlichtseit.field_class = DaysField
    veroeffentlichtseit.extra["widget"] = forms.TextInput(
        attrs={"inputmode": "numeric", "placeholder": "zum Beispiel 7"}
    )
    faktum = KnownChoicesFilter(label="Merkmal", method="filter_facts", words={})
    faktum.field_class = FactsField
    arbeitgeberart = KnownChoicesFilter(label="Wer einstellt", method="filter_later", words=_same(EmployerKind.choices))
    sortierung = filters.ChoiceFilter(
        label="Sortieren", method="filter_later", choices=list(SORTINGS.items()), empty_label=None
    )

    class Meta:
        model = Vacancy
        fields: list[str] = []

    def __init__(self, data=None, queryset=None):
        super().__init__(data if data is not None else {}, Vacancy.objects.open() if queryset is None else queryset)
        self.cities = {city.slug: city for city in City.objects.live().select_related("place")}
        self.filters["stadt"].words = {slug: (city.place.name, [slug]) for slug, city in self.cities.items()}
        self.filters["stadt"].extra["choices"] = [
            (slug, label) for slug, (label, _) in self.filters["stadt"].words.items()
        ]
        self.facts = {fact.slug: fact for fact in Fact.objects.defer("wordings", "exceptions")}
        self.filters["faktum"].extra["choices"] = [(slug, fact.name) for slug, fact in self.facts.items()]

    def filter_text(self, queryset, name, value):
        return queryset.matching(value)

    def filter_facts(self, queryset, name, value):
        return queryset.mentioning([self.facts[slug].pk for slug in value])

    def filter_pay(self, queryset, name, value):
        return queryset.reaching(value)

    def filter_days(self, queryset, name, value):
        return queryset.since(value)

    def filter_later(self, queryset, name, value):
        return queryset  # `qs` sees to it: its default is not "all"

    @cached_property
    def good(self) -> dict:
        """The cleaned values of the parameters that could be read, without the empty ones."""
        self.form.errors  # noqa: B018 (asks for cleaning)
        return {name: value for name, value in self.form.cleaned_data.items() if value not in ("", None, [])}

    @property
    def all_kinds(self) -> VacancyQuerySet:
        """What the other parameters leave, whoever is hiring."""
        queryset = self.queryset
        for name, value in self.good.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def qs(self) -> VacancyQuerySet:
        kinds = self.good.get("arbeitgeberart", [EmployerKind.DIRECT])
        found = self.all_kinds.filter(employer_kind__in=kinds)
        return found.best_paid() if self.good.get("sortierung") == "gehalt" else found.newest()

    @property
    def hidden(self) -> VacancyQuerySet:
        """Ads that match but for the kind of employer, while nobody has chosen one."""
        return self.all_kinds.none() if "arbeitgeberart" in self.good else self.all_kinds.indirect()

    @property
    def fact_groups(self) -> list[tuple[str, list[tuple[Fact, bool]], bool]]:
        """For the boxes of `faktum`: facts and whether each is chosen, under the name of their kind; is one chosen?"""
        chosen = self.good.get("faktum", [])
        groups = []
        for kind, label in Fact.Kind.choices:
            facts = sorted(
                (fact for fact in self.facts.values() if fact.kind == kind), key=lambda fact: fold(fact.name)
            )
            boxes = [(fact, fact.slug in chosen) for fact in facts]
            if boxes:
                groups.append((label, boxes, any(is_chosen for _, is_chosen in boxes)))
        return groups

    @property
    def city(self):
        """The city asked for, where it is one."""
        slugs = self.good.get("stadt", [])
        return self.cities[slugs[0]] if len(slugs) == 1 else None

    @cached_property
    def typical(self) -> list[CityFact]:
        """Of the facts asked for those that the page of that city calls typical, with their sentences."""
        slugs = self.good.get("faktum", [])
        if not self.city or not slugs:
            return []
        return list(CityFact.objects.filter(edition=self.city.live_id, fact__slug__in=slugs).select_related("fact"))

    @property
    def hints(self) -> list[str]:
        """What was left out and why, in words."""
        hints = []
        for name in self.form.fields:
            field = self.form.fields[name]
            if unknown := getattr(field, "unknown", []):
                shown = ", ".join(f"„{value[:40]}“" for value in unknown[:3])
                hints.append(f"{field.label}: {shown} kennen wir nicht und haben es weggelassen.")
            if beyond := getattr(field, "beyond", []):
                named = ", ".join(f"„{self.facts[slug]}“" for slug in beyond[:3])
                hints.append(f"{field.label}: Höchstens {MOST_FACTS} auf einmal; {named} ist weggelassen.")
            if name == "was" and (text := self.good.get("was")) and not fold(text):
                hints.append(f"{field.label}: In „{text[:40]}“ steht kein Wort, nach dem wir suchen könnten.")
            for error in self.form.errors.get(name, []):
                hints.append(f"{field.label}: {error} Die Angabe ist weggelassen.")
        return hints

    def query(self, *, without: tuple[str, str] | None = None, **changes) -> str:
        """The query string of this list, defaults left out; `without` takes one value of one parameter away."""
        pairs = []
        for name, value in {**self.good, **changes}.items():
            values = value if isinstance(value, list) else [value]
            pairs += [(name, str(each)) for each in values if (name, str(each)) != without and each is not None]
        pairs = [pair for pair in pairs if pair != ("sortierung", "neueste")]
        return f"?{urlencode(sorted(pairs))}" if pairs else "?"

    @property
    def chips(self) -> list[dict]:
        """One removable chip for every value that narrows the list."""
        chips = []
        for name, value in self.good.items():
            if name == "sortierung":
                continue
            for each in value if isinstance(value, list) else [value]:
                label = dict(getattr(self.form.fields[name], "choices", [])).get(each)
                if name == "was":
                    label = f"„{each}“"
                elif name == "gehalt_ab":
                    label = f"ab {euro(each)} im Monat"
                elif name == "veroeffentlichtseit":
                    label = {0: "seit heute", 1: "seit gestern"}.get(each, f"seit höchstens {each} Tagen")
                chips.append({"label": label, "query": self.query(without=(name, str(each)))})
        return chips


def count_text(count: int) -> str:
    """A count that was capped, as people read it."""
    return "über 1.000" if count > CAP else str(count)
