"""The form of an ad: what fits is stored as it is typed, what does not waits until it does."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate

from jobboard.forms import (
    DayField,
    GermanDecimalField,
    LineField,
    NameField,
    PostalCodeField,
    TextField,
)
from jobboard.templatetags.board import amount, number
from jobboard.text import fold
from listings import search
from listings.apply_fields import ApplyEmailField, ApplyLinkField
from listings.forms import MARKDOWN_HINT
from listings.models import MAX_AMOUNT, MAX_RUN_DAYS, Status, Vacancy, VacancyEvent
from listings.place_form import PlaceForm
from profiles.models import Fact

DEFAULT_RUN = timedelta(days=30)
# Pay outside of these ends is nearly always pay for another period.
LIKELY_PAY = {"hour": (5, 300), "month": (200, 30_000), "year": (3_000, 400_000)}

FACT_FIELDS = {  # name of the field: kind and what the form calls it
    "facts_tool": (Fact.Kind.TOOL, "Werkzeuge"),
    "facts_method": (Fact.Kind.METHOD, "Methoden"),
    "facts_skill": (Fact.Kind.SKILL, "Fähigkeiten"),
    "facts_sector": (Fact.Kind.SECTOR, "Branche des Projekts"),
    "facts_certificate": (Fact.Kind.CERTIFICATE, "Zertifikate"),
    "facts_benefit": (Fact.Kind.BENEFIT, "Was für die Stelle spricht"),
}
EXPERIENCE = {
    0: "keine verlangt",
    6: "ein halbes Jahr",
    12: "ein Jahr",
    24: "zwei Jahre",
    36: "drei Jahre",
    60: "fünf Jahre",
    120: "zehn Jahre",
}
# Without these an ad is a draft; the labels of all other fields say that they may stay empty.
NEEDED = {
    "tasks",
    "profile",
    "full_time_hours",
    "place_name",
    "pay_low",
    "pay_high",
    "first_day",
    "last_day",
    "apply_email",
    "apply_url",
}
# What only makes sense together: where one of them does not fit, none of them is stored.
TOGETHER = [
    {"working_time", "full_time_hours", "hours_low", "hours_high"},
    {"contract", "fixed_term_months"},
    {"workplace", "remote_days"},
    {"place_name", "postal_code", "place_choice"},
    {"pay_low", "pay_high", "pay_unit"},
    {"apply_email", "apply_url"},
    {"first_day", "last_day", "apply_until"},
]
COLUMNS_OF = {"place_name": ["place"], "place_choice": ["place"]}  # others are named as their field
# An ad is worth storing once somebody has written in one of these.
WRITTEN = [
    "title", "tasks", "profile", "offer", "skills", "start", "place_name", "postal_code", "street", "pay_low", "pay_high",
    "tariff", "apply_email", "apply_url", "contact_name", "reference_number", *FACT_FIELDS,
]  # fmt: skip
MAX_TYPED = 50_000  # characters of one field that are kept although they do not fit


def with_companions(names) -> set[str]:
    """Those fields, and all that make sense only together with one of them."""
    return set(names).union(*(group for group in TOGETHER if group & set(names)))


class VacancyForm(PlaceForm):
    """An ad as a draft: only the title must be there, but whatever is typed must be right.

    After `settle()` the instance holds what fits, and `unsaved` what was typed and does not.
    """

    title = NameField(
        label="Titel",
        max_length=100,
        error_messages={"required": "Bitte geben Sie der Stelle einen Titel."},
        help_text="So, wie man danach sucht, und für alle Geschlechter: „IT-Projektkoordination (m/w/d)“. Höchstens 100 Zeichen.",
    )
    tasks = TextField(
        label="Aufgaben",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=f"Was in dieser Stelle zu tun ist. {MARKDOWN_HINT}",
    )
    profile = TextField(
        label="Profil",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Was jemand mitbringen soll, und was sich noch lernen lässt.",
    )
    offer = TextField(
        label="Angebot",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Was Sie außer dem Gehalt bieten.",
    )
    skills = LineField(
        label="Weitere Kenntnisse", required=False, max_length=300, help_text="Was oben fehlt, mit Kommas getrennt."
    )
    months_of_experience = forms.TypedChoiceField(label="Berufserfahrung", required=False, coerce=int, empty_value=None)

    full_time_hours = GermanDecimalField(
        label="Wochenstunden in Vollzeit",
        required=False,
        min_value=30,
        max_value=48,
        decimal_places=2,
        help_text="Was bei Ihnen als Vollzeit gilt, zum Beispiel 38,5.",
    )
    hours_low = GermanDecimalField(
        label="Wochenstunden von", required=False, min_value=1, max_value=48, decimal_places=2
    )
    hours_high = GermanDecimalField(
        label="Wochenstunden bis",
        required=False,
        min_value=1,
        max_value=48,
        decimal_places=2,
        help_text="Bei reiner Teilzeit nötig; sonst gilt Vollzeit.",
    )
    fixed_term_months = forms.IntegerField(
        label="befristet auf Monate",
        required=False,
        min_value=1,
        max_value=120,
        help_text="Nur bei befristeten Verträgen.",
    )
    start = LineField(
        label="Beginn", required=False, max_length=60, help_text="Zum Beispiel „ab sofort“ oder „1. April 2027“."
    )

    remote_days = forms.IntegerField(
        label="Tage im Homeoffice je Woche",
        required=False,
        min_value=1,
        max_value=5,
        help_text="Nur bei „hybrid“: bis zu so viele.",
    )
    place_name = LineField(
        label="Ort",
        required=False,
        max_length=120,
        help_text="Genau einer; für zwei Standorte schreiben Sie bitte zwei Anzeigen. Darf bei „ortsunabhängig“ leer bleiben.",
    )
    postal_code = PostalCodeField(
        label="Postleitzahl", required=False, help_text="Unterscheidet auch Orte gleichen Namens."
    )
    street = LineField(label="Straße und Hausnummer", required=False, max_length=120)

    pay_low = GermanDecimalField(
        label="Gehalt von",
        show=amount,
        required=False,
        min_value=1,
        max_value=MAX_AMOUNT,
        decimal_places=2,
        help_text="Brutto in Euro, zum Beispiel 3.500.",
    )
    pay_high = GermanDecimalField(
        label="Gehalt bis",
        show=amount,
        required=False,
        min_value=1,
        max_value=MAX_AMOUNT,
        decimal_places=2,
        help_text="Bei einem festen Gehalt derselbe Betrag.",
    )
    salaries_per_year = GermanDecimalField(
        label="Gehälter im Jahr",
        required=False,
        min_value=12,
        max_value=16,
        decimal_places=1,
        help_text="Zum Beispiel 13, wenn ein Weihnachtsgeld fest zugesagt ist.",
    )
    tariff = LineField(
        label="Tarif und Gruppe", required=False, max_length=80, help_text="Zum Beispiel „TVöD, Entgeltgruppe 9b“."
    )

    apply_email = ApplyEmailField(
        label="E-Mail-Adresse für Bewerbungen", required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    apply_url = ApplyLinkField(label="oder Link zu Ihrem Bewerbungsformular", required=False, max_length=400)
    apply_until = DayField(label="Bewerbung bis", required=False, help_text="Nur, wenn es einen festen Schluss gibt.")
    contact_name = LineField(
        label="Ansprechperson", required=False, max_length=120, help_text="Ein Name hilft, sich zu trauen."
    )
    reference_number = LineField(label="Kennziffer", required=False, max_length=40)

    first_day = DayField(
        label="Erster Tag", required=False, help_text="Frühestens der Tag, an dem die Prüfung fertig ist."
    )
    last_day = DayField(
        label="Letzter Tag",
        required=False,
        help_text=f"Höchstens {MAX_RUN_DAYS} Tage voraus; danach verschwindet die Anzeige von selbst.",
    )

    class Meta:
        model = Vacancy
        fields = [
            "title",
            "level",
            "employer_kind",
            "tasks",
            "profile",
            "offer",
            "skills",
            "months_of_experience",
            "education",
            "way_in",
            "working_time",
            "full_time_hours",
            "hours_low",
            "hours_high",
            "contract",
            "fixed_term_months",
            "start",
            "workplace",
            "remote_days",
            "street",
            "postal_code",
            "pay_low",
            "pay_high",
            "pay_unit",
            "salaries_per_year",
            "tariff",
            "apply_email",
            "apply_url",
            "apply_until",
            "contact_name",
            "asks_cover_letter",
            "asks_photo",
            "asks_references",
            "reference_number",
            "first_day",
            "last_day",
        ]
        widgets = {
            "level": forms.RadioSelect,
            "employer_kind": forms.RadioSelect,
            "working_time": forms.RadioSelect,
            "contract": forms.RadioSelect,
            "workplace": forms.RadioSelect,
        }

    def __init__(self, *args, employers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.employers = {str(employer.pk): employer for employer in employers}
        if len(self.employers) > 1:
            choices = [("", "bitte wählen"), *((pk, employer.name) for pk, employer in self.employers.items())]
            self.fields["employer"] = forms.ChoiceField(label="Für welche Firma?", choices=choices)
        for name in ("level", "employer_kind", "working_time", "contract", "workplace", "pay_unit"):
            # Left out altogether they keep their default; the page always sends one.
            self.fields[name].required, self.fields[name].needed = False, True
        for name in NEEDED:
            self.fields[name].needed = True
        self.fields["education"].choices = Vacancy.Education.choices
        months = dict(EXPERIENCE)
        if own := self.instance.months_of_experience:
            months.setdefault(own, f"{own} Monate")
        self.fields["months_of_experience"].choices = [(each or "", months[each]) for each in sorted(months)]
        self.facts = list(Fact.objects.order_by("slug"))
        chosen = {fact.slug for fact in self.instance.facts.all()} if self.instance.pk else set()
        for name, (kind, label) in FACT_FIELDS.items():
            choices = sorted(
                ((fact.slug, fact.name) for fact in self.facts if fact.kind == kind), key=lambda pair: fold(pair[1])
            )
            field = forms.MultipleChoiceField(
                label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
            )
            field.in_columns = field.needed = True
            self.fields[name] = field
            self.initial[name] = [slug for slug, _ in choices if slug in chosen]
        if self.instance.pk:
            self.initial["place_name"] = self.instance.place.name if self.instance.place else ""
            self.stored_facts = chosen
        else:
            today = localdate()
            full_time_hours = Vacancy._meta.get_field("full_time_hours").default
            self.initial |= {"first_day": today, "last_day": today + DEFAULT_RUN, "full_time_hours": full_time_hours}
            self.stored_facts = set()
            if len(self.employers) == 1:
                self.initial["employer_kind"] = next(iter(self.employers.values())).kind
        # Of a running ad only what its life leaves open can be changed.
        self.is_running = bool(self.instance.pk) and self.instance.can("edit")
        if self.is_running and self.instance.has_begun:
            del self.fields["first_day"]
            self.fields[
                "last_day"
            ].help_text = "Früher geht; für länger gibt es auf der Seite der Anzeige „verlängern“."
        self.columns = [name for name in [*self.Meta.fields, "place"] if name in self.fields or name == "place"]
        self.stored = {name: getattr(self.instance, name) for name in self.columns}
        self.unsaved = self.instance.unsaved

    @property
    def fact_fields(self):
        return [self[name] for name in FACT_FIELDS]

    @property
    def has_facts(self) -> bool:
        return any(field.value() for field in self.fact_fields)

    def clean(self):
        data = super().clean()
        for name in ("level", "employer_kind", "working_time", "contract", "workplace", "pay_unit", "full_time_hours"):
            if name not in self.errors and not data.get(name):
                data[name] = self.get_initial_for_field(self.fields[name], name) or getattr(self.instance, name)
        if "employer" in data:
            self.instance.employer = self.employers[data["employer"]]
        elif not self.instance.employer_id and len(self.employers) == 1:
            self.instance.employer = next(iter(self.employers.values()))
        self.instance.place = self.find_place()
        self._clean_time(data)
        self._clean_pay(data)
        self._clean_days(data)
        if data.get("apply_email") and data.get("apply_url"):
            self.add_error("apply_url", "Bitte entweder eine E-Mail-Adresse oder einen Link, nicht beides.")
        if data.get("remote_days") and data.get("workplace") != Vacancy.Workplace.HYBRID:
            self.add_error(
                "remote_days",
                "Tage im Homeoffice gehören zu „hybrid“; bitte wählen Sie das oder leeren Sie dieses Feld.",
            )
        return data

    def _clean_time(self, data):
        low, high, full = data.get("hours_low"), data.get("hours_high"), data.get("full_time_hours")
        time = data.get("working_time")
        if full and high is None and "hours_high" not in self.errors and time != Vacancy.WorkingTime.PART:
            high = data["hours_high"] = full
        if high is not None and low is None and "hours_low" not in self.errors and time == Vacancy.WorkingTime.FULL:
            low = data["hours_low"] = high
        if time == Vacancy.WorkingTime.FULL and full and high is not None and high < full:
            self.add_error("hours_high", f"Vollzeit sind bei Ihnen {number(full)} Stunden; weniger ist Teilzeit.")
        if low is not None and high is not None and low > high:
            self.add_error("hours_low", "„von“ darf nicht über „bis“ liegen.")
        if full and high is not None and high > full:
            self.add_error(
                "hours_high",
                f"Das ist mehr als Ihre Vollzeit ({number(full)} Stunden); eine der beiden Zahlen stimmt nicht.",
            )
        if data.get("fixed_term_months") and data.get("contract") != Vacancy.Contract.FIXED_TERM:
            self.add_error(
                "fixed_term_months", "Monate gehören zu „befristet“; bitte wählen Sie das oder leeren Sie dieses Feld."
            )

    def _clean_pay(self, data):
        low, high, unit = data.get("pay_low"), data.get("pay_high"), data.get("pay_unit")
        if low is not None and high is not None and low > high:
            self.add_error("pay_low", "„von“ darf nicht über „bis“ liegen.")
        if unit not in LIKELY_PAY:
            return
        least, most = LIKELY_PAY[unit]
        for name, pay in (("pay_low", low), ("pay_high", high)):
            if pay is not None and not least <= pay <= most:
                period = Vacancy.PayUnit(unit).label
                self.add_error(name, f"{amount(pay)} Euro {period}? Bitte prüfen Sie Betrag und Zeitraum.")

    def _clean_days(self, data):
        today = localdate()
        first, last, until = data.get("first_day"), data.get("last_day"), data.get("apply_until")
        latest = today + timedelta(days=MAX_RUN_DAYS)
        if self.is_running:  # what has been right once may stay, whatever day it is
            first = first or self.instance.first_day
            last, until = (
                None if day == self.stored[name] else day for name, day in (("last_day", last), ("apply_until", until))
            )
            if last and self.instance.has_begun and self.stored["last_day"] and last > self.stored["last_day"]:
                self.add_error("last_day", "Länger läuft die Anzeige, wenn Sie sie verlängern.")
                return
        if first and "first_day" in self.fields and first > latest:
            self.add_error("first_day", f"Anzeigen beginnen höchstens {MAX_RUN_DAYS} Tage voraus.")
        if last and last < today:
            self.add_error("last_day", "Dieser Tag ist schon vorbei.")
        elif last and last > latest:
            self.add_error(
                "last_day",
                f"Anzeigen laufen höchstens {MAX_RUN_DAYS} Tage, also bis zum {latest:%d.%m.%Y}.",
            )
        elif first and data.get("last_day") and data["last_day"] < first:
            self.add_error("last_day", "Der letzte Tag liegt vor dem ersten.")
        if until and until < max(today, first or today):
            self.add_error("apply_until", "Bewerbungen müssen vom ersten Tag der Anzeige an möglich sein.")
        elif until and until > today + timedelta(days=365):
            self.add_error("apply_until", "Das ist mehr als ein Jahr voraus.")

    # What fits and what does not

    def settle(self) -> None:
        """Puts back what is stored wherever something typed does not fit, and keeps that typing in `unsaved`."""
        wrong = set(self.fields) if "__all__" in self.errors else with_companions(self.errors)
        for name in wrong:
            for column in COLUMNS_OF.get(name, [name]):
                if column in self.stored:
                    setattr(self.instance, column, self.stored[column])
        self.unsaved = self._typed_but_not_stored(wrong)

    def _typed_but_not_stored(self, names) -> dict:
        stored = self.stored_typing()
        typed = {name: self.typing(name) for name in names if name in self.fields}
        return {
            name: value
            for name, value in typed.items()
            if value != stored.get(name, "") and len(value if isinstance(value, str) else "") <= MAX_TYPED
        }

    def typing(self, name):
        """What was sent for that field: a text, True or False, or a list, as JSON can hold it."""
        value = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        if isinstance(value, list):
            return [each.replace("\x00", "") for each in value]
        return value if isinstance(value, bool) else (value or "").replace("\r\n", "\n").replace("\x00", "")

    def stored_typing(self) -> dict:
        """What a browser would send for the form as it is stored."""
        found = {}
        for name, field in self.fields.items():
            value = field.prepare_value(self.get_initial_for_field(field, name))
            found[name] = value if isinstance(value, bool | list) else "" if value is None else str(value)
        return found

    def typing_for(self, changes: dict) -> dict:
        """What somebody would type to make `changes` (as Revision holds them) of the ad."""
        stored, changed = self.stored_typing(), VacancyForm(instance=self.instance.with_changes(changes))
        typed = {name: value for name, value in changed.stored_typing().items() if value != stored.get(name)}
        return typed | ({"place_choice": str(changes["place"])} if changes.get("place") else {})

    def show_typing(self, typing: dict) -> None:
        """The form with what was typed over what is stored, and what does not fit about it."""
        data: MultiValueDict = MultiValueDict()
        for name, value in (self.stored_typing() | typing).items():
            if isinstance(value, list):
                data.setlist(name, value)
            elif value:
                data[name] = "on" if value is True else value
        self.data, self.is_bound = data, True
        self.full_clean()
        for name in set(self.errors) - with_companions(typing):
            del self.errors[name]

    def typing_of_changes(self) -> dict:
        """What was typed and is not what is stored, whether it fits or not: how a running ad keeps it until it is sent."""
        fields = {"place": "place_name"}
        changed = {fields.get(name, name) for name in self.changed_columns()} | set(self.errors)
        if self.wanted_facts != self.stored_facts:
            changed |= set(FACT_FIELDS)
        return self._typed_but_not_stored(with_companions(changed))

    def changes(self) -> dict:
        """Column → value, "facts" → slugs: what the ad's own edit() takes."""
        found = {name: getattr(self.instance, name) for name in self.changed_columns()}
        return found | ({"facts": sorted(self.wanted_facts)} if self.wanted_facts != self.stored_facts else {})

    @property
    def has_been_written(self) -> bool:
        typed = (self.typing(name) for name in WRITTEN)
        return any(value.strip() if isinstance(value, str) else value for value in typed)

    @property
    def wanted_facts(self) -> set[str]:
        if not self.is_bound:
            return self.stored_facts
        # What this form does not ask for, or what does not fit, stays as it is.
        asked = {kind: self.cleaned_data[name] for name, (kind, _) in FACT_FIELDS.items() if name in self.cleaned_data}
        kept = {fact.slug for fact in self.facts if fact.kind not in asked}
        return {slug for slugs in asked.values() for slug in slugs} | (kept & self.stored_facts)

    def changed_columns(self) -> list[str]:
        """What the instance says now and did not before."""
        return [name for name, value in self.stored.items() if getattr(self.instance, name) != value]

    @property
    def changes_something(self) -> bool:
        return bool(
            self.changed_columns() or self.wanted_facts != self.stored_facts or self.unsaved != self.instance.unsaved
        )

    # Storing

    @transaction.atomic
    def create(self, by, key="") -> Vacancy:
        self.instance.form_key, self.instance.unsaved = key, self.unsaved
        self.instance.save()
        self.instance.events.create(step=VacancyEvent.Step.CREATE, by=by, role=VacancyEvent.role_of(by, self.instance))
        self._save_facts()
        search.index(self.instance)
        return self.instance

    @transaction.atomic
    def revise(self, version: int) -> bool:
        """Write over the draft `version`; False where that is not what is stored any more."""
        vacancy = self.instance
        changed = self.changed_columns()
        vacancy.derive()
        vacancy.changed_at, vacancy.unsaved = timezone.now(), self.unsaved
        columns = [*changed, "city", "pay_month_low", "pay_month_high", "changed_at", "unsaved"]
        unchanged = Vacancy.objects.filter(pk=vacancy.pk, status=Status.DRAFT, version=version)
        if not unchanged.update(version=F("version") + 1, **{name: getattr(vacancy, name) for name in columns}):
            return False
        vacancy.version = version + 1
        self._save_facts()
        if changed or self.wanted_facts != self.stored_facts:
            search.index(vacancy)
        return True

    def _save_facts(self):
        if self.wanted_facts != self.stored_facts:
            self.instance.facts.set([fact for fact in self.facts if fact.slug in self.wanted_facts])
