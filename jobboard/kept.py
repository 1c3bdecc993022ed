"""What somebody typed is not lost where a login comes in between: it waits in the session."""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from jobboard import ratelimit
from jobboard.htmx import HtmxHttpRequest

KEY = "kept"
MAX_LENGTH = 400_000  # of what was posted, as the browser encodes it: a long city page, with what it was before
MAX_AGE = 2 * 3600  # seconds
KEPT_PER_HOUR = 20  # of one address without a login, as each fills a session


def keeps_typing(view: Callable) -> Callable:
    """Like login_required, but what somebody logged out has posted is there again after the login.

    The view reads it with `typing()` and shows it, unsaved; it calls `forget()` once it is stored.
    """

    @wraps(view)
    def kept_view(request: HtmxHttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.htmx:
            return logged_out(request)
        if request.method == "POST":
            if not ratelimit.within(f"kept:{ratelimit.source(request)}", KEPT_PER_HOUR, 3600):
                return ratelimit.too_many(request, 3600)
            keep(request)
        return redirect_to_login(request.get_full_path())

    kept_view.keeps_typing = True  # type: ignore[attr-defined]
    return kept_view


def keep(request: HtmxHttpRequest) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    if len(text := typed.urlencode()) <= MAX_LENGTH:
        request.session[KEY] = {"path": request.path, "text": text, "at": int(time.time())}
        if not request.user.is_authenticated:
            request.session.set_expiry(MAX_AGE)  # the login sets its own


def typing(request: HtmxHttpRequest) -> QueryDict | None:
    """What was posted to this very address before a login came in between."""
    kept = request.session.get(KEY, {})
    if kept.get("path") != request.path or kept["at"] < time.time() - MAX_AGE:
        return None
    return QueryDict(kept["text"])


def forget(request: HtmxHttpRequest) -> None:
    if KEY in request.session:
        del request.session[KEY]


def logged_out(request: HtmxHttpRequest) -> HttpResponse:
    """htmx swaps only good answers; the form shows this one where it says whether it is saved."""
    response = render(request, "components/_logged_out.html")
    response["HX-Retarget"], response["HX-Reswap"] = "[data-saved]", "innerHTML"
    return response


def after_csrf_failure(request: HtmxHttpRequest) -> HttpResponse | None:
    """A login in another tab has changed the token of this form: nothing is done, and nothing is lost either."""
    view = getattr(request.resolver_match, "func", None)
    if not getattr(view, "keeps_typing", False) or _is_foreign(request):
        return None
    if not request.user.is_authenticated:  # all cookies are gone
        return logged_out(request) if request.htmx else None
    if request.htmx:
        response = render(request, "components/_token.html")
        response["HX-Retarget"], response["HX-Reswap"] = "[data-token]", "innerHTML"
        response["HX-Trigger-After-Swap"] = "renewed"  # the form sends itself again, once
        return response
    keep(request)
    return redirect(request.path)


def _is_foreign(request: HtmxHttpRequest) -> bool:
    """A page of somebody else must not fill in our forms."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
