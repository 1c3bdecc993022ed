"""Cities: from a place to a page."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_POST

from jobboard.admin import FoldedSearch
from jobboard.forms import posted_number
from jobboard.text import german_slug
from profiles.admin.new_city import MakesCities
from profiles.admin.places import Followed
from profiles.admin.publishing import LISTED, may_write, what_goes_with
from profiles.models import City, Edition, Refused


class CityFilter(admin.RelatedFieldListFilter):
    """By city: Django would ask for the place of each."""

    def field_choices(self, field, request, model_admin):
        return list(City.objects.order_by("place__folded").values_list("pk", "place__name"))


class CityForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("place"):
            cleaned["slug"] = german_slug(cleaned["place"].name, empty="stadt")
        return cleaned


@admin.register(City)
class CityAdmin(MakesCities, Followed, FoldedSearch):
    form = CityForm
    list_display = ["name", "slug", "radius_km", "live", "has_working_copy"]
    list_select_related = ["place"]
    search_fields = ["place__name", "slug"]
    search_help_text = "Name der Stadt"
    fields = ["place", "slug", "radius_km"]
    autocomplete_fields = ["place"]
    ordering = ["place__folded"]
    actions = None

    def get_queryset(self, request):
        newest = Edition.objects.newest_live().filter(city=OuterRef("pk"))
        scheduled = Edition.objects.scheduled().filter(city=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                live_number=Subquery(newest.values("number")[:1]),
                live_since=Subquery(newest.values("published_at")[:1]),
                scheduled_for=Subquery(scheduled.values("published_at")[:1]),
                working_copies=Count("editions", filter=Q(editions__published_at__isnull=True)),
            )
        )

    @admin.display(description="Stadt", ordering="place__folded")
    def name(self, city):
        return city.place.name

    @admin.display(description="Lesbar", ordering="live_since", empty_value="noch keine Ausgabe")
    def live(self, city):
        if city.live_number is None:
            return None
        return f"Ausgabe {city.live_number} seit {localdate(city.live_since):%d.%m.%Y}"

    @admin.display(description="Arbeitsfassung", ordering="working_copies")
    def has_working_copy(self, city):
        if city.scheduled_for:
            return f"erscheint am {localtime(city.scheduled_for):%d.%m.%Y, %H:%M}"
        return "in Arbeit" if city.working_copies else None

    @staticmethod
    def was_published(city) -> bool:
        return city.editions.filter(published_at__isnull=False).exists()

    def get_readonly_fields(self, request, obj=None):
        if obj and self.was_published(obj):
            return ["place", "slug"]
        return ["place"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if slug := form.base_fields.get("slug"):
            slug.required = False
            slug.help_text = f"{slug.help_text} Leer gelassen, wird sie aus dem Namen gebildet: Gütersloh → guetersloh."
        return form

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.was_published(obj))

    def get_deleted_objects(self, objs, request):
        editions = list(Edition.objects.filter(city__in=objs))
        counts = {str(Edition._meta.verbose_name_plural): len(editions)} if editions else {}
        return [str(each) for each in objs], counts | what_goes_with(editions), set(), []

    def get_urls(self):
        def step(address, view, name):
            return path(f"<int:pk>/{address}/", self.admin_site.admin_view(view), name=f"profiles_city_{name}")

        return [
            step("arbeitsfassung", self.work_on, "working_edition"),
            step("zahlen-geprueft", self.confirm, "confirm"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    @may_write
    def work_on(self, request, city):
        """To the city's working copy, which is made where there is none."""
        try:
            with transaction.atomic():
                city.lock()
                is_new = not city.editions.filter(published_at__isnull=True).exists()
                edition = city.working_edition(request.user)
                if is_new:
                    self.log_addition(request, edition, "Arbeitsfassung begonnen.")
                    self.log_change(request, city, f"Ausgabe {edition.number} begonnen.")
        except Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:profiles_city_change", city.pk)
        return redirect("admin:profiles_edition_change", edition.pk)

    @method_decorator(require_POST)
    @may_write
    def confirm(self, request, city):
        """Figures that somebody has checked and that still hold."""
        slugs = request.POST.getlist("figure")
        try:
            with transaction.atomic():
                edition = city.confirm_figures(request.user, slugs, seen=posted_number(request.POST, "seen"))
                names = ", ".join(f"„{figure}“" for figure in edition.figures.all() if figure.slug in slugs)
                self.log_addition(request, edition, f"Geprüft, stimmt noch: {names}.")
                self.log_change(
                    request, city, f"Geprüft, stimmt noch: {names}. Ausgabe {edition.number} veröffentlicht."
                )
                if edition.renewed:
                    waiting, figures = edition.renewed
                    renewed = ", ".join(f"„{figure}“" for figure in figures)
                    self.log_change(request, waiting, f"Geprüft, stimmt noch: {renewed}, mit Ausgabe {edition.number}.")
        except Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, f"Geprüft: {names}. Das steht als Ausgabe {edition.number} auf der Seite.", messages.SUCCESS
            )
        return redirect("admin:profiles_city_change", city.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        city = self.get_object(request, object_id)
        context = {"may_write": request.user.has_perm("profiles.change_edition")}
        if city:
            context |= {"title": str(city), "subtitle": None, "show_save_and_add_another": False}
            context |= self._editions(city)
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    @staticmethod
    def _editions(city) -> dict:
        editions = list(city.editions.select_related("changed_by", "published_by").newest_first()[:LISTED])
        live = next((each for each in editions if each.number == city.live_number), None) or city.live_edition()
        return {
            "editions": editions,
            "working": next((each for each in editions if each.is_working_copy), None),
            "scheduled": next((each for each in editions if each.is_scheduled), None),
            "live": live,
            "figures": live.figures_with_history() if live else [],
            "page_url": reverse("listings:city", args=[city.slug]) if live else "",
        }
