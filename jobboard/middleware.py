"""What stands before every view."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

from jobboard.views import bad_request


def utf8_only(get_response):
    """Refuses bodies in another encoding: Python knows some (hex, idna, rot13) that crash whoever decodes a form."""

    def middleware(request):
        if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
            return bad_request(request)
        return get_response(request)

    return middleware


def known_session_keys(get_response):
    """Drops a session cookie that Django cannot have made: PostgreSQL fails on a NUL in it."""

    def middleware(request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key and not (key.isascii() and key.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return get_response(request)

    return middleware


def second_factor_for_staff(get_response):
    """Leads editors without a second factor to its set-up; until then the admin stays closed to them."""

    def middleware(request):
        desk = reverse("admin:index")
        if (
            settings.STAFF_SECOND_FACTOR
            and request.path.startswith(desk)
            and request.path != reverse("admin:logout")
            and request.user.is_staff
            and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
        ):
            return redirect("mfa_index")
        return get_response(request)

    return middleware
