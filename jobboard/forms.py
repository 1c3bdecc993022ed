"""Form fields that understand what people in Germany type, and the forms of the accounts."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from jobboard.templatetags.board import number


def clean_characters(text: str) -> str:
    """Without control characters and halves of characters: databases and XML refuse them, and nobody sees them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Marks of direction would turn round what stands beside the text, in lists and subjects of mails.
    text = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    return "".join(char for char in text if char in "\n\t\x00" or unicodedata.category(char) not in ("Cc", "Cs"))


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
            raise ValidationError(f"Bitte höchstens {places} hinter dem Komma.", code="max_decimal_places")
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


class SignupForm(forms.Form):
    """What allauth's registration asks besides address and password."""

    name = NameField(
        label="Ihr Name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Bitte nennen Sie Ihren Namen."},
    )
    field_order = ["name", "email", "password1"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email = self.fields["email"]  # declared by allauth's form, which derives from this one
        email.help_text = "Eine Adresse Ihrer Firma erleichtert uns die Prüfung der ersten Anzeige."
        del email.widget.attrs["placeholder"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
