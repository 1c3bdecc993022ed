"""Gehalts-Check: somebody's own pay beside a city's bands and what open ads there state. By GET; nothing is kept."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from jobboard.forms import GermanDecimalField
from jobboard.templatetags.board import amount, number
from listings import linter
from listings.counted import counted
from listings.models import Vacancy
from listings.pay import ad_rows, comparable, counted_context, figures_context, relation_to
from listings.vacancy_form import LIKELY_PAY
from profiles.chart import Row, counted_rows, editorial_rows, own_row, pay_chart
from profiles.compass import Unit, relate
from profiles.models import City, Level

UNITS = {"stunde": Unit.HOUR, "monat": Unit.MONTH, "jahr": Unit.YEAR}
SUBJECT = "Ihr Gehalt"
FULL_TIME = Decimal(40)
MORE = ["bis", "gehaelter", "stunden", "vollzeit"]
PAY = ["betrag", "bis", "einheit", "stunden", "vollzeit", "gehaelter"]


class PayCheckForm(forms.Form):
    """Its fields are the parameters of the address, which people keep: none is ever renamed."""

    stadt = forms.ChoiceField(
        label="Stadt",
        error_messages={
            "required": "Bitte wählen Sie eine Stadt.",
            "invalid_choice": "Zu dieser Stadt haben wir keine Seite. Bitte wählen Sie eine aus der Liste.",
        },
    )
    niveau = forms.ChoiceField(
        label="Erfahrung",
        required=False,
        choices=[("", "ohne Auswahl"), *Level.choices],
        error_messages={"invalid_choice": "Bitte wählen Sie eine Stufe aus der Liste, oder keine."},
    )
    betrag = GermanDecimalField(
        label="Gehalt in Euro, brutto",
        required=False,
        min_value=1,
        decimal_places=2,
        show=amount,
        error_messages={"min_value": "Bitte einen Betrag über null."},
    )
    bis = GermanDecimalField(
        label="bis",
        required=False,
        min_value=1,
        decimal_places=2,
        show=amount,
        help_text="Wenn ein Angebot eine Spanne nennt.",
        error_messages={"min_value": "Bitte einen Betrag über null."},
    )
    einheit = forms.ChoiceField(
        label="Zeitraum",
        choices=[("monat", "im Monat"), ("jahr", "im Jahr"), ("stunde", "in der Stunde")],
        error_messages={
            "required": "Bitte wählen Sie Stunde, Monat oder Jahr.",
            "invalid_choice": "Bitte wählen Sie Stunde, Monat oder Jahr.",
        },
    )
    stunden = GermanDecimalField(
        label="Ihre Wochenstunden",
        required=False,
        min_value=1,
        max_value=48,
        decimal_places=2,
        help_text="Nur bei Teilzeit.",
        error_messages={
            "min_value": "Bitte zwischen 1 und 48 Wochenstunden.",
            "max_value": "Bitte zwischen 1 und 48 Wochenstunden.",
        },
    )
    vollzeit = GermanDecimalField(
        label="Wochenstunden in Vollzeit",
        required=False,
        initial=FULL_TIME,
        min_value=30,
        max_value=48,
        decimal_places=2,
        help_text="Leer gelassen gelten 40.",
        error_messages={
            "min_value": "Vollzeit liegt zwischen 30 und 48 Wochenstunden.",
            "max_value": "Vollzeit liegt zwischen 30 und 48 Wochenstunden.",
        },
    )
    gehaelter = GermanDecimalField(
        label="Gehälter im Jahr",
        required=False,
        min_value=12,
        max_value=16,
        decimal_places=1,
        help_text="Wenn es mehr als zwölf sind, zum Beispiel 13 oder 13,5.",
        error_messages={
            "min_value": "Zwischen 12 und 16 Gehältern können wir rechnen.",
            "max_value": "Zwischen 12 und 16 Gehältern können wir rechnen.",
        },
    )

    def __init__(self, query, cities):
        self.cities = {city.slug: city for city in cities}
        asked = set(query) & set(self.base_fields)
        if asked:
            query = query.copy()
            query.setdefault("einheit", "monat")  # a short address is an address too
            query.setdefault("vollzeit", number(FULL_TIME))
        super().__init__(query if asked else None, initial={"einheit": "monat"})
        self.fields["stadt"].choices = [
            ("", "Bitte wählen"),
            *((city.slug, city.place.name) for city in cities),
        ]
        for name in ("betrag", "vollzeit"):
            self.fields[name].needed = True  # of the others the page says that they may stay empty

    def clean(self):
        data = super().clean()
        low, high, unit = data.get("betrag"), data.get("bis"), data.get("einheit")
        if low is None and high is not None and "betrag" not in self.errors:
            self.add_error("betrag", "Wo fängt die Spanne an?")
        if low is not None and high is not None and low > high:
            self.add_error("bis", "Das liegt unter dem ersten Betrag.")
        if unit:
            least, most = LIKELY_PAY[UNITS[unit]]
            for name, pay in (("betrag", low), ("bis", high)):
                if pay is not None and not least <= pay <= most and name not in self.errors:
                    period = dict(self.fields["einheit"].choices)[unit]
                    shown = amount(pay) if pay < 10**9 else "So viel"
                    self.add_error(name, f"{shown} Euro {period}? Bitte prüfen Sie Betrag und Zeitraum.")
        hours, full = data.get("stunden"), data.get("vollzeit") or FULL_TIME
        if hours and hours > full and "vollzeit" not in self.errors:
            self.add_error(
                "stunden", f"Das ist mehr als die Vollzeit von {number(full)} Stunden; eine der Zahlen stimmt nicht."
            )
        return data

    @property
    def city(self) -> City | None:
        """The city that was chosen, whatever else does not fit."""
        return self.cities.get(self._good.get("stadt", ""))

    @property
    def level(self) -> str:
        return self._good.get("niveau", "")

    @cached_property
    def pay(self) -> Vacancy | None:
        """What was typed, as the ad that would offer it (never stored); None while an amount is missing or wrong."""
        good = self._good
        if not good.get("betrag") or set(PAY) & set(self.errors):
            return None
        full, hours = good["vollzeit"] or FULL_TIME, good["stunden"]
        is_part = bool(hours) and hours < full
        pay = Vacancy(
            pay_low=good["betrag"],
            pay_high=good["bis"] or good["betrag"],
            pay_unit=UNITS[good["einheit"]],
            full_time_hours=full,
            hours_high=hours if is_part else full,
            working_time=Vacancy.WorkingTime.PART if is_part else Vacancy.WorkingTime.FULL,
            salaries_per_year=good["gehaelter"],
            city=self.city,
        )
        pay.derive_pay()
        return pay

    @property
    def needs_more(self) -> bool:
        """Whether the fields that most people leave alone hold something, or something wrong."""
        return any(
            name in self.errors or (self[name].value() or "") not in ("", self.fields[name].initial, number(FULL_TIME))
            for name in MORE
        )

    @property
    def _good(self) -> dict:
        return self.cleaned_data if self.is_bound and self.errors is not None else {}


def address_for(vacancy: Vacancy) -> str:
    """The Gehalts-Check with the pay of `vacancy` filled in."""
    words = {unit: word for word, unit in UNITS.items()}
    is_part = vacancy.working_time == Vacancy.WorkingTime.PART
    fields = {
        "stadt": vacancy.city.slug if vacancy.city else "",
        "niveau": vacancy.level,
        "betrag": number(vacancy.pay_low),
        "bis": number(vacancy.pay_high) if vacancy.pay_high != vacancy.pay_low else "",
        "einheit": words[Unit(vacancy.pay_unit)],
        "stunden": number(vacancy.hours_high) if is_part else "",
        "vollzeit": number(vacancy.full_time_hours),
        "gehaelter": number(vacancy.salaries_per_year),
    }
    return _address(**fields)


def _address(**fields: str) -> str:
    return (
        f"{reverse('listings:pay_check')}?{urlencode({name: text for name, text in fields.items() if text})}#ergebnis"
    )


EXAMPLES = [
    ("3.200 € im Monat", {"betrag": "3200"}),
    ("42.000 € im Jahr", {"betrag": "42000", "einheit": "jahr"}),
    ("1.600 € im Monat für 20 Stunden", {"betrag": "1600", "stunden": "20"}),
]


@require_safe
def pay_check(request):
    cities = list(City.objects.live().select_related("place", "stamp"))
    form = PayCheckForm(request.GET, cities)
    context = {"form": form, "city": form.city, "pay": form.pay}
    if form.pay:
        context["minimum_wage"] = linter.minimum_wage(form.pay)
    if form.city:
        context |= comparison(form.city, form.level, form.pay)
    elif not form.is_bound:
        context["examples"] = [
            (text, city.place.name, _address(stadt=city.slug, **fields))
            for (text, fields), city in zip(EXAMPLES, cities, strict=False)
        ]
    return render(request, "listings/pay_check.html", context)


def comparison(city: City, level: str, pay: Vacancy | None) -> dict:
    """What is known of pay in `city`, and how `pay` stands to it: what is about `level` first."""
    figures = list(city.live_figures())
    of_level = [figure for figure in figures if level and figure.level == level]
    every = counted([city])[city.pk]
    same_level = every.of_level(level) if level else every
    counted_level = level if same_level.has_medians else ""  # of fewer ads all levels say more
    found = same_level if counted_level else every
    level_label = Level(level).label if level else ""

    rows: list[Row] = []
    related: dict = {}
    low, high = (pay.pay_month_low, pay.pay_month_high) if pay else (None, None)
    if pay and low is not None and high is not None:
        level_relations = relate(low, high, comparable(of_level))
        related = {
            "level_relations": level_relations,
            "relations": [each for each in relate(low, high, comparable(figures)) if each not in level_relations],
            "relation_to_counted": relation_to(found, low, high),
        }
        source = "Ihre Angabe, umgerechnet" if pay.pay_calculation else "Ihre Angabe"
        rows.append(own_row(low, high, SUBJECT, source))
    singles = ad_rows(found)
    rows += editorial_rows(figures, f"{reverse('listings:city', args=[city.slug])}#")
    rows += [
        replace(row, source=f"{level_label}: {row.source}") if counted_level else row
        for row in (*counted_rows(found), *singles)
    ]
    return {
        "subject": SUBJECT,
        "level_label": level_label,
        "is_level_without_band": bool(level) and not of_level,
        **figures_context(figures),
        "floors": [figure for figure in figures if figure.high is None],
        "same_level": same_level,
        "counted_level": counted_level,
        **counted_context(found, singles),
        "chart": pay_chart(rows),
        **related,
    }
