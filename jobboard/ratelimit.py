"""How often an address or a person may do something; counted in the shared cache, gone with the window."""

import ipaddress
import time
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def source(request: HttpRequest) -> str:
    """The person, or the address of somebody unknown; of IPv6 the network, as each house has billions of addresses."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return f"ip:{address}"


def within(name: str, amount: int, seconds: int) -> bool:
    """Counts one more of `name`; False once there were more than `amount` in this window of time."""
    key = f"limit:{name}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= amount
    except ValueError:  # the window closed in between
        return True


def limited(amount: int, *, minutes: int = 60, methods: tuple[str, ...] = ("POST",)) -> Callable:
    """Decorates a view: more than `amount` requests of these methods from one source are answered 429."""

    def decorate(view: Callable) -> Callable:
        name = f"{view.__module__}.{view.__qualname__}"

        @wraps(view)
        def limited_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method in methods and not within(f"{name}:{source(request)}", amount, minutes * 60):
                return too_many(request, seconds=minutes * 60)
            return view(request, *args, **kwargs)

        return limited_view

    return decorate


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds - int(time.time()) % seconds)
    return response
