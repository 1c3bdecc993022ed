"""The people who may log in, how the admin searches German names, and mails that did not arrive."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import CheckboxSelectMultiple
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from post_office.models import STATUS, Email

from jobboard.models import User
from jobboard.redaktion import today
from jobboard.text import fold


class FoldedSearch(admin.ModelAdmin):
    """Finds names however their umlauts and capitals are written."""

    def get_search_results(self, request, queryset, search_term):
        words = fold(search_term).split()
        if not words:
            return (queryset.none() if search_term.strip() else queryset), False
        # Compared in Python: for lists of some thousand rows, a folded column of their own is not worth its upkeep.
        rows = queryset.order_by().values_list("pk", *self.search_fields)
        texts = ((pk, fold(" ".join(text or "" for text in row))) for pk, *row in rows)
        return queryset.filter(pk__in=[pk for pk, text in texts if all(word in text for word in words)]), False


@admin.register(User)
class UserAdmin(FoldedSearch):
    list_display = ["email", "name", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    search_help_text = "E-Mail-Adresse oder Name"
    ordering = ["-date_joined"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser", "groups", "date_joined", "last_login"]
    actions = None

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        # A handful of groups; Django's two boxes with arrows speak English half of the time.
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple, **kwargs)

    def get_urls(self):
        lift = self.admin_site.admin_view(self.lift_second_factors)
        return [path("<int:pk>/zweiter-faktor/", lift, name="jobboard_user_lift"), *super().get_urls()]

    def lift_second_factors(self, request, pk):
        """For people who have lost their phone and their emergency codes: the password alone counts again."""
        if not request.user.is_superuser:  # or an editor could open an administrator's account
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk)
        factors = Authenticator.objects.filter(user=person)
        if request.method != "POST":
            context = {**self.admin_site.each_context(request), "opts": self.opts, "original": person}
            context |= {"title": "Zweite Faktoren entfernen", "count": factors.count()}
            return TemplateResponse(request, "admin/jobboard/user/second_factors.html", context)
        with transaction.atomic():
            if factors.delete()[0]:
                get_adapter().send_notification_mail("mfa/email/lifted", person)
                self.log_change(request, person, "Zweite Faktoren entfernt")
        messages.success(
            request, f"{person} meldet sich ab jetzt nur mit dem Passwort an und weiß davon aus einer Mail."
        )
        return redirect("admin:jobboard_user_change", pk)

    def get_readonly_fields(self, request, obj=None):
        fixed = ["date_joined", "last_login"]
        if obj:
            fixed.append("email")  # people change it themselves, under /konto/, where the new one is confirmed
        if not request.user.is_superuser:
            fixed += ["is_staff", "is_superuser", "groups"]  # or an editor could raise their own rank
        return fixed

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_within_reach(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_within_reach(request, obj)

    @staticmethod
    def _is_within_reach(request, obj) -> bool:
        return obj is None or request.user.is_superuser or not obj.is_superuser

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if change:
            obj.save()
            return
        # They choose a password of their own through "Passwort vergessen".
        obj.set_unusable_password()
        obj.email = obj.email.lower()
        obj.save()
        EmailAddress.objects.create(user=obj, email=obj.email, verified=True, primary=True)


@today(order=90)
def failed_mails(request):
    """Mails that nobody tries to send any more: to whom and about what, never what they say."""
    if not request.user.has_perm("post_office.view_email"):
        return None
    failed = Email.objects.filter(status=STATUS.failed).order_by("-last_updated")
    return {
        "template": "admin/today/mails.html",
        "failed": failed.only("to", "subject", "last_updated")[:20],
        "count": failed.count(),
        "retried": Email.objects.filter(status=STATUS.requeued).count(),
    }
