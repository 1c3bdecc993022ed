"""Where allauth's ways differ for this board."""

from urllib.parse import quote, urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobboard.models import User


class AccountAdapter(DefaultAccountAdapter):
    # Where allauth's German says "du".
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": (
            "Das waren zu viele Versuche. Bitte warten Sie ein paar Minuten, oder setzen Sie Ihr Passwort neu."
        ),
        "enter_current_password": "Bitte geben Sie Ihr jetziges Passwort ein.",
        "rate_limited": "Das waren sehr viele Anfragen. Bitte warten Sie einen Augenblick.",
        "max_email_addresses": "Mehr als %d Adressen sind nicht möglich.",
        "cannot_remove_primary_email": "Die Adresse, mit der Sie sich anmelden, lässt sich nicht entfernen.",
    }

    def clean_email(self, email):
        """Only what the column and the outbox hold; allauth's own field allows more."""
        if len(email) > User._meta.get_field("email").max_length:
            raise ValidationError("Diese Adresse ist länger, als E-Mail-Adressen sein dürfen.")
        if '"' in email:  # legal before the @, but the outbox takes some of it for a name
            raise ValidationError("An eine Adresse mit Anführungszeichen können wir leider nicht schreiben.")
        return email

    def unstash_verified_email(self, request):
        """What a link in a mail has proved counts for an account of that very address, not for another one typed instead."""
        proved = super().unstash_verified_email(request)
        return proved if proved and proved.lower() == request.POST.get("email", "").strip().lower() else None

    # Addresses in mails start with BASE_URL, never with the Host header of whoever asked.

    def get_email_confirmation_url(self, request, emailconfirmation):
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key):
        # allauth hands over both parts of the address as one opaque key.
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix, email, context):
        super().send_mail(template_prefix, email, {"base_url": settings.BASE_URL, **context})

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def get_reauthentication_methods(self, user):
        names = {
            "reauthenticate": "mit dem Passwort",
            "mfa_reauthenticate": "mit einem Code",
            "mfa_reauthenticate:webauthn": "mit einem Passkey",
        }
        return [{**each, "description": names[each["id"]]} for each in super().get_reauthentication_methods(user)]

    def get_login_redirect_url(self, request):
        if request.user.is_staff:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        "add_email_blocked": (
            "Solange ein zweiter Faktor eingerichtet ist, lässt sich keine neue Adresse hinzufügen. Entfernen Sie ihn "
            "kurz, bestätigen Sie die neue Adresse, und richten Sie ihn danach wieder ein."
        ),
        "cannot_delete_authenticator": "Dieser zweite Faktor lässt sich nicht entfernen.",
        "cannot_generate_recovery_codes": "Notfallcodes gibt es erst, wenn ein zweiter Faktor eingerichtet ist.",
        "incorrect_code": "Das hat nicht gepasst. Bitte versuchen Sie es noch einmal.",
        "unverified_email": "Bitte bestätigen Sie zuerst alle Ihre E-Mail-Adressen, oder entfernen Sie die übrigen.",
    }

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as a drawing in the page; its colours come from the style sheet, its white border as well."""
        code = qrcode.QRCode(border=0)
        code.add_data(url)
        code.make()
        rows = code.get_matrix()
        squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="QR-Code für die App"><path d="{1}"/></svg>',
            len(rows),
            mark_safe("".join(squares)),  # noqa: S308 (numbers and our own letters)
        )

    def generate_authenticator_name(self, user, type):  # noqa: A002 (allauth's name)
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"

    def get_public_key_credential_rp_entity(self):
        entity = super().get_public_key_credential_rp_entity()
        # Never the Host header of whoever asks; only a board to try out may be visited under several names.
        host = urlsplit(settings.BASE_URL).hostname if settings.SECURE else entity["id"]
        return {"id": host, "name": "Koordinaten"}
