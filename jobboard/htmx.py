"""One view for the page and for the piece of it that htmx swaps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class HtmxHttpRequest(HttpRequest):
    """What a request is behind HtmxMiddleware."""

    htmx: HtmxDetails


def render_page(request: HtmxHttpRequest, template: str, context: dict, *, partial: str) -> HttpResponse:
    """The whole page, or only `partial` of it when htmx asks for a swap."""
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        template = f"{template}#{partial}"
    response = render(request, template, context)
    # Else a cache serves a fragment as a page.
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response
