"""The people who may log in, what our lists have in common (history, German names, wordings), and mails that did not arrive."""

from functools import reduce
from operator import or_

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Window
from django.forms import CheckboxSelectMultiple, ChoiceField, Form, ModelChoiceField, ModelForm
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.choices import flatten_choices
from django.utils.formats import localize
from post_office.models import STATUS, Email

from jobboard.models import User
from jobboard.redaktion import today
from jobboard.roles import ROLES
from jobboard.text import fold

CHANGES_SHOWN, MAILS_SHOWN = 8, 10
HAS_WORKED_HERE = (
    "{}: steht im Verlauf der Redaktion, der mitgelöscht würde. Nehmen Sie stattdessen den Haken bei „aktiv“ weg."
)


def _in_words(value, field):
    """A value of a form's field, short enough for a line of history; empty where it is too long to quote."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, (list, tuple, QuerySet)):
        value = ", ".join(map(str, value))
    elif isinstance(field, ModelChoiceField):
        if isinstance(value, int):
            return ""  # what was chosen before is known by its number alone
    elif isinstance(field, ChoiceField):
        value = dict(flatten_choices(field.choices)).get(value, value)
    elif value is not None:
        value = localize(value)
    text = str(value if value is not None else "") or "leer"
    return text if len(text) <= 80 and "\n" not in text else ""


class Remembering(admin.ModelAdmin):
    """Its history says what became what, not only which fields were touched."""

    def construct_change_message(self, request, form, formsets, add=False):
        said = ["Angelegt." if add else "", *(self._changed(form, name) for name in form.changed_data if not add)]
        for formset in formsets or []:
            what = formset.model._meta.verbose_name
            said += [f"{what} „{row}“ kam dazu." for row in formset.new_objects]
            for row, fields in formset.changed_objects:
                labels = ", ".join(str(formset.form.base_fields[name].label or name) for name in fields)
                said.append(f"{what} „{row}“ geändert: {labels}.")
            said += [f"{what} „{row}“ gelöscht." for row in formset.deleted_objects]
        return " ".join(filter(None, said)) or "Gespeichert, ohne etwas zu ändern."

    @staticmethod
    def _changed(form, name) -> str:
        field = form.fields[name]
        label = field.label or name
        old, new = _in_words(form[name].initial, field), _in_words(form.cleaned_data.get(name), field)
        return f"{label}: {old} → {new}." if old and new else f"{label} geändert."


class FoldedSearch(Remembering):
    """Finds names however their umlauts and capitals are written."""

    def get_search_results(self, request, queryset, search_term):
        words = fold(search_term).split()
        if not words:
            return (queryset.none() if search_term.strip() else queryset), False
        # Compared in Python: for lists of some thousand rows, a folded column of their own is not worth its upkeep.
        rows = queryset.order_by().values_list("pk", *self.search_fields)
        texts = ((pk, fold(" ".join(text or "" for text in row))) for pk, *row in rows)
        return queryset.filter(pk__in=[pk for pk, text in texts if all(word in text for word in words)]), False


class WithWordings(FoldedSearch):
    """Lists of wordings: how to write them stands beside the form, and a box tries them out."""

    change_form_template = "admin/wordings/change_form.html"
    change_list_template = "admin/wordings/change_list.html"
    trial_title = "Wendungen ausprobieren"
    trial_form: type[Form]

    def find(self, **typed) -> list:
        """What the wordings as they are now find in what was typed; nothing is stored."""
        raise NotImplementedError

    def get_urls(self):
        view, name = self.admin_site.admin_view(self.trial), f"{self.opts.app_label}_{self.opts.model_name}_trial"
        return [path("probe/", view, name=name), *super().get_urls()]

    def trial(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = self.trial_form(request.POST if request.method == "POST" else None)
        is_tried = form.is_valid()
        context = {
            **self.admin_site.each_context(request),
            "title": self.trial_title,
            "opts": self.opts,
            "form": form,
            "is_tried": is_tried,
            "found": self.find(**form.cleaned_data) if is_tried else [],
        }
        template = f"admin/{self.opts.app_label}/{self.opts.model_name}/trial.html"
        return TemplateResponse(request, template, context)


class PersonForm(ModelForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("groups") and cleaned.get("is_staff") is False:
            self.add_error(
                "is_staff",
                "Eine Rolle gilt nur mit diesem Haken. Setzen Sie ihn, oder nehmen Sie die Rolle wieder weg.",
            )
        return cleaned


@admin.register(User)
class UserAdmin(FoldedSearch):
    form = PersonForm
    list_display = ["email", "name", "is_staff", "roles", "is_active", "date_joined"]
    list_filter = ["is_staff", "groups", "is_active"]
    search_fields = ["email", "name"]
    search_help_text = "E-Mail-Adresse oder Name"
    ordering = ["-date_joined"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser", "groups", "date_joined", "last_login"]
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Rollen")
    def roles(self, person):
        return ", ".join(group.name for group in person.groups.all())

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups" and field:
            field.widget.can_add_related = False  # a role is chosen here and made elsewhere
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        # A handful of groups; Django's two boxes with arrows speak English half of the time.
        field = super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple, **kwargs)
        if db_field.name == "groups":
            field.label = "Rollen"
            field.help_text = (
                "Redaktion schreibt die Stadtseiten. Moderation prüft Anzeigen und Firmen. Administration hält Zugänge "
                "und Rollen in Ordnung und sieht, welche Mails nicht ankommen."
            )
            if not request.user.is_superuser:
                field.queryset = field.queryset.filter(name__in=ROLES)
        return field

    def get_urls(self):
        lift = self.admin_site.admin_view(self.lift_second_factors)
        return [path("<int:pk>/zweiter-faktor/", lift, name="jobboard_user_lift"), *super().get_urls()]

    def lift_second_factors(self, request, pk):
        """For people who have lost their phone and their emergency codes: the password alone counts again."""
        person = get_object_or_404(User, pk=pk)
        if not self.may_appoint(request, person):  # or an editor could open an administrator's account
            raise PermissionDenied
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

    # Ranks: nobody makes themselves more than they are, or touches people who may do more than the roles allow.

    def may_appoint(self, request, obj=None) -> bool:
        """Give and take the access to the admin and the roles."""
        if request.user.is_superuser:
            return True
        may = self.has_change_permission(request, obj) and request.user.has_perm("jobboard.appoint_user")
        return may and obj != request.user

    @staticmethod
    def _is_within_reach(request, obj) -> bool:
        return obj in (None, request.user) or request.user.is_superuser or not obj.is_beyond_roles

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_within_reach(request, obj)

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj) and self._is_within_reach(request, obj)
        return may and obj != request.user  # that is what /konto/loeschen/ is for

    def get_deleted_objects(self, objs, request):
        # Whoever may delete a person may delete what is nobody's without them; only the history is not theirs alone.
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)
        authors = User.objects.filter(pk__in=LogEntry.objects.filter(user__in=objs).values("user"))
        return deleted, counts, set(), [*protected, *(HAS_WORKED_HERE.format(person) for person in authors)]

    def get_fields(self, request, obj=None):
        hidden = set() if request.user.is_superuser else {"is_superuser"}
        return [
            field for field in self.fields if field not in hidden | (set() if obj else {"date_joined", "last_login"})
        ]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["date_joined", "last_login"]
        if obj:
            fixed.append("email")  # people change it themselves, under /konto/, where the new one is confirmed
        if not self.may_appoint(request, obj):
            fixed += ["is_staff", "groups"]
        if obj == request.user:
            fixed.append("is_active")
        return fixed

    def change_view(self, request, object_id, form_url="", extra_context=None):
        person = self.get_object(request, object_id)
        context = {"may_lift": person is not None and self.may_appoint(request, person)}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

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
        self.message_user(
            request, f"{obj} bekommt ein erstes Passwort auf der Anmeldeseite, über „Passwort vergessen“."
        )


@today(order=40)
def failed_mails(request):
    """Mails that nobody tries to send any more: to whom and about what, never what they say."""
    if not request.user.has_perm("post_office.view_email"):
        return None
    counts = {
        "count": Window(Count("pk", filter=Q(status=STATUS.failed))),
        "retried": Window(Count("pk", filter=Q(status=STATUS.requeued))),
    }
    mails = Email.objects.filter(status__in=[STATUS.failed, STATUS.requeued]).annotate(**counts)
    mails = list(
        mails.order_by("status", "-last_updated").only("to", "subject", "status", "last_updated")[:MAILS_SHOWN]
    )
    failed = [mail for mail in mails if mail.status == STATUS.failed]
    if failed:
        context = {"failed": failed, "count": failed[0].count, "retried": failed[0].retried}
        return {"template": "admin/today/mails.html", **context}
    retried = f", {mails[0].retried} noch unterwegs" if mails else ""
    return {"calm": f"Keine Mail ist liegen geblieben{retried}."}


@today(order=100)
def last_changes(request):
    """Who changed what, of the lists that one may see."""
    registry = admin.site._registry.items()
    own = [
        model._meta
        for model, page in registry
        if page.has_module_permission(request) and page.has_view_permission(request)
    ]
    kinds = [Q(content_type__app_label=each.app_label, content_type__model=each.model_name) for each in own]
    if not kinds:
        return None
    entries = LogEntry.objects.filter(reduce(or_, kinds)).select_related("user", "content_type").order_by("-pk")
    entries = list(entries[:CHANGES_SHOWN])
    return {"template": "admin/today/changes.html", "entries": entries} if entries else None
