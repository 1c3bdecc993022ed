"""What an editor types on the screen of a city page: forms for sections, figures and facts, as inlines of the admin."""

import re
from collections import Counter
from datetime import date

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet, construct_instance
from django.utils.timezone import localdate

from jobboard.forms import DayField, GermanDecimalField, TextField, posted_number
from jobboard.templatetags.board import amount
from jobboard.text import german_slug
from profiles.models import MAX_AHEAD, CityFact, Edition, Fact, Level, SalaryFigure, Section

MAX_ROWS = 200  # of each kind
EARLIEST = date(2000, 1, 1)  # that a figure may name: before, the year is mistyped
GONE = "Diese Zeile gibt es nicht mehr; bitte laden Sie die Seite neu."


def rows_posted(data, prefix: str) -> int:
    """How many rows of a formset a page has sent along, as far as they are taken."""
    return min(posted_number(data, f"{prefix}-TOTAL_FORMS"), MAX_ROWS)


def one_of(rows, *, names=None, **options) -> forms.TypedChoiceField:
    """A choice among rows that are in memory: a page of a hundred rows asks the database no more often than one."""
    by_pk = {str(row.pk): row for row in rows}
    if names is None:
        names = [(pk, str(row)) for pk, row in by_pk.items()]

    def coerce(value):
        if str(value) not in by_pk:
            raise ValueError
        return by_pk[str(value)]

    return forms.TypedChoiceField(choices=[("", "Bitte wählen"), *names], coerce=coerce, empty_value=None, **options)


class EuroField(GermanDecimalField):
    """Whole euro."""

    def __init__(self, **options):
        super().__init__(show=amount, min_value=1, max_value=999_999, decimal_places=0, required=False, **options)

    def clean(self, value):
        value = super().clean(value)
        return None if value is None else int(value)

    def prepare_value(self, value):
        return amount(value) if isinstance(value, int) else value


class ProseLine(TextField):
    """A line whose protected spaces stay: without them 2.800 and its € part at the end of a line."""

    widget = forms.TextInput

    def to_python(self, value):
        return re.sub(r"[ \t\r\n]+", " ", super().to_python(value)).strip()


def order_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Reihenfolge", min_value=0, max_value=9999, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )


class EditionForm(forms.ModelForm):
    lead = TextField(
        label="Vorspann",
        required=False,
        max_length=220,
        help_text="Ein bis zwei Sätze unter der Überschrift; zugleich die Beschreibung für Suchmaschinen.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = ProseLine(
        label="Notiz für die Redaktion",
        required=False,
        max_length=200,
        help_text="Nur hier zu sehen, zum Beispiel: „Zahlen aus der Umfrage vom Herbst“.",
    )

    class Meta:
        model = Edition
        fields = ["lead", "note"]


class RowForm(forms.ModelForm):
    """One row of the screen."""

    prefilled: set[str] = set()  # what the page itself fills in makes no new row

    def has_changed(self):
        return bool(set(self.changed_data) - (self.prefilled if self.instance._state.adding else set()))

    def _post_clean(self):
        # Django would hold each row against the database here, some hundred times for a long page: its unique columns,
        # its constraints, the rows it points to. The fields choose among rows in memory, clean() and the formsets say
        # what the constraints say, and the version of the edition keeps apart what two people write.
        self.instance = construct_instance(self, self.instance, self._meta.fields)


class SectionForm(RowForm):
    prefilled = {"order"}

    heading = ProseLine(label="Überschrift", max_length=120)
    body = TextField(
        label="Text",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Leerzeile: neuer Absatz · **fett** · *kursiv* · „- “ am Zeilenanfang: Aufzählung",
    )
    order = order_field()
    slug = ProseLine(
        label="Anker",
        required=False,
        max_length=60,
        validators=Section._meta.get_field("slug").validators,
        help_text="Steht in der Webadresse hinter #. Leer gelassen, wird er aus der Überschrift gebildet.",
    )

    class Meta:
        model = Section
        fields = ["heading", "body", "order", "slug"]

    def clean(self):
        cleaned = super().clean()
        # As the model does on saving, but in time for the check that no two are the same.
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("heading"):
            cleaned["slug"] = german_slug(cleaned["heading"], empty="abschnitt", length=60)
        return cleaned


