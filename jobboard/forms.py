"""Form fields that understand what people in Germany type, and the forms of the accounts."""

import re
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.html import format_html

from jobboard.templatetags.board import number

# Unicode's Cc and Cs but \n, \t and \0, which forms refuse; and marks of direction, which would turn round what stands
# beside the text, in lists and subjects of mails.
_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_characters(text: str) -> str:
    """Without control characters and halves of characters: databases and XML refuse them, and nobody sees them."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class TextField(forms.CharField):
    """Text of several lines. No maxlength in the page: browsers cut what is pasted without a word."""

    def to_python(self, value):
        return clean_characters(super().to_python(value))

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LineField(TextField):
    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class NameField(LineField):
    """A line that must hold a letter: the field's own message else."""

    def validate(self, value):
        super().validate(value)
        if value and not any(char.isalpha() for char in value):
            raise ValidationError(self.error_messages["required"], code="required")


class WebField(forms.URLField):
    """An address on the web; "firma.de" is enough."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"], message="Das ist keine Webadresse; richtig wäre zum Beispiel www.firma.de."
        )
    ]
    default_error_messages = {"invalid": "Das ist keine Webadresse; richtig wäre zum Beispiel www.firma.de."}

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)

    def to_python(self, value):
        return super().to_python(clean_characters(value.strip()) if isinstance(value, str) else value)


class GermanDecimalField(forms.DecimalField):
    """3500 · 3.500 · 3.500,50 · 14,60 · 38.5 · 3.500 €"""

    default_error_messages = {"invalid": "Bitte eine Zahl wie 3.500 oder 14,60."}

    def __init__(self, *, show=number, **kwargs):
        self.show = show
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def to_python(self, value):
        text = re.sub(r"\s|€|EUR|Euro|,[-–]+$", "", str(value or ""))
        if not text:
            return None
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
            text = text.replace(".", "")
        if len(text) > 40 or not re.fullmatch(r"[0-9]+([.,][0-9]+)?", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        value = Decimal(text.replace(",", "."))
        if -value.as_tuple().exponent > self.decimal_places:
            places = "eine Stelle" if self.decimal_places == 1 else f"{self.decimal_places} Stellen"
            text = (
                f"Bitte höchstens {places} hinter dem Komma."
                if self.decimal_places
                else "Bitte eine ganze Zahl, ohne Komma."
            )
            raise ValidationError(text, code="max_decimal_places")
        return value

    def prepare_value(self, value):
        return self.show(value) if isinstance(value, Decimal) else value


class PostalCodeField(LineField):
    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs)

    def to_python(self, value):
        return re.sub(r"^D\s*[-–]\s*", "", super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if value and not re.fullmatch(r"[0-9]{5}", value):
            raise ValidationError("Eine deutsche Postleitzahl hat fünf Ziffern.")


class DayField(forms.DateField):
    default_error_messages = {"invalid": "Bitte einen Tag wie 31.1.2027."}

    def __init__(self, **kwargs):
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            **kwargs,
        )


def posted_number(data, name: str) -> int:
    """The id or version that a page has sent along; 0, which nothing has, where it says nothing sensible."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


class StampField(forms.CharField):
    """When the page was made, signed; a form that is shown again keeps a stamp that is good and renews all others."""

    signer = signing.TimestampSigner(salt="jobboard.forms.stamp")
    lasts = timedelta(days=1)

    def __init__(self):
        # Not required: what is wrong is said by the form, as nobody can fill in a field they cannot see.
        super().__init__(required=False, widget=forms.HiddenInput, initial=self.fresh)

    def clean(self, value):
        return value or ""

    @classmethod
    def fresh(cls) -> str:
        return cls.signer.sign("")

    @classmethod
    def is_good(cls, stamp: str, *, after: timedelta = timedelta()) -> bool:
        """Ours, not older than a day, and made at least `after` ago."""
        try:
            cls.signer.unsign(stamp, max_age=cls.lasts)
        except signing.BadSignature:
            return False
        if not after:
            return True
        try:
            cls.signer.unsign(stamp, max_age=after)
        except signing.SignatureExpired:
            return True
        return False

    def bound_data(self, data, initial):
        return data if self.is_good(data or "") else initial


class TrapForm(forms.Form):
    """For public forms: a field that only programs fill in, and a time in which only programs do. No captcha.

    The page includes components/_trap.html. People who are caught by mistake lose nothing: they send it once more.
    """

    homepage = forms.CharField(
        label="Dieses Feld bitte leer lassen",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    since = StampField()

    def clean(self):
        data = super().clean()
        if self["homepage"].data:
            raise ValidationError(
                "Ein Feld, das auf dieser Seite niemand sieht, war ausgefüllt; das tun sonst nur Programme. Bitte laden Sie die Seite neu und versuchen Sie es ohne Ausfüllhilfe noch einmal.",
                code="trap",
            )
        if self.errors:  # it comes back anyway
            return data
        stamp = self.cleaned_data["since"]
        if not StampField.is_good(stamp):
            raise ValidationError(
                "Die Seite war lange offen. Bitte senden Sie das Formular noch einmal ab.", code="trap"
            )
        if not StampField.is_good(stamp, after=timedelta(seconds=settings.TRAP_SECONDS)):
            raise ValidationError(
                "Das ging schneller, als wir lesen können. Bitte senden Sie das Formular noch einmal ab.", code="trap"
            )
        return data


class SignupForm(TrapForm):
    """What allauth's registration asks besides address and password."""

    name = NameField(
        label="Ihr Name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Bitte nennen Sie Ihren Namen."},
    )
    terms = forms.BooleanField(
        error_messages={"required": "Ohne die Nutzungsbedingungen können wir kein Konto für Sie anlegen."}
    )
    field_order = ["name", "email", "password1", "terms"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email = self.fields["email"]  # declared by allauth's form, which derives from this one
        email.help_text = "Eine Adresse Ihrer Firma erleichtert uns die Prüfung der ersten Anzeige."
        del email.widget.attrs["placeholder"]
        self.fields["terms"].label = format_html(
            'Ich habe die <a href="{}">Nutzungsbedingungen</a> gelesen und nehme sie an, auch für die Firma, für die ich schreibe.',
            reverse("terms"),
        )

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        user.accept_terms()
