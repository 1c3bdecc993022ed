"""Fields for the way to apply: an address or a link that people outside can really use."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from jobboard.forms import WebField, clean_characters

EXAMPLE_HOSTS = {
    "example.com",
    "example.org",
    "example.net",
    "example.de",
    "muster.de",
    "musterfirma.de",
    "beispiel.de",
}
NO_HOSTS = (".test", ".invalid", ".localhost", ".local")
EXAMPLE = "Das ist eine Adresse für Beispiele; Bewerbungen kämen dort nicht an."


def is_example(host: str) -> bool:
    host = host.lower().removeprefix("www.")
    return host in EXAMPLE_HOSTS or f".{host}".endswith(NO_HOSTS)


def is_internal(host: str) -> bool:
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host


class ApplyEmailField(forms.EmailField):
    """An address; "mailto:" before it is forgiven."""

    default_error_messages = {
        "invalid": "Das ist keine vollständige E-Mail-Adresse; richtig wäre zum Beispiel bewerbung@firma.de."
    }

    def to_python(self, value):
        text = clean_characters(super().to_python(value)).strip()
        text = text.removeprefix("mailto:").partition("?")[0] if text.startswith("mailto:") else text
        if "://" in text or text.startswith("www."):
            raise ValidationError("Das ist ein Link; er gehört in das Feld darunter.", code="link")
        return text

    def run_validators(self, value):
        super().run_validators(value)
        name, _, host = value.lower().partition("@")
        if is_example(host):
            raise ValidationError(EXAMPLE, code="example")
        if name.replace("-", "").replace("_", "") in ("noreply", "donotreply", "keineantwort"):
            raise ValidationError("Das klingt nach einer Adresse, die niemand liest.", code="unread")


class ApplyLinkField(WebField):
    def to_python(self, value):
        text = value.strip() if isinstance(value, str) else ""
        if text.startswith("mailto:") or ("@" in text and "/" not in text):
            raise ValidationError("Das ist eine E-Mail-Adresse; sie gehört in das Feld darüber.", code="email")
        if " " in text:
            raise ValidationError("In diesem Link steht ein Leerzeichen; vielleicht sind es zwei?", code="invalid")
        return super().to_python(value)

    def run_validators(self, value):
        super().run_validators(value)
        if not value:
            return
        host = urlsplit(value).hostname or ""
        if is_example(host):
            raise ValidationError(EXAMPLE, code="example")
        if host == urlsplit(settings.BASE_URL).hostname:
            raise ValidationError(
                "Dieser Link führt zurück zu dieser Jobbörse. Bitte nennen Sie einen Ihrer Firma.", code="own"
            )
        if is_internal(host):
            raise ValidationError(
                "Diese Adresse gilt nur in Ihrem eigenen Netz; von außen öffnet sie niemand.", code="internal"
            )
        if urlsplit(value).username is not None:
            raise ValidationError("In diesem Link stehen Zugangsdaten; bitte nennen Sie ihn ohne.", code="login")
