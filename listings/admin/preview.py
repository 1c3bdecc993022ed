"""Any edition as the whole page that readers would see, for editors: vacancies around it belong to this app."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from listings.city_views import city_context
from profiles.admin.editions import EditionAdmin


class EditionPreview(EditionAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/vorschau/", view, name="profiles_edition_preview"), *super().get_urls()]

    @method_decorator(require_safe)
    def preview(self, request, pk):
        edition = self.get_object(request, str(pk))
        if edition is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        context = {**city_context(edition), "may_write": request.user.has_perm("profiles.change_edition")}
        response = render(request, "listings/city_preview.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response
