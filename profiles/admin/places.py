"""Places and facts, which cities and vacancies share."""

from django import forms
from django.contrib import admin
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from jobboard.admin import Remembering, WithWordings
from jobboard.text import fold
from profiles.facts import spoken_of, words_for
from profiles.models import City, CityFact, Fact, Place


class Followed(Remembering):
    """What other apps keep of a row follows its change, in the same transaction."""

    def after_change(self, obj):
        """For the layer above."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.after_change(obj)


@admin.register(Place)
class PlaceAdmin(Followed):
    list_display = ["name", "land", "population"]
    list_filter = ["land"]
    search_fields = ["folded"]
    search_help_text = "Name des Orts; Osnabrück, Osnabrueck und osnabruck finden dasselbe."
    fields = ["name", "land", "population", "latitude", "longitude", "id"]
    readonly_fields = ["land", "population", "latitude", "longitude", "id"]
    actions = None

    def get_search_results(self, request, queryset, search_term):
        words = fold(search_term).split()
        if not words:
            return (queryset.none() if search_term.strip() else queryset), False
        for word in words:
            queryset = queryset.filter(folded__contains=word)
        # Of the many places of one name, people mean the large one.
        return queryset.order_by(F("population").desc(nulls_last=True), "pk"), False

    def has_module_permission(self, request):
        return request.user.has_perm("profiles.change_place")  # who only chooses places needs no list of them

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class TrialForm(forms.Form):
    text = forms.CharField(label="Text", max_length=8000, widget=forms.Textarea(attrs={"rows": 12, "cols": 80}))


@admin.register(Fact)
class FactAdmin(Followed, WithWordings):
    list_display = ["name", "kind", "slug", "city_count"]
    list_filter = ["kind"]
    search_fields = ["name", "slug", "wordings"]
    search_help_text = "Name, Kürzel oder Wendung"
    fields = ["name", "kind", "slug", "wordings", "exceptions"]
    actions = None
    change_form_template = "admin/profiles/fact/change_form.html"
    trial_form = TrialForm

    def get_queryset(self, request):
        live = CityFact.objects.filter(fact=OuterRef("pk"), edition__in=City.objects.live().values("live_id"))
        count = live.order_by().values("fact").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(city_count=Coalesce(Subquery(count), 0))

    @admin.display(description="Städte", ordering="city_count")
    def city_count(self, fact):
        return fact.city_count

    def find(self, text):
        """The facts that it speaks of, each with by which words."""
        return [(fact, words_for(fact, text)) for fact in spoken_of(text, Fact.objects.order_by("kind", "slug"))]

    @staticmethod
    def is_used(fact) -> bool:
        """By whatever points to it, also from apps above this one."""
        return any(getattr(fact, str(each.get_accessor_name())).exists() for each in Fact._meta.related_objects)

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj and self.is_used(obj) else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if slug := form.base_fields.get("slug"):
            slug.help_text = "Steht in Webadressen und bleibt, sobald eine Stadt oder eine Stelle das Merkmal trägt."
        return form

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.is_used(obj))
