"""The addresses where a reader's browser says what was read, used to apply, or looked for in vain."""

import re

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jobboard.ratelimit import source, within
from listings.missed import missed_words
from listings.models import DailyCount, MissedWord, Vacancy

LONGEST_TEXT = 200  # as the list takes it
AT_MOST = 60  # a minute from one address, which stands in the cache for that minute only
# Machines that run JavaScript name themselves like this; an honest list, not a wall.
MACHINES = re.compile(
    r"(?<!cu)bot(\b|[_-])|crawl|spider|slurp|headless|lighthouse|prerender|preview|phantom|selenium|puppeteer|playwright"
    r"|facebookexternalhit|embedly|monitor|pingdom|curl|wget|python|java/|okhttp|go-http|libwww|httpx|axios|node",
    re.IGNORECASE,
)


@csrf_exempt  # the page that asks sets no cookie, hence has no token
@never_cache
@require_POST
def seen(request, pk, slug=""):
    return _count(request, pk, views=1)


@csrf_exempt
@never_cache
@require_POST
def clicked(request, pk, slug=""):
    return _count(request, pk, clicks=1)


@csrf_exempt
@never_cache
@require_POST
def missed(request):
    """Count what a reader looked for in vain; which words those are is found out anew and not taken from the message."""
    if _is_reader(request):
        for word in missed_words(request.GET.get("was", "")[:LONGEST_TEXT]):
            MissedWord.objects.add(word, localdate())
    return HttpResponse(status=204)


def _count(request, pk, **what) -> HttpResponse:
    """Count a reader, and nothing of them. The answer is always the same: it tells nobody which ads exist."""
    if _is_reader(request):
        ads = Vacancy.objects.open().filter(pk=pk)
        if request.user.is_authenticated:
            ads = ads.exclude(employer__memberships__user=request.user)
        DailyCount.objects.add(ads, localdate(), **what)
    return HttpResponse(status=204)


def _is_reader(request) -> bool:
    """A person's browser that stands on our own page, asks no faster than people read, and is not our staff's."""
    agent = request.headers.get("User-Agent", "")
    if not agent or MACHINES.search(agent):
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return False
    return not request.user.is_staff and within(f"count:{source(request)}", AT_MOST, 60)
