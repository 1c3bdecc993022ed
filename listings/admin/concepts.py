"""For editors: the concepts of the search, and a box that says what a query means by them."""

from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.html import format_html

from jobboard import german
from jobboard.admin import WithWordings
from listings.filters import count_text
from listings.models import CAP, Concept
from listings.search import concepts
from listings.search.indexing import due
from listings.search.query import understand

FIRST = 3  # wordings in the list


class ConceptForm(forms.ModelForm):
    class Meta:
        model = Concept
        fields = ["name", "wordings", "typed", "related", "active"]
        widgets = {"typed": AdminTextareaWidget(attrs={"rows": 4})}

    def clean_wordings(self):
        return self._clean_lines("wordings")

    def clean_typed(self):
        return self._clean_lines("typed")

    def _clean_lines(self, name):
        lines = [line.strip() for line in self.cleaned_data[name].splitlines()]
        known = concepts.current()
        for line in filter(None, lines):
            for idea in known.with_wording(line):
                if idea.pk != self.instance.pk:
                    raise forms.ValidationError(f"„{line}“ steht schon beim Begriff „{idea.name}“.")
        return "\n".join(dict.fromkeys(filter(None, lines)))

    def clean_related(self):
        if self.instance in self.cleaned_data["related"]:
            raise forms.ValidationError("Ein Begriff ist nicht mit sich selbst verwandt.")
        return self.cleaned_data["related"]


class TrialForm(forms.Form):
    text = forms.CharField(label="Suche", max_length=200, widget=forms.TextInput(attrs={"class": "vTextField"}))


class Row(NamedTuple):
    """A term of a query. beside: the names of the roles next to it"""

    term: concepts.Term
    concept: concepts.Idea | None
    roots: str
    beside: list[str]


@admin.register(Concept)
class ConceptAdmin(WithWordings):
    form = ConceptForm
    list_display = ["name", "first_wordings", "beside", "active"]
    list_filter = ["active", "edited"]
    search_fields = ["name", "wordings", "typed"]
    search_help_text = "Name oder Wort"
    autocomplete_fields = ["related"]
    actions = None
    change_form_template = "admin/listings/concept/change_form.html"
    trial_form = TrialForm
    trial_title = "Begriffe ausprobieren"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("related")

    @admin.display(description="Wörter")
    def first_wordings(self, concept):
        lines = concept.wordings.splitlines()
        if len(lines) <= FIRST + 1:
            return ", ".join(lines)
        return f"{', '.join(lines[:FIRST])} und {len(lines) - FIRST} weitere"

    @admin.display(description="verwandte Rollen")
    def beside(self, concept):
        return ", ".join(each.name for each in concept.related.all())

    def has_delete_permission(self, request, obj=None):
        # What the file brings would be back with the next loading; switching it off lasts.
        return super().has_delete_permission(request, obj) and not (obj and obj.key)

    def find(self, text):
        """The query as it is understood, and its terms."""
        known, understood = concepts.current(), understand(text)
        ideas = [known.ideas.get(term.concept or 0) for term in understood.terms]
        rows = [
            Row(term, idea, german.roots(term.text), [known.ideas[pk].name for pk in idea.related] if idea else [])
            for term, idea in zip(understood.terms, ideas, strict=True)
        ]
        return [(understood, rows)]

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, {**context, "waiting": _waiting()}, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if {"wordings", "active"} & set(form.changed_data) and (waiting := _waiting()) != "0":
            ads = "Eine Anzeige wartet" if waiting == "1" else f"{waiting} Anzeigen warten"
            said = format_html(
                "{} darauf, neu gelesen zu werden: in der Nacht, oder gleich durch <code>manage.py reindex</code>.", ads
            )
            self.message_user(request, said, messages.INFO)


def _waiting() -> str:
    """How many ads were read by other words than those that hold now."""
    return count_text(due()[: CAP + 1].count())
