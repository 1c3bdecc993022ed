"""What stands before every view."""

from django.conf import settings

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
