"""Vacancies to look at, and their review."""

import tomllib

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localtime

from jobboard.templatetags.board import amount, whole_euro
from listings import differences, linter, search
from listings.models import Membership, Origin, Revision, Status, Vacancy, VacancyEvent, WrongStatus
from listings.models.revisions import difference
from listings.views import vacancy_context
from profiles.admin.cities import CityFilter

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
    list_filter = ["status", "employer_kind", "level", "workplace", "working_time", ("city", CityFilter)]
    list_select_related = ["employer", "place"]
    list_per_page = 50
    search_fields = ["search_text__facts"]
    search_help_text = "Titel, Firma, Kennziffer oder Nummer der Anzeige"
    readonly_fields = ["pay_full_time", "read"]
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
        ("Herkunft", {"fields": [("source", "external_id", "read")]}),
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

    @admin.display(description="Zuletzt eingelesen", empty_value="-")
    def read(self, vacancy):
        origin = Origin.objects.filter(vacancy=vacancy).first()
        return origin and f"{localtime(origin.read_at):%d.%m.%Y, %H:%M}"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("employer", "place", "city__place")

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        asked = search.understand(term, exact=True, with_place=False)
        found = search.holds(facts=[asked.terms]) | Q(reference_number__iexact=term)
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

    def history_view(self, request, object_id, extra_context=None):
        """What happened to an ad stands on its page: its events are the history, with reasons."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(f"{reverse('admin:listings_vacancy_change', args=[object_id])}#events-group")

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
            **vacancy_context(shown, is_preview=True),
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
