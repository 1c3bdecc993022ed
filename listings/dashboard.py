"""The start page of employers: all their ads, what needs doing first, and what the ads brought."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Case, DateField, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from listings import linter, numbers
from listings.advice import in_order_of_form, missing
from listings.employer_views import counted, with_last_step
from listings.models import Revision, Status, Vacancy, VacancyEvent
from listings.models.life import GRACE_DAYS, RUNNING
from listings.views import read_page

PAGE_SIZE = 50
MAX_PAGE = 200
ENDING_DAYS = 7
# What an ad waits for, by urgency; up to "draft" it is the employer's turn.
TODO = ["sent_back", "returned", "asked", "stopped", "over", "ending", "draft"]
ORDER = [*TODO, "in_review", "published", "paused", "past"]
GROUPS = {"todo": TODO} | {name: [name] for name in ORDER[len(TODO) :]}


def in_order(ads, today):
    """Those that need their employer first; `waits_for` is a number in ORDER."""
    runs = Q(status=Status.PUBLISHED, last_day__gte=today)
    not_long_over = Q(last_day__gte=today - timedelta(days=GRACE_DAYS))
    conditions = {
        "sent_back": Q(status=Status.DRAFT, last_step=VacancyEvent.Step.SEND_BACK),
        "returned": Q(status__in=RUNNING, last_step=VacancyEvent.Step.RETURN) & not_long_over,
        "asked": runs & Q(asked_on__isnull=False),
        "stopped": Q(status=Status.PAUSED, asked_on__isnull=False) & not_long_over,
        "ending": runs & Q(first_day__lte=today, last_day__lte=today + timedelta(days=ENDING_DAYS)),
        "over": Q(status=Status.PUBLISHED, last_day__lt=today) & not_long_over,
        "draft": Q(status=Status.DRAFT),
        "in_review": Q(status=Status.IN_REVIEW),
        "published": runs,
        "paused": Q(status=Status.PAUSED) & not_long_over,
    }
    cases = [When(condition, then=Value(ORDER.index(name))) for name, condition in conditions.items()]
    waits_for = Case(*cases, default=Value(ORDER.index("past")), output_field=IntegerField())
    dated = {"asked": F("asked_on"), "stopped": F("asked_on"), "over": F("last_day"), "ending": F("last_day")}
    soonest = Case(
        *[When(waits_for=ORDER.index(name), then=day) for name, day in dated.items()], output_field=DateField()
    )
    changes_wait = Exists(Revision.objects.filter(vacancy=OuterRef("pk"), state=Revision.State.WAITING))
    return (
        with_last_step(ads)
        .annotate(waits_for=waits_for, changes_wait=changes_wait)
        .annotate(soonest=soonest)
        .order_by("waits_for", "soonest", "-changed_at", "-pk")
    )


@login_required
@never_cache
@require_safe
def vacancies(request):
    today = localdate()
    own = Vacancy.objects.owned_by(request.user)
    memberships = list(request.user.memberships.select_related("employer__place").order_by("employer__slug")[:20])
    page, _ = read_page(request, MAX_PAGE)
    # One row more than a page holds says whether there is a next one.
    start = (page - 1) * PAGE_SIZE
    rows = [counted(ad) for ad in in_order(own.as_cards(), today)[start : start + PAGE_SIZE + 1]]
    ads = rows[:PAGE_SIZE]
    say_what_is_missing([ad for ad in ads if ad.status == Status.DRAFT], today)
    overview = numbers.overview(own, today)
    brought = numbers.recent(ads, overview, today)
    for ad in ads:
        ad.todo = ORDER[ad.waits_for]
        ad.numbers = brought.get(ad.pk)
        ad.days_left = (ad.last_day - today).days if ad.last_day else None
        ad.ends_soon = ad.is_open and ad.days_left <= ENDING_DAYS
    groups = [(name, [ad for ad in ads if ad.todo in members]) for name, members in GROUPS.items()]
    context = {
        "memberships": memberships,
        "groups": [(name, members) for name, members in groups if members],
        "overview": overview,
        "with_numbers": [ad for ad in ads if ad.numbers and ad.todo != "past"],
        "days": numbers.RECENT_DAYS,
        "previous": page - 1,
        "next": page + 1 if len(rows) > PAGE_SIZE and page < MAX_PAGE else None,
    }
    return render(request, "listings/employer_vacancies.html", context)


def say_what_is_missing(drafts, today) -> None:
    """Drafts get `missing`, the fields to fill in, and `broken`, those of rules that keep them from being submitted.

    Their long texts are read for that, and no other ad's.
    """
    whole = Vacancy.objects.select_related("employer", "place").in_bulk([ad.pk for ad in drafts])
    written = [whole.get(ad.pk, ad) for ad in drafts]
    for ad, text, hits in zip(drafts, written, linter.lint_all(written, on=today), strict=True):
        ad.missing = in_order_of_form(missing(text))
        ad.broken = in_order_of_form({hit.field for hit in linter.blocking(hits)} - set(ad.missing))


@login_required
@never_cache
@require_safe
def numbers_csv(request):
    """What all ads brought, a row an ad; with `?je=tag` a row an ad and day."""
    by_day = request.GET.get("je") == "tag"
    ads = Vacancy.objects.owned_by(request.user).as_cards().order_by("-pk")
    rows = numbers.rows_by_day(ads) if by_day else numbers.rows_by_ad(ads)
    response = HttpResponse(numbers.as_csv(rows), content_type="text/csv; charset=utf-8")
    name = f"koordinaten-{'tage' if by_day else 'anzeigen'}-{localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
