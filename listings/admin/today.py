"""The start page about vacancies: what waits for a verdict, what got one, and where counted pay has left a city's bands."""

from django.db.models import Count, Exists, OuterRef, Q, Window

from jobboard.redaktion import today
from listings.admin.vacancies import MAY_REVIEW
from listings.counted import drifted
from listings.missed import most_missed
from listings.models import Membership, Status, Vacancy, VacancyEvent

OLDEST_SHOWN, VERDICTS_SHOWN = 3, 5


@today(order=10)
def review_queue(request):
    """How many ads wait for a verdict, and how long the first has been waiting."""
    if not request.user.has_perm(MAY_REVIEW):
        return None
    own = Membership.objects.filter(employer=OuterRef("employer"), user=request.user)
    counted = {
        "waiting_count": Window(Count("pk")),
        "revision_count": Window(Count("pk", filter=~Q(status=Status.IN_REVIEW))),
        "own_count": Window(Count("pk", filter=Q(is_own=True))),
    }
    waiting = Vacancy.objects.waiting_for_review().annotate(is_own=Exists(own)).annotate(**counted)
    oldest = list(waiting.select_related("employer").defer("tasks", "profile", "offer")[:OLDEST_SHOWN])
    if not oldest:
        return {"calm": "Keine Anzeige wartet auf Prüfung."}
    return {"template": "admin/today/review.html", "oldest": oldest, "counts": oldest[0]}


@today(order=60)
def drifted_cities(request):
    """Cities whose ads by now pay something else than their page says."""
    if not request.user.has_perm("profiles.change_edition"):
        return None
    if drifts := drifted():
        return {
            "template": "admin/today/drift.html",
            "drifts": drifts,
            "cities": len({each.city.pk for each in drifts}),
        }
    return {"calm": "Was Anzeigen zahlen, passt zu den Spannen der Städte."}


@today(order=70)
def words_missed(request):
    """What people looked for in vain."""
    if not request.user.has_perm("listings.view_concept"):
        return None
    if words := most_missed():
        may_add = request.user.has_perm("listings.add_concept")
        return {"template": "admin/today/missed.html", "words": words, "may_add": may_add}
    return {"calm": "Kein Wort wurde zuletzt mehrmals vergeblich gesucht."}


@today(order=90)
def last_verdicts(request):
    """Who decided what about which ad; why stands there."""
    if not request.user.has_perm(MAY_REVIEW):
        return None
    verdicts = VacancyEvent.objects.filter(role=VacancyEvent.Role.EDITOR).select_related("vacancy", "by")
    verdicts = list(
        verdicts.order_by("-pk").only("step", "at", "vacancy__title", "by__name", "by__email")[:VERDICTS_SHOWN]
    )
    verdicts.sort(key=lambda event: event.at, reverse=True)  # taken by number, which needs no index of its own
    return {"template": "admin/today/verdicts.html", "verdicts": verdicts} if verdicts else None
