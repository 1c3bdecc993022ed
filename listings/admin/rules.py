"""For editors: the word lists of the linter, the minimum wages, and a box to try them out."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path

from jobboard.admin import FoldedSearch, Remembering
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
class LinterWordAdmin(FoldedSearch):
    list_display = ["name", "rule", "first_words", "active"]
    list_filter = ["rule", "active", "edited", "neutral"]
    search_fields = ["name", "words", "exceptions", "why"]
    search_help_text = "Name, Wort oder Grund"
    fields = ["name", "rule", "words", "exceptions", "unless_denied", "neutral", "why", "better", "active"]
    actions = None

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

    def get_urls(self):
        view = self.admin_site.admin_view(self.trial)
        return [path("probe/", view, name="listings_linterword_trial"), *super().get_urls()]

    def trial(self, request):
        """What the lists as they are now find in a title and a text; nothing is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TrialForm(request.POST if request.method == "POST" else None)
        hits, is_tried = [], False
        if request.method == "POST" and form.is_valid():
            ad = Vacancy(
                title=form.cleaned_data["title"], tasks=form.cleaned_data["text"], employer_kind=EmployerKind.DIRECT
            )
            by_words = {value for value, _ in LinterWord._meta.get_field("rule").flatchoices}
            hits = [hit for hit in linter.lint(ad) if hit.rule in by_words]
            is_tried = True
        context = {
            **self.admin_site.each_context(request),
            "title": "Wortlisten ausprobieren",
            "opts": self.opts,
            "form": form,
            "hits": hits,
            "is_tried": is_tried,
        }
        return TemplateResponse(request, "admin/listings/linterword/trial.html", context)


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
