"""Where allauth's ways differ for this board."""

from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

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

    # Addresses in mails start with BASE_URL, never with the Host header of whoever asked.

    def get_email_confirmation_url(self, request, emailconfirmation):
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key):
        # allauth hands over both parts of the address as one opaque key.
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix, email, context):
        super().send_mail(template_prefix, email, {"base_url": settings.BASE_URL, **context})

    def get_login_redirect_url(self, request):
        if request.user.is_staff:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)
