"""The start page about vacancies: what waits for a verdict, and where counted pay has left a city's bands."""

from django.db.models import Count, Q

from jobboard.redaktion import today
from listings.admin.vacancies import MAY_REVIEW
from listings.counted import drifted
from listings.models import Status, Vacancy
from profiles.models import City

OLDEST_SHOWN = 3


@today(order=10)
def review_queue(request):
    """How many ads wait for a verdict, and how long the first has been waiting."""
    if not request.user.has_perm(MAY_REVIEW):
        return None
    waiting = Vacancy.objects.waiting_for_review()
    counts = waiting.order_by().aggregate(
        count=Count("pk", distinct=True),
        revision_count=Count("pk", filter=~Q(status=Status.IN_REVIEW), distinct=True),
        own_count=Count("pk", filter=Q(employer__memberships__user=request.user), distinct=True),
    )
    if not counts["count"]:
        return {"calm": "Keine Anzeige wartet auf Prüfung."}
    oldest = waiting.select_related("employer").defer("tasks", "profile", "offer")[:OLDEST_SHOWN]
    return {"template": "admin/today/review.html", "oldest": oldest, **counts}


@today(order=60)
def drifted_cities(request):
    """Cities whose ads by now pay something else than their page says."""
    if not request.user.has_perm("profiles.change_edition"):
        return None
    cities = City.objects.live().select_related("place", "stamp")
    if drifts := drifted(cities):
        return {
            "template": "admin/today/drift.html",
            "drifts": drifts,
            "cities": len({each.city.pk for each in drifts}),
        }
    return {"calm": "Was Anzeigen zahlen, passt zu den Spannen der Städte."}
