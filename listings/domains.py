"""Which firm an e-mail address or a website speaks for."""

import tomllib
from urllib.parse import urlsplit

from django.conf import settings

_DATA = tomllib.loads((settings.BASE_DIR / "fixtures" / "domains.toml").read_text(encoding="utf-8"))
WEBMAIL, PLATFORMS, SUFFIXES = (frozenset(_DATA[name]) for name in ("webmail", "platforms", "suffixes"))


def registered(host: str) -> str:
    """The part of a host that somebody has registered: firma.de of jobs.firma.de."""
    try:
        host = host.strip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = host.split(".")
    if labels[-1].isdigit():  # a number, not a name
        return ""
    return ".".join(labels[-3 if ".".join(labels[-2:]) in SUFFIXES else -2 :]) if len(labels) > 1 else ""


def of_email(email: str) -> str:
    """The firm's domain behind an address; nothing for a webmail address."""
    domain = registered(email.rpartition("@")[2])
    return "" if domain in WEBMAIL else domain


def is_webmail(email: str) -> bool:
    return registered(email.rpartition("@")[2]) in WEBMAIL


def of_website(url: str) -> str:
    """The firm's domain behind its website; nothing for a page on somebody else's platform."""
    try:
        domain = registered(urlsplit(url).hostname or "")
    except ValueError:
        return ""
    return "" if domain in PLATFORMS or domain in SUFFIXES else domain
