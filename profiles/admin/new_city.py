"""How a place gets a page: found by its name, told apart from its namesakes, and straight on to the text."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator
from django.db import IntegrityError, transaction
from django.db.models import Case, F, When
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from jobboard.forms import posted_number
from jobboard.text import fold, german_slug
from profiles.models import City, Place

PLACES_SHOWN = 20
MAX_RADIUS = 100


def free_slug(place: Place) -> str:
    """guetersloh; of namesakes the second is hamm-rheinland-pfalz."""
    for name in (place.name, f"{place.name} {place.get_land_display()}", f"{place.name} {place.pk}"):
        slug = german_slug(name, empty="stadt")
        if not City.objects.filter(slug=slug).exists():
            break
    return slug


class NewCityForm(forms.ModelForm):
    class Meta:
        model = City
        fields = ["place", "slug", "radius_km"]
        widgets = {"place": forms.HiddenInput, "slug": forms.TextInput(attrs={"size": 40, "autocapitalize": "none"})}
        error_messages = {
            "place": {"required": "Bitte suchen Sie zuerst den Ort.", "invalid_choice": "Diesen Ort gibt es nicht."},
            "slug": {"unique": "Unter dieser Adresse steht schon eine andere Stadt."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        slug, radius = self.fields["slug"], self.fields["radius_km"]
        slug.required = False
        slug.help_text = (
            "Bleibt nach der Veröffentlichung, wie sie ist. Leer gelassen, wird sie aus dem Namen gebildet."
        )
        radius.validators.append(MaxValueValidator(MAX_RADIUS, f"Höchstens {MAX_RADIUS} km."))
        radius.widget.attrs |= {"max": MAX_RADIUS}

    def clean_place(self):
        place = self.cleaned_data["place"]
        if City.objects.filter(place=place).exists():
            raise ValidationError(f"{place} hat schon eine Seite.")
        return place

    def clean(self):
        cleaned = super().clean()
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("place"):
            cleaned["slug"] = free_slug(cleaned["place"])
        return cleaned


def places_named(term: str):
    """Those whose name holds every word of `term`: exactly that name first, then the largest."""
    name = fold(term)
    found = Place.objects.select_related("city")
    for word in name.split():
        found = found.filter(folded__contains=word)
    is_it = Case(When(folded=name, then=0), default=1)
    return found.order_by(is_it, F("population").desc(nulls_last=True), "pk") if name else found.none()


class MakesCities(admin.ModelAdmin):
    """Its page for adding works without JavaScript: a search, a choice, and what would come of it."""

    def reach(self, place: Place) -> list:
        """For the layer above: rows of which ads the page would get, by radius."""
        return []

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = NewCityForm(request.POST)
            if form.is_valid() and (city := self._make(request, form)):
                return self._to_the_text(request, city)
            place = Place.objects.filter(pk=posted_number(request.POST, "place")).select_related("city").first()
            return self._ask(request, form, place)
        place = Place.objects.filter(pk=posted_number(request.GET, "place")).select_related("city").first()
        if place is None or hasattr(place, "city"):
            return self._ask(request, None, place)
        return self._ask(request, NewCityForm(initial={"place": place.pk, "slug": free_slug(place)}), place)

    def _make(self, request, form) -> City | None:
        try:
            with transaction.atomic():
                city = form.save()
                self.log_addition(request, city, "Angelegt.")
        except IntegrityError:  # somebody else, since the form was checked
            form.add_error(None, "Jemand war eben schneller und hat diese Stadt oder diese Adresse angelegt.")
            return None
        return city

    def _to_the_text(self, request, city):
        made = f"{city.place} ist angelegt, aber noch nicht zu lesen."
        if not request.user.has_perm("profiles.change_edition"):
            self.message_user(request, made, messages.SUCCESS)
            return redirect("admin:profiles_city_changelist")
        edition = city.working_edition(request.user)
        self.log_addition(request, edition, "Arbeitsfassung begonnen.")
        self.message_user(
            request,
            f"{made} Schreiben Sie jetzt Vorspann und Abschnitte; danach kommen die Zahlen und Merkmale, die der Text belegt.",
            messages.SUCCESS,
        )
        return redirect("admin:profiles_edition_change", edition.pk)

    def _ask(self, request, form, place):
        taken = place is not None and hasattr(place, "city")
        term = request.GET.get("ort", "").strip()[:100]
        found = list(places_named(term)[: PLACES_SHOWN + 1])
        if taken:
            edit = reverse("admin:profiles_city_change", args=[place.city.pk])
            self.message_user(
                request, format_html('{} hat schon eine Seite: <a href="{}">öffnen</a>.', place, edit), messages.WARNING
            )
        reach = self.reach(place) if place and not taken else []
        context = {
            **self.admin_site.each_context(request),
            "title": "Neue Stadt",
            "opts": self.opts,
            "form": form,
            "place": None if taken else place,
            "reach": reach,
            "has_ads": any(row.count for row in reach),
            "term": term,
            "places": found[:PLACES_SHOWN],
            "is_cut": len(found) > PLACES_SHOWN,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/profiles/city/new.html", context)
