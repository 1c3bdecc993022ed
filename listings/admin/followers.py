"""What follows for firms and vacancies when editors change people and cities, which know nothing of them."""

from django.contrib import admin, messages
from django.db.models import OuterRef, Q
from django.shortcuts import redirect

from jobboard.admin import UserAdmin
from jobboard.models import User
from listings import search
from listings.admin.preview import EditionPreview
from listings.departure import delete_account, left_alone
from listings.filters import count_text
from listings.models import LastOwner, Vacancy
from listings.reach import reach
from profiles.admin.cities import CityAdmin
from profiles.admin.places import FactAdmin, PlaceAdmin
from profiles.models import City, Edition, Fact, Place

admin.site.unregister([City, Edition, Fact, Place, User])


@admin.register(User)
class UserWithFirmsAdmin(UserAdmin):
    def get_deleted_objects(self, objs, request):
        *found, protected = super().get_deleted_objects(objs, request)
        return *found, [*protected, *map(self._alone, left_alone(objs))]

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except LastOwner:  # since the page was made
            self.message_user(request, "Im Team einer Firma hat sich eben etwas geändert.", messages.WARNING)
            return redirect("admin:jobboard_user_delete", object_id)

    def delete_model(self, request, obj):
        delete_account(user=obj, heirs={})

    def delete_queryset(self, request, queryset):
        for person in queryset:
            self.delete_model(request, person)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and not obj.is_active and "is_active" in form.changed_data:
            for employer in left_alone([obj]):
                self.message_user(request, self._alone(employer), messages.WARNING)

    @staticmethod
    def _alone(employer) -> str:
        return f"{employer}: Niemand sonst verwaltet die Firma. Bitte geben Sie dort zuerst einer anderen Person die Rolle."


@admin.register(City)
class CityWithVacanciesAdmin(CityAdmin):
    def reach(self, place):
        return reach(place)

    def after_change(self, city):
        Vacancy.objects.connect_cities()


@admin.register(Edition)
class EditionWithVacanciesAdmin(EditionPreview):
    def after_change(self, edition):
        Vacancy.objects.connect_cities()


@admin.register(Fact)
class FactWithVacanciesAdmin(FactAdmin):
    list_display = [*FactAdmin.list_display, "ad_count"]

    def get_queryset(self, request):
        ads = Vacancy.objects.open().filter(mentions=OuterRef("pk"))
        return super().get_queryset(request).annotate(ad_count=ads.counted_capped())

    @admin.display(description="Offene Stellen", ordering="ad_count")
    def ad_count(self, fact):
        return count_text(fact.ad_count)

    def after_change(self, fact):
        search.follow_at_once(fact)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not obj.is_followed:
            self.message_user(
                request,
                f"Die {search.AT_ONCE} neuesten offenen Stellen sind neu gelesen, die übrigen folgen in der Nacht.",
                messages.INFO,
            )


@admin.register(Place)
class PlaceWithVacanciesAdmin(PlaceAdmin):
    def after_change(self, place):
        search.follow(Vacancy.objects.filter(Q(place=place) | Q(city__place=place)))
