"""What stands before every view."""

from jobboard.views import bad_request


def utf8_only(get_response):
    """Refuses bodies in another encoding: Python knows some (hex, idna, rot13) that crash whoever decodes a form."""

    def middleware(request):
        if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
            return bad_request(request)
        return get_response(request)

    return middleware
