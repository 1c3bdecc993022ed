"""For editors: the word lists of the linter, the minimum wages, and a box to try them out."""

from django import forms
from django.contrib import admin

from jobboard.admin import Remembering, WithWordings
from jobboard.wording import NOTATION
from listings import linter
from listings.models import EmployerKind, LinterWord, MinimumWage, Vacancy


class TrialForm(forms.Form):
    title = forms.CharField(
        label="Titel", max_length=100, required=False, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    text = forms.CharField(
        label="Text", max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 12, "cols": 80})
    )


@admin.register(LinterWord)
class LinterWordAdmin(WithWordings):
    list_display = ["name", "rule", "first_words", "active"]
    list_filter = ["rule", "active", "edited", "neutral"]
    search_fields = ["name", "words", "exceptions", "why"]
    search_help_text = "Name, Wort oder Grund"
    fields = ["name", "rule", "words", "exceptions", "unless_denied", "neutral", "why", "better", "active"]
    actions = None
    change_form_template = "admin/listings/linterword/change_form.html"
    trial_form = TrialForm
    trial_title = "Wortlisten ausprobieren"

    @admin.display(description="Wendungen")
    def first_words(self, word):
        lines = word.words.splitlines()
        first = lines[0].split("|")[0]
        return f"{first} und {len(lines) - 1} weitere" if len(lines) > 1 else first

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        for name in ("why", "better"):
            if name in form.base_fields:
                form.base_fields[name].widget = forms.Textarea(attrs={"rows": 2, "cols": 80, "maxlength": 300})
        return form

    def has_delete_permission(self, request, obj=None):
        # What the file brings would be back with the next loading; switching it off lasts.
        return super().has_delete_permission(request, obj) and not (obj and obj.key)

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, {**context, "notation": NOTATION}, *args, **kwargs)

    def find(self, title, text):
        ad = Vacancy(title=title, tasks=text, employer_kind=EmployerKind.DIRECT)
        by_words = {value for value, _ in LinterWord._meta.get_field("rule").flatchoices}
        return [hit for hit in linter.lint(ad) if hit.rule in by_words]


class MinimumWageForm(forms.ModelForm):
    class Meta:
        model = MinimumWage
        fields = ["valid_from", "amount", "source"]
        localized_fields = ["amount"]


@admin.register(MinimumWage)
class MinimumWageAdmin(Remembering):
    form = MinimumWageForm
    list_display = ["__str__", "amount", "source", "edited"]
    fields = ["valid_from", "amount", "source"]
    actions = None
