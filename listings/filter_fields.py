"""The fields behind the list's parameters: each keeps what it can read and says what it leaves out."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from listings.models import EmployerKind
from profiles.models import Level

MOST_FACTS = 6
MAX_DAYS = 365
RADII = [0, 10, 25, 50, 100]
DEFAULT_KM = 25


@dataclass(frozen=True)
class Option:
    """A value of a parameter.

    column, stored: which ads it means; `column` may be one that ads are counted by (see facets.py), with `q` for it
    """

    label: str
    column: str
    stored: tuple
    q: Q | None = field(default=None, compare=False)

    @property
    def condition(self) -> Q:
        return self.q if self.q is not None else Q(**{f"{self.column}__in": self.stored})


def any_of(options: list[Option]) -> Q:
    """Of one column all values together: of a list of lists no index is read."""
    stored = [value for each in options for value in each.stored]
    if {each.column for each in options} == {options[0].column} and options[0].q is None:
        return Q(**{f"{options[0].column}__in": list(dict.fromkeys(stored))})
    return reduce(or_, (each.condition for each in options))


def same(column: str, choices) -> dict[str, Option]:
    """Options whose values are what the column stores."""
    return {value: Option(label, column, (value,)) for value, label in choices}


OPTIONS: dict[str, dict[str, Option]] = {
    "niveau": same("level", Level.choices),
    "arbeitszeit": {
        "vz": Option("Vollzeit", "working_time", ("full", "both")),
        "tz": Option("Teilzeit", "working_time", ("part", "both")),
    },
    "arbeitsort": {
        "vor-ort": Option("vor Ort", "workplace", ("on_site",)),
        "hybrid": Option("hybrid", "workplace", ("hybrid",)),
        "remote": Option("ortsunabhängig", "workplace", ("remote",)),
    },
    "befristung": {
        "unbefristet": Option("unbefristet", "contract", ("permanent",)),
        "befristet": Option("befristet", "contract", ("fixed_term",)),
    },
    "arbeitgeberart": same("employer_kind", EmployerKind.choices),
    "ohne": {
        "anschreiben": Option("ohne Anschreiben", "asks_cover_letter", (False,)),
        "foto": Option("ohne Foto", "asks_photo", (False,)),
    },
    "mit": {"ansprechperson": Option("mit Ansprechperson", "has_contact", (True,), ~Q(contact_name=""))},
}


class KnownChoicesField(forms.MultipleChoiceField):
    """Keeps the values it knows and remembers the others in `unknown`."""

    def clean(self, value):
        values = list(dict.fromkeys(value or []))
        self.unknown = [each for each in values if each not in self.known]
        return [each for each in values if each in self.known]

    @property
    def known(self):
        return {value for value, _ in self.choices}


class FactsField(KnownChoicesField):
    """The first few; each further one costs the database more than it narrows the list."""

    def clean(self, value):
        values = super().clean(value)
        self.beyond = values[MOST_FACTS:]
        return values[:MOST_FACTS]


class WordsField(forms.CharField):
    """One space between words."""

    def clean(self, value):
        return " ".join(super().clean(value).split())


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


class RadiusField(forms.CharField):
    """One of RADII, in km."""

    def clean(self, value):
        value = re.sub(r"\s*km$", "", super().clean(value))
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) not in RADII:
            raise ValidationError(f"Möglich sind {', '.join(map(str, RADII[:-1]))} und {RADII[-1]} km.")
        return int(value)


class SwitchField(forms.CharField):
    """1 is on; nothing and 0 are off."""

    def clean(self, value):
        value = super().clean(value)
        if value not in ("", "0", "1"):
            raise ValidationError("Möglich ist nur 1.")
        return value == "1" or None
