"""Any edition as the whole page that readers would see, for editors: vacancies around it belong to this app."""

from django.shortcuts import render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from listings.city_views import city_context
from profiles.admin.editions import EditionAdmin
from profiles.admin.publishing import may_read


class EditionPreview(EditionAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/vorschau/", view, name="profiles_edition_preview"), *super().get_urls()]

    @method_decorator(require_safe)
    @may_read
    def preview(self, request, edition):
        context = {**city_context(edition), "may_write": request.user.has_perm("profiles.change_edition")}
        response = render(request, "listings/city_preview.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response
