"""Cities: from a place to a page."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.timezone import localdate

from jobboard.admin import FoldedSearch
from jobboard.text import german_slug
from profiles.admin.places import Followed
from profiles.models import City, Edition, Refused


class CityForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("place"):
            cleaned["slug"] = german_slug(cleaned["place"].name, empty="stadt")
        return cleaned


@admin.register(City)
class CityAdmin(Followed, FoldedSearch):
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
        return (
            super()
            .get_queryset(request)
            .annotate(
                live_number=Subquery(newest.values("number")[:1]),
                live_since=Subquery(newest.values("published_at")[:1]),
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

    def get_urls(self):
        own = path(
            "<int:pk>/arbeitsfassung/", self.admin_site.admin_view(self.work_on), name="profiles_city_working_edition"
        )
        return [own, *super().get_urls()]

    def work_on(self, request, pk):
        """To the city's working copy, which is made where there is none."""
        city = self.get_object(request, str(pk))
        if city is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not request.user.has_perm("profiles.change_edition"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            edition = city.working_edition(request.user)
        except Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:profiles_city_change", pk)
        return redirect("admin:profiles_edition_change", edition.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        city = self.get_object(request, object_id)
        context = {
            "editions": city.editions.select_related("created_by").order_by("-number") if city else [],
            "page_url": reverse("listings:city", args=[city.slug]) if city and city.live_number else "",
            "may_write": request.user.has_perm("profiles.change_edition"),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})
