"""allauth's forms where a new password is typed twice: their message addresses people as "Sie"."""

from allauth.account import forms
from django.core.exceptions import ValidationError


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
