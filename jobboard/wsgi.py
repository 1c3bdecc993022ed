"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobboard.settings")
django = get_wsgi_application()


def application(environ, start_response):
    """Django, but for a Content-Type that it cannot even make a request of: that would be a bare 500."""
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except (ValueError, LookupError):
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Diese Anfrage konnten wir nicht lesen.\n"]
    return django(environ, start_response)
