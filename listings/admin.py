"""For editors: the review of vacancies, vacancies to look at, and employers with their members."""

import tomllib

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localdate

from jobboard.admin import FoldedSearch, UserAdmin
from jobboard.models import User
from jobboard.redaktion import today
from jobboard.templatetags.board import amount, whole_euro
from jobboard.text import fold
from listings import differences, linter, rules_admin, search  # noqa: F401 (rules_admin registers itself)
from listings.departure import delete_account, left_alone
from listings.models import Employer, LastOwner, Membership, Revision, Status, Vacancy, VacancyEvent, WrongStatus
from listings.models.revisions import difference
from listings.views import vacancy_context
from profiles.admin import CityAdmin, EditionAdmin, FactAdmin, PlaceAdmin
from profiles.models import City, Edition, Fact, Place

DIFFERENCES_SHOWN = 10  # of so many edits the history tells what they changed
QUEUE_LENGTH = 50  # so many are shown; nobody reads further before the first are done
MAY_REVIEW = "listings.change_vacancy"

# Key: short label and the words that the employer reads.
REPLIES = tomllib.loads((settings.BASE_DIR / "fixtures" / "reply_templates.toml").read_text(encoding="utf-8"))
FASTER = "Jemand war schneller, oder die Anzeige wurde inzwischen geändert. Sie sehen jetzt den neuen Stand."
OWN_FIRM = "Sie gehören zu dieser Firma. Über ihre Anzeigen entscheidet jemand anderes aus der Redaktion."


