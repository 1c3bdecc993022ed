"""Editions: where a city page is written and published."""

import re

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timezone import localtime

from jobboard.redaktion import today
from jobboard.text import german_slug
from profiles.admin.publishing import AroundTheText
from profiles.models import CityFact, Edition, Fact, SalaryFigure, Section


class SectionForm(forms.ModelForm):
    class Meta:
        widgets = {
            "body": forms.Textarea(attrs={"rows": 14, "cols": 80}),
            "heading": forms.TextInput(attrs={"size": 70}),
        }

    def clean(self):
        cleaned = super().clean()
        # As the model does on saving, but in time for the check that no two are the same.
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("heading"):
            cleaned["slug"] = german_slug(cleaned["heading"], empty="abschnitt", length=60)
        return cleaned


class ProvenForm(forms.ModelForm):
    class Meta:
        widgets = {"evidence": forms.Textarea(attrs={"rows": 3, "cols": 60})}

    def clean_evidence(self):
        # A sentence that was copied from the text may hold its line breaks.
        return re.sub(r"[ \t\r\n]+", " ", self.cleaned_data["evidence"]).strip()


class ProvenFormSet(BaseInlineFormSet):
    """Figures or facts; `siblings` are all formsets of the page, by prefix (EditionAdmin sets them)."""

    siblings: dict[str, BaseInlineFormSet]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sections = [(section.pk, section.heading) for section in self.instance.sections.all()]
        self.choices = {"section": [("", "---------"), *sections]}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Asked for once, not by every row.
        for name, choices in self.choices.items():
            if name in form.fields:
                form.fields[name].choices = choices

    def clean(self):
        super().clean()
        deleted = {form.instance.pk for form in self.siblings["sections"].deleted_forms}
        if not deleted:
            return
        for form in self.forms:
            section = getattr(form, "cleaned_data", {}).get("section")
            if section and section.pk in deleted and not self._should_delete_form(form):
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
        groups: dict[str, list] = {}
        for fact in Fact.objects.all():
            groups.setdefault(fact.get_kind_display(), []).append((fact.pk, fact.name))
        self.choices["fact"] = [("", "---------"), *groups.items()]


class PartOfEdition(admin.options.InlineModelAdmin):
    """Whoever may change editions may change what they are made of."""

    extra = 0

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
        formset = super().get_formset(request, obj, **kwargs)
        if section := formset.form.base_fields.get("section"):
            section.queryset = Section.objects.filter(edition=obj)
        return formset


class SectionInline(PartOfEdition, admin.StackedInline):
    model = Section
    form = SectionForm
    fields = ["heading", "body", ("order", "slug")]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        # The admin would refuse to delete a section even if its figures are moved or deleted with it.
        formset.form.hand_clean_DELETE = lambda form: None
        if slug := formset.form.base_fields.get("slug"):
            slug.help_text = "Steht in der Webadresse hinter #. Leer gelassen, wird er aus der Überschrift gebildet."
        if body := formset.form.base_fields.get("body"):
            body.help_text = (
                "Leerzeile: neuer Absatz. **fett**, *kursiv*, - Aufzählung. "
                "Ein neuer Abschnitt steht nach dem Speichern bei Zahlen und Merkmalen zur Wahl."
            )
        return formset


class SalaryFigureInline(PartOfEdition, admin.StackedInline):
    model = SalaryFigure
    form = ProvenForm
    formset = ProvenFormSet
    fields = [
        ("label", "kind", "level"),
        ("low", "high", "period", "gross"),
        "qualifier",
        ("section", "order"),
        "evidence",
        ("valid_from", "checked_on", "checked_by"),
    ]
    readonly_fields = ["checked_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section", "checked_by")


class CityFactInline(PartOfEdition, admin.TabularInline):
    model = CityFact
    form = ProvenForm
    formset = CityFactFormSet
    fields = ["fact", "section", "evidence"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section", "fact")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if fact := formset.form.base_fields.get("fact"):
            # A fact belongs to all cities: it is renamed and deleted in its own list.
            fact.widget.can_change_related = fact.widget.can_delete_related = fact.widget.can_view_related = False
        return formset


@admin.register(Edition)
class EditionAdmin(AroundTheText):
    """The working copy is written here; what was published once stays as it was."""

    list_display = ["__str__", "state", "created_by", "created_at", "note"]
    list_filter = [("city", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["city__place", "created_by"]
    ordering = ["city__place__folded", "-number"]
    fields = ["lead", "note"]
    inlines = [SectionInline, SalaryFigureInline, CityFactInline]
    actions = None

    def get_queryset(self, request):
        newest = Edition.objects.newest_live().filter(city=OuterRef("city"))
        queryset = super().get_queryset(request).select_related("city__place", "created_by")
        return queryset.annotate(live_id=Subquery(newest.values("pk")[:1]))

    @admin.display(description="Stand", ordering="published_at")
    def state(self, edition):
        if edition.is_working_copy:
            return format_html('<strong class="{}">{}</strong>', "mark", "Arbeitsfassung")
        day = f"{localtime(edition.published_at):%d.%m.%Y, %H:%M}"
        if edition.published_at > timezone.now():
            return f"geplant für {day}"
        return f"veröffentlicht am {day}" if edition.pk == edition.live_id else f"früher, veröffentlicht am {day}"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "lead":
            field.widget = forms.Textarea(attrs={"rows": 3, "cols": 80, "maxlength": db_field.max_length})
        return field

    # Permissions

    def has_add_permission(self, request):
        return False  # editions come from their city

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_working_copy)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_working_copy)

    # Saving

    def _create_formsets(self, request, obj, change):
        formsets, inlines = super()._create_formsets(request, obj, change)
        for formset in formsets:
            formset.siblings = {each.prefix: each for each in formsets}
        return formsets, inlines

    def save_formset(self, request, form, formset, change):
        for row_form in formset.forms:
            if "checked_on" in row_form.changed_data:
                row_form.instance.checked_by = request.user if row_form.instance.checked_on else None
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        # Sections last: one may be deleted together with, or after, all that names it.
        super().save_related(request, form, list(reversed(formsets)), change)

    def response_change(self, request, obj):
        for problem in obj.problems():
            self.message_user(request, str(problem), messages.WARNING)
        if "_publish" in request.POST:
            return redirect("admin:profiles_edition_publish", obj.pk)
        return super().response_change(request, obj)


@today(order=20)
def working_editions(request):
    """City pages that somebody has begun to revise."""
    if not request.user.has_perm("profiles.change_edition"):
        return None
    editions = Edition.objects.filter(published_at__isnull=True).select_related("city__place", "created_by")
    editions = editions.prefetch_related("sections", "figures").order_by("created_at")
    return {
        "template": "admin/profiles/today.html",
        "editions": [{"edition": edition, "problems": edition.problems()} for edition in editions],
    }
