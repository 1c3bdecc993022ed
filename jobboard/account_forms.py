"""allauth's forms as this board asks and says things: traps on the public ones, messages that address people as "Sie"."""

import json
from contextlib import contextmanager
from typing import Any

from allauth.account import forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms as django_forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from jobboard.forms import LineField, NameField, TrapForm


class NameForm(django_forms.Form):
    name = NameField(
        label="Ihr Name",
        max_length=120,
        help_text="So stehen Sie bei den Schritten, die Sie tun. Öffentlich ist er nicht.",
        widget=django_forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Bitte nennen Sie Ihren Namen."},
    )


class ResetPasswordForm(TrapForm, forms.ResetPasswordForm):
    pass


class TypedTwice:
    def add_error(self, field, error):
        # Its own fields report ValidationErrors; a bare text is the one about the two being different.
        if field == "password2" and not isinstance(error, ValidationError):
            error = "Die beiden Passwörter sind verschieden."
        super().add_error(field, error)


class ChangePasswordForm(TypedTwice, forms.ChangePasswordForm):
    pass


class ResetPasswordKeyForm(TypedTwice, forms.ResetPasswordKeyForm):
    pass


# Second factors


class CodeField:
    """A code from an app, or one of the emergency codes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].error_messages["required"] = "Bitte geben Sie den Code ein."
        # No inputmode="numeric": its keyboard has no way to paste on some phones.
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "off"}


class OnlyOnce:
    """allauth forgets a used code after 30 seconds, but with our tolerance it is good for 90."""

    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(char for char in code if char.isdigit())
            if not cache.add(f"used-code:{self.user.pk}:{digits}", True, timeout=120):
                raise get_adapter().validation_error("incorrect_code")
        return code


class TellsOfEmergency:
    """Who has not used the code themselves learns of it, and everybody how many are left."""

    def save(self):
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            left = len(Authenticator.objects.get(pk=self.authenticator.pk).wrap().get_unused_codes())
            get_account_adapter().send_notification_mail("mfa/email/recovery_code_used", self.user, {"left": left})


class CodeForm(CodeField, OnlyOnce, TellsOfEmergency, code_forms.AuthenticateForm):
    pass


class CodeAgainForm(CodeField, OnlyOnce, TellsOfEmergency, code_forms.ReauthenticateForm):
    pass


class FirstCodeForm(CodeField, ActivateTOTPForm):
    pass


@contextmanager
def refusing_nonsense():
    """Whatever a script sends in place of a key is a wrong key and no crash."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class CredentialDecoder(json.JSONDecoder):
    """Numbers in a credential name algorithms; a large one in place of a text would make fido2 reserve as many bytes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs, parse_int=self.small)

    @staticmethod
    def small(digits: str) -> int:
        if len(digits) > 6:
            raise json.JSONDecodeError("number too large", digits, 0)
        return int(digits)


class CredentialField:
    """What the browser's script has filled in; people can neither see nor mend it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        wrong = get_adapter().error_messages["incorrect_code"]
        self.fields["credential"].error_messages.update(required=wrong, invalid=wrong)
        self.fields["credential"].decoder = CredentialDecoder


PASSKEY_NAME: dict[str, Any] = {
    "label": "Name",
    "max_length": 60,
    "help_text": "Damit Sie ihn später wiedererkennen, zum Beispiel „Laptop im Büro“.",
}


class AddPasskeyForm(CredentialField, passkey_forms.AddWebAuthnForm):
    name = LineField(required=False, **PASSKEY_NAME)
    passwordless = django_forms.BooleanField(
        label="Damit auch ohne Passwort anmelden",
        required=False,
        initial=True,
        help_text="Dafür prüft Ihr Gerät Fingerabdruck, Gesicht oder PIN. Ohne Haken ersetzt der Schlüssel nur den Code aus der App.",
    )

    def clean(self):
        with refusing_nonsense():
            return super().clean()


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    name = NameField(error_messages={"required": "Bitte geben Sie ihm einen Namen."}, **PASSKEY_NAME)


class CheckedPasskey(CredentialField):
    def clean_credential(self):
        with refusing_nonsense():
            return super().clean_credential()


class PasskeyForm(CheckedPasskey, passkey_forms.AuthenticateWebAuthnForm):
    pass


class PasskeyLoginForm(CheckedPasskey, passkey_forms.LoginWebAuthnForm):
    pass


class PasskeyAgainForm(CheckedPasskey, passkey_forms.ReauthenticateWebAuthnForm):
    pass