class ProvenForm(RowForm):
    prefilled = {"section", "order"}

    evidence = ProseLine(
        label="Belegsatz",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Genau der Satz, der es sagt, so wie er im Abschnitt steht.",
    )
    pick = ProseLine(
        label="Oder einen Satz des Abschnitts wählen", required=False, max_length=2000, widget=forms.Select
    )

    def _clean_fields(self):
        super()._clean_fields()
        if pick := self.cleaned_data.get("pick"):
            # Picked from the list, which says it letter for letter.
            self._errors.pop("evidence", None)
            if len(pick) <= self.fields["evidence"].max_length:
                self.cleaned_data["evidence"] = pick
            else:
                self.add_error("evidence", "Dieser Satz ist für einen Beleg zu lang (mehr als 600 Zeichen).")


class FigureForm(ProvenForm):
    label = ProseLine(label="Bezeichnung", max_length=120)
    level = forms.ChoiceField(
        label="Niveau",
        required=False,
        choices=[("", "keines: eine Gruppe von Arbeitgebern oder Aufgaben"), *Level.choices],
        help_text="Nur mit Niveau lässt sich die Zahl mit Anzeigen und anderen Städten vergleichen.",
    )
    low = EuroField(label="von (€)")
    high = EuroField(label="bis (€)")
    qualifier = ProseLine(
        label="Einschränkung des Textes",
        required=False,
        max_length=200,
        help_text="Wie der Text die Zahl einschränkt, etwa „oft“ oder „in größeren Häusern“.",
    )
    order = order_field()
    valid_from = DayField(label="gilt ab", required=False)
    checked_on = DayField(label="geprüft am", required=False)

    class Meta:
        model = SalaryFigure
        fields = [
            *("label", "level", "low", "high", "period", "gross", "qualifier"),
            *("section", "evidence", "order", "valid_from", "checked_on"),
        ]

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is None and high is None and not {"low", "high"} & set(self.errors):
            self.add_error("low", "Bitte wenigstens ein Ende der Spanne angeben.")
        if low and high and low > high:
            self.add_error("high", "„von“ darf nicht über „bis“ liegen.")
        self._check_days(cleaned)
        if self.lost_its_check:
            cleaned["checked_on"] = None
        return cleaned

    @property
    def lost_its_check(self) -> bool:
        """Somebody has checked the figure as it was, and nobody as it is typed here."""
        if not self.initial.get("checked_on") or "checked_on" in self.changed_data:
            return False
        before = tuple(self.initial.get(name) for name in ("low", "high", "period", "gross"))
        return before != tuple(self.cleaned_data.get(name) for name in ("low", "high", "period", "gross"))

    def _check_days(self, cleaned):
        # "Heute" counts from the day of the check, and readers see it as the state of the figure.
        today = localdate()
        for name in ("valid_from", "checked_on"):
            if (day := cleaned.get(name)) and day < EARLIEST:
                self.add_error(name, f"Bitte einen Tag ab dem Jahr {EARLIEST.year}.")
        if (day := cleaned.get("checked_on")) and day > today:
            self.add_error("checked_on", "Dieser Tag kommt erst noch. Geprüft ist, was Sie schon nachgesehen haben.")
        if (day := cleaned.get("valid_from")) and day > today + MAX_AHEAD:
            self.add_error("valid_from", "Dieser Tag liegt mehr als ein Jahr in der Zukunft.")

    def _post_clean(self):
        self.instance.kind = SalaryFigure.Kind.LEVEL if self.cleaned_data.get("level") else SalaryFigure.Kind.SEGMENT
        super()._post_clean()


class CityFactForm(ProvenForm):
    class Meta:
        model = CityFact
        fields = ["fact", "section", "evidence"]


