"""Pages of the site itself: the law, machines, and what is shown when something goes wrong."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobboard import kept


@require_safe
def law_page(request, template):
    return render(request, template, {"terms_version": settings.TERMS_VERSION})


@require_safe
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def health(request):
    """For load balancers: 200 while the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return HttpResponse("Die Datenbank antwortet nicht.\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("gesund\n", content_type="text/plain; charset=utf-8")


def bad_request(request, exception=None):
    """Plain on purpose: Django's own renders a template, which reads the broken form again and fails with 500."""
    return HttpResponse(
        "Diese Anfrage konnten wir nicht lesen. Bitte gehen Sie zurück und versuchen Sie es noch einmal.\n",
        status=400,
        content_type="text/plain; charset=utf-8",
    )


def csrf_failure(request, reason=""):
    return kept.after_csrf_failure(request) or render(request, "403_csrf.html", status=403)