class VerdictForm(forms.Form):
    """The version is that of the text the editor saw; publishing needs nothing else."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)  # of the change, where one waits …
    ad_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)  # … and then of the ad itself
    replies = forms.MultipleChoiceField(
        label="Häufige Gründe",
        choices=[(key, reply["label"]) for key, reply in REPLIES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label="Begründung",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Was genau, wo, nach welcher Regel, und was stattdessen stehen könnte.",
    )

    def whole_reason(self) -> str:
        """What the employer gets to read."""
        ready = [REPLIES[key]["text"] for key in self.cleaned_data["replies"]]
        return "\n\n".join(text for text in [*ready, self.cleaned_data["reason"]] if text)


class OverrideForm(forms.Form):
    rule = forms.CharField(max_length=3)
    found = forms.CharField(required=False, strip=False)
    reason = forms.CharField(max_length=2000)


class VacancyEventInline(admin.TabularInline):
    model = VacancyEvent
    fields = ["at", "step", "by", "role", "reason", "rule"]
    readonly_fields = ["at", "step", "by", "role", "reason", "rule"]
    ordering = ["-at", "-pk"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_view_permission(self, request, obj=None):
        return True  # of a page that needs its own permission

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Vacancy)
class VacancyAdmin(admin.ModelAdmin):
    """Vacancies to look at: they belong to their employers, and only verbs move their status."""

    list_display = ["__str__", "employer", "where", "status", "first", "last", "level", "pay"]
    list_filter = ["status", "employer_kind", "level", "workplace", "working_time", "city"]
    list_select_related = ["employer", "place"]
    list_per_page = 50
    search_fields = ["search_text__facts"]
    search_help_text = "Titel, Firma, Kennziffer oder Nummer der Anzeige"
    readonly_fields = ["pay_full_time"]
    view_on_site = False  # answers 404 and 410 for most; change_view links where there is something to read
    actions = None
    inlines = [VacancyEventInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("title", "status"),
                    ("employer", "employer_kind"),
                    ("first_day", "last_day"),
                    ("submitted_at", "first_published_at"),
                    ("confirmed_on", "asked_on", "renewals"),
                    ("closed_as", "filled_here"),
                    ("created_at", "changed_at", "version"),
                ]
            },
        ),
        ("Wo", {"fields": [("workplace", "remote_days"), ("place", "city"), ("street", "postal_code")]}),
        ("Was", {"fields": ["tasks", "profile", "offer"]}),
        (
            "Wen",
            {
                "fields": [
                    ("level", "months_of_experience"),
                    ("education", "way_in"),
                    "facts",
                    "skills",
                ]
            },
        ),
        (
            "Zeit und Vertrag",
            {
                "fields": [
                    ("working_time", "hours_low", "hours_high", "full_time_hours"),
                    ("contract", "fixed_term_months", "start"),
                ]
            },
        ),
        (
            "Gehalt",
            {
                "fields": [
                    ("pay_low", "pay_high", "pay_unit"),
                    ("salaries_per_year", "tariff"),
                    "pay_full_time",
                ]
            },
        ),
        (
            "Bewerbung",
            {
                "fields": [
                    ("apply_email", "apply_url", "apply_until"),
                    ("contact_name", "reference_number"),
                    ("asks_cover_letter", "asks_photo", "asks_references"),
                ]
            },
        ),
        ("Herkunft", {"fields": [("source", "external_id")]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Ort", ordering="place__folded")
    def where(self, vacancy):
        return vacancy.location

    @admin.display(description="erster Tag", ordering="first_day")
    def first(self, vacancy):
        return vacancy.first_day and f"{vacancy.first_day:%d.%m.%Y}"

    @admin.display(description="letzter Tag", ordering="last_day")
    def last(self, vacancy):
        return vacancy.last_day and f"{vacancy.last_day:%d.%m.%Y}"

    @admin.display(description="Gehalt", ordering="pay_month_low")
    def pay(self, vacancy):
        return _pay(vacancy)

    @admin.display(description="Vollzeit, im Monat")
    def pay_full_time(self, vacancy):
        if vacancy.pay_month_low is None:
            return "-"
        return f"{whole_euro(vacancy.pay_month_low)} bis {whole_euro(vacancy.pay_month_high)}"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("employer", "place", "city__place")

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        found = Q()
        for word in fold(term).split():
            found &= Q(search_text__facts__contains=word)
        found = (found or Q(pk__in=[])) | Q(reference_number__iexact=term)
        number = term.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(pk=int(number))
        return queryset.filter(found), False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        vacancy = self.get_object(request, object_id)
        context = {
            "page_url": vacancy.get_absolute_url() if vacancy and vacancy.is_open else "",
            "may_review": request.user.has_perm(MAY_REVIEW),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    # Review

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("pruefung/", wrap(self.review_queue), name="listings_vacancy_review_queue"),
            path("<int:pk>/pruefung/", wrap(self.review), name="listings_vacancy_review"),
            path("<int:pk>/ausnahme/", wrap(self.override), name="listings_vacancy_override"),
            *super().get_urls(),
        ]

    def review_queue(self, request):
        _check_may_review(request)
        waiting = Vacancy.objects.waiting_for_review()
        vacancies = list(
            _for_review(waiting, request.user).prefetch_related("facts", "employer__memberships__user")[:QUEUE_LENGTH]
        )
        _say_what_changes(vacancies)
        context = {
            **self.admin_site.each_context(request),
            "title": "Anzeigen zur Prüfung",
            "opts": self.opts,
            "vacancies": vacancies,
            "count": waiting.count(),
        }
        return TemplateResponse(request, "admin/listings/vacancy/review_queue.html", context)

    def review(self, request, pk):
        """The ad as readers will see it, with a panel; POST gives the verdict on the version that was seen."""
        _check_may_review(request)
        found = _for_review(Vacancy.objects.filter(pk=pk), request.user)
        vacancy, form, problem, status = found.first(), VerdictForm(), "", 200
        if vacancy and request.method == "POST":
            form = VerdictForm(request.POST)
            done, problem, status = _decide(vacancy, request.user, form, request.POST.get("verdict"))
            if done:
                self.message_user(request, done, messages.SUCCESS)
                # Without a place of its own, the browser would keep #entscheidung, at the foot of the next ad.
                return redirect(f"{_next_in_queue(request.user)}#inhalt")
            vacancy = found.first()  # as it is now, perhaps changed by whoever was faster
        if vacancy is None:
            self.message_user(request, "Diese Anzeige gibt es nicht (mehr).", messages.WARNING)
            return redirect("admin:listings_vacancy_review_queue")
        employer = vacancy.employer
        revision = vacancy.waiting_revision() if vacancy.can("accept") else None
        shown = vacancy.as_revised(revision) if revision else vacancy
        events = list(vacancy.events.select_related("by"))
        differences.for_events(events[::-1], DIFFERENCES_SHOWN)
        context = {
            **vacancy_context(shown),
            "revision": revision,
            "rows": differences.rows(difference(vacancy, revision.changes)) if revision else [],
            "form": form,
            "problem": problem,
            "replies": [(key, reply["text"]) for key, reply in REPLIES.items()],
            "members": employer.memberships.select_related("user", "employer").order_by("role", "pk"),
            "published_count": employer.vacancies.filter(first_published_at__isnull=False).count(),
            "events": events,
            "hits": linter.lint(shown),
            "override_url": "" if vacancy.firm_is_own else reverse("admin:listings_vacancy_override", args=[pk]),
            "stale": status == 409,
            "is_waiting": vacancy.status == Status.IN_REVIEW,
            "can_decide": not vacancy.firm_is_own and any(map(vacancy.can, ["publish", "remove", "restore"])),
            "can_remove": vacancy.can("remove"),
            "can_restore": vacancy.can("restore"),
        }
        return render(request, "listings/vacancy_review.html", context, status=status)

    def override(self, request, pk):
        """Let an error of the linter pass, whatever state the ad is in: it keeps a draft from getting here at all."""
        _check_may_review(request)
        vacancy = get_object_or_404(_for_review(Vacancy.objects.all(), request.user), pk=pk)
        back = redirect("admin:listings_vacancy_review", pk)
        if request.method != "POST":
            return back
        if vacancy.firm_is_own:
            raise PermissionDenied(OWN_FIRM)
        form = OverrideForm(request.POST)
        if not form.is_valid():
            self.message_user(request, "Bitte sagen Sie kurz, warum die Regel hier nicht greift.", messages.ERROR)
            return back
        try:
            vacancy.override(request.user, **form.cleaned_data)
            self.message_user(request, "Die Ausnahme ist zugelassen und steht im Verlauf.", messages.SUCCESS)
        except WrongStatus:
            self.message_user(
                request, "Diesen Treffer gibt es nicht mehr; der Text ist inzwischen ein anderer.", messages.WARNING
            )
        return back


def _check_may_review(request) -> None:
    if not request.user.has_perm(MAY_REVIEW):
        raise PermissionDenied


def _for_review(queryset, user):
    """With what an editor asks first: is the firm new here, is it my own, how often was the ad submitted?"""
    of_firm = Vacancy.objects.filter(employer=OuterRef("employer"), first_published_at__isnull=False)
    own = Membership.objects.filter(employer=OuterRef("employer"), user=user)
    waiting = Revision.objects.filter(vacancy=OuterRef("pk"), state=Revision.State.WAITING)
    return queryset.select_related("employer__place", "place", "city__place").annotate(
        firm_is_new=~Exists(of_firm),
        firm_is_own=Exists(own),
        has_revision=Exists(waiting),
        times_submitted=Count("events", filter=Q(events__step=VacancyEvent.Step.SUBMIT)),
    )


def _say_what_changes(vacancies) -> None:
    """Running ads whose change waits get their `rows`, as what else stands in the queue is the present ad."""
    waiting = Revision.objects.filter(vacancy__in=[each.pk for each in vacancies], state=Revision.State.WAITING)
    changes = dict(waiting.values_list("vacancy", "changes"))
    changed = [each for each in vacancies if each.pk in changes]
    many = differences.rows_of_each([difference(each, changes[each.pk]) for each in changed])
    for vacancy, rows in zip(changed, many, strict=True):
        vacancy.rows = rows


def _decide(vacancy, user, form, verdict) -> tuple[str, str, int]:
    """(what was done, what is in the way, HTTP status); errors of a field go to `form`."""
    if vacancy.firm_is_own:
        return "", OWN_FIRM, 403
    valid = form.is_valid()
    try:
        if "version" not in form.cleaned_data:
            raise WrongStatus(verdict)
        if verdict == "publish":
            vacancy.publish(user, form.cleaned_data["version"])
            return f"„{vacancy}“ ist veröffentlicht.", "", 200
        if verdict == "send_back" and valid:
            vacancy.send_back(user, form.whole_reason(), form.cleaned_data["version"])
            return f"„{vacancy}“ ist zurückgegeben; {vacancy.employer} bekommt Ihre Begründung.", "", 200
        if verdict == "remove" and valid:
            version = form.cleaned_data["ad_version"] or form.cleaned_data["version"]
            vacancy.remove(user, form.whole_reason(), version)
            return f"„{vacancy}“ ist entfernt; {vacancy.employer} bekommt Ihre Begründung.", "", 200
        if verdict == "accept":
            vacancy.accept_revision(user, form.cleaned_data["version"])
            return f"Die Änderung an „{vacancy}“ ist übernommen.", "", 200
        if verdict == "return" and valid:
            vacancy.return_revision(user, form.whole_reason(), form.cleaned_data["version"])
            return (
                f"Die Änderung an „{vacancy}“ ist zurückgegeben; {vacancy.employer} bekommt Ihre Begründung.",
                "",
                200,
            )
        if verdict == "restore":
            vacancy.restore(user, form.cleaned_data["version"])
            return f"„{vacancy}“ ist wiederhergestellt.", "", 200
    except WrongStatus:
        return "", FASTER, 409
    except ValidationError as error:
        if "reason" not in getattr(error, "error_dict", {}):
            return "", " ".join(error.messages), 422
        form.add_error("reason", error.error_dict["reason"])
    return "", "", 422


def _next_in_queue(user) -> str:
    """Address of the next ad that `user` may decide on, else of the queue."""
    following = Vacancy.objects.waiting_for_review().exclude(employer__memberships__user=user).first()
    if following is None:
        return reverse("admin:listings_vacancy_review_queue")
    return reverse("admin:listings_vacancy_review", args=[following.pk])


def _pay(vacancy) -> str:
    if vacancy.pay_low is None:
        return ""
    span = amount(vacancy.pay_low)
    if vacancy.pay_high not in (None, vacancy.pay_low):
        span += f"–{amount(vacancy.pay_high)}"
    return f"{span}\u00a0€ {vacancy.get_pay_unit_display()}"


class TrustForm(forms.Form):
    trusted = forms.BooleanField(required=False)
    reason = forms.CharField(label="Warum?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class MembersFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        if not self.instance.pk:
            return
        self.instance.lock()
        before = set(self.instance.owners().values_list("pk", flat=True))
        after = set(before)
        for form in self.forms:
            if form in self.deleted_forms:
                after.discard(form.instance.pk)
            elif form.has_changed() and form.is_valid():
                row, key = form.cleaned_data, form.instance.pk or id(form)
                owns = row["role"] == Membership.Role.OWNER and row["user"].is_active
                (after.add if owns else after.discard)(key)
        if before and not after:
            raise ValidationError(
                "Jemand muss die Firma verwalten. Bitte geben Sie zuerst einer anderen Person die Rolle."
            )


class MembershipInline(admin.TabularInline):
    model = Membership
    formset = MembersFormSet
    fields = ["user", "role", "question"]
    readonly_fields = ["question"]
    autocomplete_fields = ["user"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "employer")

    @admin.display(description="auffällig")
    def question(self, membership):
        return membership.question if membership.pk else ""

    # Whoever adds a member hands over the firm, its ads and its mail.
    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_add_permission


class TrustFilter(admin.SimpleListFilter):
    title = "Vertrauen"
    parameter_name = "vertraut"

    def lookups(self, request, model_admin):
        return [("ja", "als vertraut markiert"), ("nein", "nicht markiert")]

    def queryset(self, request, queryset):
        if self.value() in ("ja", "nein"):
            return queryset.filter(trusted_at__isnull=self.value() == "nein")
        return queryset


class EmployerForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if "slug" in cleaned and not cleaned["slug"] and cleaned.get("name"):
            cleaned["slug"] = Employer.free_slug(cleaned["name"])
        return cleaned


@admin.register(Employer)
class EmployerAdmin(FoldedSearch):
    form = EmployerForm
    list_display = ["name", "questions", "trusted", "kind", "place", "vacancy_count", "published_count"]
    list_filter = ["kind", TrustFilter, "size"]
    list_select_related = ["place"]
    search_fields = ["name", "slug"]
    search_help_text = "Name der Firma"
    fields = [
        "name",
        "slug",
        "kind",
        "website",
        "place",
        "size",
        "sector",
        "description",
        "logo_preview",
        "terms_version",
        "terms_at",
        "trusted_at",
    ]
    readonly_fields = ["logo_preview", "terms_version", "terms_at", "trusted_at"]

    autocomplete_fields = ["place"]
    inlines = [MembershipInline]
    actions = None

    def get_queryset(self, request):
        published = Q(vacancies__first_published_at__isnull=False)
        counted = {"vacancy_total": Count("vacancies"), "published_total": Count("vacancies", filter=published)}
        return super().get_queryset(request).annotate(**counted).prefetch_related("memberships__user")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "website":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            obj.version += 1  # an owner's form that is open meanwhile is told
        super().save_model(request, obj, form, change)
        search.index_all(obj.vacancies.all())

    # Trust

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/vertrauen/", wrap(self.trust), name="listings_employer_trust"), *super().get_urls()]

    def trust(self, request, pk):
        """GET says what trust means, POST marks the firm or takes the mark away; the history keeps who and why."""
        if not request.user.has_perm("listings.change_employer"):
            raise PermissionDenied
        employer = get_object_or_404(Employer.objects.select_related("trusted_by"), pk=pk)
        is_own = employer.memberships.filter(user=request.user).exists()
        form = TrustForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not is_own and form.is_valid():
            if form.cleaned_data["trusted"]:
                employer.trust(request.user)
                done = f"{employer} ist als vertraut markiert."
            else:
                employer.distrust()
                done = f"{employer} ist nicht mehr als vertraut markiert."
            self.log_change(request, employer, f"{done} {form.cleaned_data['reason']}".strip())
            self.message_user(request, done, messages.SUCCESS)
            return redirect("admin:listings_employer_change", employer.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Vertrauen: {employer}",
            "opts": self.opts,
            "employer": employer,
            "form": form,
            "is_own": is_own,
            "published_count": employer.vacancies.filter(first_published_at__isnull=False).count(),
            "sent_back_count": VacancyEvent.objects.filter(
                vacancy__employer=employer, step__in=["send_back", "remove", "return"]
            ).count(),
        }
        status = 403 if request.method == "POST" and is_own else 200
        return TemplateResponse(request, "admin/listings/employer/trust.html", context, status=status)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.published_total else None

    @admin.display(description="Anzeigen", ordering="vacancy_total")
    def vacancy_count(self, employer):
        return employer.vacancy_total

    @admin.display(description="veröffentlicht", ordering="published_total")
    def published_count(self, employer):
        return employer.published_total

    @admin.display(description="vertraut", ordering="trusted_at")
    def trusted(self, employer):
        return f"seit {localdate(employer.trusted_at):%d.%m.%Y}" if employer.is_trusted else ""

    @admin.display(description="auffällig")
    def questions(self, employer):
        return ", ".join(employer.questions)

    @admin.display(description="Logo")
    def logo_preview(self, employer):
        if not employer.logo_id:
            return "keines"
        return format_html('<img src="{}" alt="Logo von {}" class="logo">', employer.logo_url, employer.name)

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if slug := form.base_fields.get("slug"):
            slug.required = False
            slug.help_text = "Ändert sich nie mehr. Leer gelassen, wird sie aus dem Namen gebildet."
        return form


# What follows for firms and vacancies when editors change something of people and cities, which know nothing of them.

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
    def after_change(self, city):
        Vacancy.objects.connect_cities()


@admin.register(Edition)
class EditionWithVacanciesAdmin(EditionAdmin):
    def after_change(self, edition):
        Vacancy.objects.connect_cities()


@admin.register(Fact)
class FactWithVacanciesAdmin(FactAdmin):
    def after_change(self, fact):
        search.index_all(fact.vacancies.all())


@admin.register(Place)
class PlaceWithVacanciesAdmin(PlaceAdmin):
    def after_change(self, place):
        search.index_all(place.vacancies.all())


@today(order=10)
def review_queue(request):
    """How many ads wait for a verdict, and how long the first has been waiting."""
    if not request.user.has_perm(MAY_REVIEW):
        return None
    waiting = Vacancy.objects.waiting_for_review()
    return {
        "template": "admin/listings/vacancy/today.html",
        "count": waiting.count(),
        "revision_count": waiting.exclude(status=Status.IN_REVIEW).count(),
        "oldest": waiting.select_related("employer").first(),
        "own_count": waiting.filter(employer__memberships__user=request.user).count(),
    }