class RowFormSet(BaseInlineFormSet):
    """`siblings` are all formsets of the page, by prefix (EditionAdmin sets them)."""

    siblings: dict[str, BaseInlineFormSet]

    def goes(self, form) -> bool:
        return bool(form.is_bound and self._should_delete_form(form))  # type: ignore[attr-defined]

    def add_fields(self, form, index):
        super().add_fields(form, index)
        known = [form.instance.pk] if form.instance.pk else []
        form.fields["id"] = forms.TypedChoiceField(
            choices=[(pk, pk) for pk in known],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.HiddenInput,
            initial=form.instance.pk,
            error_messages={"invalid_choice": GONE, "required": GONE},
        )
        if "order" in form.fields and not form.instance.pk:
            form.initial["order"] = min(max((row.order for row in self.get_queryset()), default=0) + 10, 9999)

    def kept_forms(self) -> list[forms.ModelForm]:
        """Rows that hold something and are not to be deleted."""
        return [form for form in self.forms if not self.goes(form) and (form.instance.pk or form.has_changed())]

    def refuse_twins(self, name: str, message: str) -> None:
        found = [(form, form.cleaned_data.get(name)) for form in self.kept_forms() if hasattr(form, "cleaned_data")]
        often = Counter(value for _, value in found if value)
        for form, value in found:
            if often[value] > 1:
                form.add_error(name, message)


class SectionFormSet(RowFormSet):
    def clean(self):
        self.refuse_twins(
            "slug", "Zwei Abschnitte haben denselben Anker; bitte ändern Sie einen (oder die Überschrift)."
        )


class ProvenFormSet(RowFormSet):
    """Figures or facts."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        sections = self.siblings["sections"].get_queryset()
        form.fields["section"] = one_of(sections, label="Abschnitt")

    def clean(self):
        sections = self.siblings["sections"]
        deleted = {form.instance.pk for form in sections.deleted_forms}
        if not deleted:
            return
        for form in self.kept_forms():
            section = getattr(form, "cleaned_data", {}).get("section")
            if section and section.pk in deleted:
                form.add_error("section", "Dieser Abschnitt soll gelöscht werden; bitte wählen Sie einen anderen.")
        # Rows that a colleague has added meanwhile are not on this page.
        seen = [form.instance.pk for form in self.forms]
        if unseen := self.model.objects.filter(section__in=deleted).exclude(pk__in=seen).first():
            raise forms.ValidationError(
                f"„{unseen}“ nennt einen Abschnitt, der gelöscht werden soll. Bitte laden Sie die Seite neu."
            )


class CityFactFormSet(ProvenFormSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.facts = list(Fact.objects.all())
        groups: dict[str, list] = {}
        for fact in self.facts:
            groups.setdefault(fact.get_kind_display(), []).append((str(fact.pk), fact.name))
        self.groups = list(groups.items())

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Another fact is another row: nobody wonders which of two sentences belongs to which.
        if form.instance.pk:
            form.fields["fact"] = one_of([form.instance.fact], label="Merkmal", widget=forms.HiddenInput)
        else:
            form.fields["fact"] = one_of(self.facts, names=self.groups, label="Merkmal")

    def clean(self):
        super().clean()
        self.refuse_twins("fact", "Dieses Merkmal steht schon bei der Stadt; es braucht nur einen Beleg.")


class PartOfEdition(admin.StackedInline):
    """Whoever may change editions may change what they are made of."""

    extra = 0
    max_num = MAX_ROWS

    def _may(self, request) -> bool:
        return request.user.has_perm("profiles.change_edition")

    def has_add_permission(self, request, obj):
        return self._may(request)

    def has_change_permission(self, request, obj=None):
        return self._may(request)

    def has_delete_permission(self, request, obj=None):
        return self._may(request)

    def has_view_permission(self, request, obj=None):
        return self._may(request) or request.user.has_perm("profiles.view_edition")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, absolute_max=self.max_num, **kwargs)
        # The admin would refuse to delete a section even if its figures are moved or deleted with it.
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


class SectionInline(PartOfEdition):
    model = Section
    form = SectionForm
    formset = SectionFormSet


class SalaryFigureInline(PartOfEdition):
    model = SalaryFigure
    form = FigureForm
    formset = ProvenFormSet

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section", "checked_by")


class CityFactInline(PartOfEdition):
    model = CityFact
    form = CityFactForm
    formset = CityFactFormSet

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section", "fact")
