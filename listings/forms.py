"""Forms of the employers' side: the firm, and why an ad ends; the ad has a module of its own."""

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html

from jobboard.forms import LineField, NameField, PostalCodeField, TextField, WebField
from listings import logos, search
from listings.models import Employer, EmployerKind, Membership
from listings.place_form import PlaceForm

MARKDOWN_HINT = "Leerzeilen trennen Absätze, Zeilen mit „- “ werden zur Liste, **Sternchen** machen fett."


CHOOSE_AGAIN = "Bitte wählen Sie die Datei noch einmal aus; sie ließ sich nicht vormerken."


class EmployerForm(PlaceForm):
    """A firm, described once. The terms hold for it as its first owner has accepted them."""

    name = NameField(
        label="Name der Firma",
        max_length=120,
        help_text="So, wie er über Ihren Anzeigen stehen soll.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "Bitte nennen Sie den Namen der Firma."},
    )
    website = WebField(label="Website", required=False, max_length=200)
    place_name = LineField(
        label="Sitz", required=False, max_length=120, help_text="Der Ort genügt, zum Beispiel Osnabrück."
    )
    postal_code = PostalCodeField(
        label="Postleitzahl", required=False, help_text="Hilft, wenn es mehrere Orte dieses Namens gibt."
    )
    sector = LineField(
        label="Branche", required=False, max_length=80, help_text="In Ihren Worten, zum Beispiel Maschinenbau."
    )
    description = TextField(
        label="Beschreibung",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"Was Ihre Firma macht und für wen, in zwei, drei Absätzen. {MARKDOWN_HINT}",
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text="PNG, JPEG, WebP oder GIF bis 2 MB. Wir verkleinern es für Sie.",
    )
    remove_logo = forms.BooleanField(label="Logo entfernen", required=False)
    terms = forms.BooleanField(
        error_messages={"required": "Ohne die Nutzungsbedingungen können wir keine Anzeigen von Ihnen annehmen."}
    )

    class Meta:
        model = Employer
        fields = ["name", "kind", "website", "size", "sector", "description"]

    def __init__(self, *args, owner=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = "Was für eine Firma ist es?"
        self.fields["size"].choices = [("", "keine Angabe"), *Employer.Size.choices]
        if self.instance.pk and self.instance.place:
            self.initial["place_name"] = self.instance.place.name
        if self.instance.pk or (owner and owner.has_accepted_terms):
            del self.fields["terms"]
        else:  # an account that the editors made, or one from before the present terms
            self.fields["terms"].label = format_html(
                'Ich habe die <a href="{}">Nutzungsbedingungen</a> gelesen und nehme sie für die Firma an.',
                reverse("terms"),
            )
        if not self.instance.logo_id:
            del self.fields["remove_logo"]

    def clean(self):
        data = super().clean()
        self.instance.place = self.find_place()
        self.old_logo = self.instance.logo_id
        if data.get("remove_logo"):
            self.instance.logo = None
        if upload := data.get("logo"):
            try:
                new_logo = logos.encode(upload)
            except logos.BadLogo as error:
                self.add_error("logo", str(error))
            else:
                if self.errors:
                    self.keep_out_logo()
                else:
                    self.instance.logo = new_logo
        return data

    def _store_logo(self):
        if self.instance.logo and self.instance.logo_id != self.old_logo:
            self.instance.logo.save()

    def create(self, owner) -> Employer:
        employer = self.instance
        employer.slug = Employer.free_slug(employer.name)
        with transaction.atomic():
            if "terms" in self.fields:
                owner.accept_terms()
            employer.terms_version, employer.terms_at = owner.terms_version, owner.terms_at
            self._store_logo()
            employer.save()
            employer.memberships.create(user=owner, role=Membership.Role.OWNER)
        return employer

    @transaction.atomic
    def revise(self, version: int) -> bool:
        """Save, unless the firm has changed since `version`: then nothing is written."""
        employer = self.instance
        if not Employer.objects.filter(pk=employer.pk, version=version).update(version=version + 1):
            return False
        employer.version = version + 1
        self._store_logo()
        # Not the whole row: the editors' marks are none of this form's business.
        employer.save(update_fields=[*self.Meta.fields, "place", "logo"])
        if self.old_logo != employer.logo_id:
            logos.forget(self.old_logo)
        search.follow(employer.vacancies.all())
        return True

    def keep_out_logo(self) -> None:
        """Say that a chosen file is lost with this answer: browsers do not send one a second time on their own."""
        if self.files.get("logo") and "logo" not in self.errors:
            self.add_error("logo", CHOOSE_AGAIN)

    def differences(self, stored: Employer) -> list[tuple[str, str]]:
        """What is stored where something else is typed: label and words."""
        words = {
            "name": stored.name,
            "kind": stored.get_kind_display(),
            "place_name": stored.place.name if stored.place else "",
            "sector": stored.sector,
            "size": stored.get_size_display(),
            "website": stored.website,
            "description": stored.description,
        }
        typed = {name: self.cleaned_data.get(name, "") for name in words}
        typed["kind"] = dict(EmployerKind.choices).get(typed["kind"], "")
        typed["size"] = dict(Employer.Size.choices).get(typed["size"], "")
        return [(str(self[name].label), words[name] or "nichts") for name in words if words[name] != typed[name]]


class FilledForm(forms.Form):
    """Whether somebody was found here: counted, never shown with a name."""

    filled_here = forms.ChoiceField(
        label="Kam die Person über Koordinaten?",
        choices=[("yes", "Ja"), ("no", "Nein"), ("unknown", "Weiß ich nicht")],
        widget=forms.RadioSelect,
        initial="unknown",
        error_messages={
            "required": "Bitte wählen Sie eine der Antworten.",
            "invalid_choice": "Bitte wählen Sie eine der Antworten.",
        },
    )


class CloseForm(FilledForm):
    """Why an ad ends: it stands on the page that its address shows from then on."""

    closed_as = forms.ChoiceField(
        label="Warum endet die Anzeige?",
        choices=[("filled", "Die Stelle ist besetzt."), ("withdrawn", "Wir ziehen die Anzeige zurück.")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Bitte sagen Sie, warum die Anzeige endet.",
            "invalid_choice": "Bitte wählen Sie einen der beiden Gründe.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["filled_here"].label = "Falls besetzt: Kam die Person über Koordinaten?"
        self.fields["filled_here"].required, self.fields["filled_here"].needed = False, True

    def clean(self):
        data = super().clean()
        if data.get("closed_as") == "filled":
            data["filled_here"] = data.get("filled_here") or "unknown"
        else:
            data["filled_here"] = ""
        return data
