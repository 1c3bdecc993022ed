"""Forms of the employers' side: the firm, the ad, and why an ad ends."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timezone import localdate

from jobboard.forms import DayField, GermanDecimalField, LineField, NameField, PostalCodeField, TextField, WebField
from jobboard.templatetags.board import amount, number
from jobboard.text import fold
from listings import logos, search
from listings.models import MAX_AMOUNT, MAX_RUN_DAYS, Employer, Membership, Status, Vacancy, VacancyEvent
from listings.place_form import PlaceForm
from profiles.models import Fact

MARKDOWN_HINT = "Leerzeilen trennen Absätze, Zeilen mit „- “ werden zur Liste, **Sternchen** machen fett."
DEFAULT_RUN = timedelta(days=30)
# Pay outside of these ends is nearly always pay for another period.
LIKELY_PAY = {"hour": (5, 300), "month": (200, 30_000), "year": (3_000, 400_000)}


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
                # Browsers do not send a file a second time on their own.
                if self.errors:
                    self.add_error("logo", "Bitte wählen Sie die Datei noch einmal aus; sie ließ sich nicht vormerken.")
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
    def revise(self) -> Employer:
        employer = self.instance
        self._store_logo()
        # Not the whole row: the editors' marks are none of this form's business.
        employer.save(update_fields=[*self.Meta.fields, "place", "logo"])
        if self.old_logo != employer.logo_id:
            logos.forget(self.old_logo)
        search.index_all(employer.vacancies.all())
        return employer


FACT_FIELDS = {  # name of the field: kind and what the form calls it
    "facts_tool": (Fact.Kind.TOOL, "Werkzeuge"),
    "facts_method": (Fact.Kind.METHOD, "Methoden"),
    "facts_skill": (Fact.Kind.SKILL, "Fähigkeiten"),
    "facts_sector": (Fact.Kind.SECTOR, "Branche des Projekts"),
    "facts_certificate": (Fact.Kind.CERTIFICATE, "Zertifikate"),
    "facts_benefit": (Fact.Kind.BENEFIT, "Was für die Stelle spricht"),
}
EXPERIENCE = {
    0: "keine verlangt",
    6: "ein halbes Jahr",
    12: "ein Jahr",
    24: "zwei Jahre",
    36: "drei Jahre",
    60: "fünf Jahre",
    120: "zehn Jahre",
}
# Without these an ad is a draft; the labels of all other fields say that they may stay empty.
NEEDED = {
    "tasks",
    "profile",
    "full_time_hours",
    "place_name",
    "pay_low",
    "pay_high",
    "first_day",
    "last_day",
    "apply_email",
    "apply_url",
}


class VacancyForm(PlaceForm):
    """An ad as a draft: only the title must be there, but whatever is typed must be right."""

    title = NameField(
        label="Titel",
        max_length=100,
        error_messages={"required": "Bitte geben Sie der Stelle einen Titel."},
        help_text="Was Bewerber suchen würden, für alle Geschlechter: „IT-Projektkoordination (m/w/d)“. Höchstens 100 Zeichen.",
    )
    tasks = TextField(
        label="Aufgaben",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=f"Was in dieser Stelle zu tun ist. {MARKDOWN_HINT}",
    )
    profile = TextField(
        label="Profil",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Was jemand mitbringen soll, und was sich noch lernen lässt.",
    )
    offer = TextField(
        label="Angebot",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Was Sie außer dem Gehalt bieten.",
    )
    skills = LineField(
        label="Weitere Kenntnisse", required=False, max_length=300, help_text="Was oben fehlt, mit Kommas getrennt."
    )
    months_of_experience = forms.TypedChoiceField(label="Berufserfahrung", required=False, coerce=int, empty_value=None)

    full_time_hours = GermanDecimalField(
        label="Wochenstunden in Vollzeit",
        required=False,
        min_value=30,
        max_value=48,
        decimal_places=2,
        help_text="Was bei Ihnen als Vollzeit gilt, zum Beispiel 38,5.",
    )
    hours_low = GermanDecimalField(
        label="Wochenstunden von", required=False, min_value=1, max_value=48, decimal_places=2
    )
    hours_high = GermanDecimalField(
        label="Wochenstunden bis",
        required=False,
        min_value=1,
        max_value=48,
        decimal_places=2,
        help_text="Bei reiner Teilzeit nötig; sonst gilt Vollzeit.",
    )
    fixed_term_months = forms.IntegerField(
        label="befristet auf Monate",
        required=False,
        min_value=1,
        max_value=120,
        help_text="Nur bei befristeten Verträgen.",
    )
    start = LineField(
        label="Beginn", required=False, max_length=60, help_text="Zum Beispiel „ab sofort“ oder „1. April 2027“."
    )

    remote_days = forms.IntegerField(
        label="Tage im Homeoffice je Woche",
        required=False,
        min_value=1,
        max_value=5,
        help_text="Nur bei „hybrid“: bis zu so viele.",
    )
    place_name = LineField(
        label="Ort",
        required=False,
        max_length=120,
        help_text="Genau einer; für zwei Standorte schreiben Sie bitte zwei Anzeigen. Darf bei „ortsunabhängig“ leer bleiben.",
    )
    postal_code = PostalCodeField(
        label="Postleitzahl", required=False, help_text="Unterscheidet auch Orte gleichen Namens."
    )
    street = LineField(label="Straße und Hausnummer", required=False, max_length=120)

    pay_low = GermanDecimalField(
        label="Gehalt von",
        show=amount,
        required=False,
        min_value=1,
        max_value=MAX_AMOUNT,
        decimal_places=2,
        help_text="Brutto in Euro, zum Beispiel 3.500.",
    )
    pay_high = GermanDecimalField(
        label="Gehalt bis",
        show=amount,
        required=False,
        min_value=1,
        max_value=MAX_AMOUNT,
        decimal_places=2,
        help_text="Bei einem festen Gehalt derselbe Betrag.",
    )
    salaries_per_year = GermanDecimalField(
        label="Gehälter im Jahr",
        required=False,
        min_value=12,
        max_value=16,
        decimal_places=1,
        help_text="Zum Beispiel 13, wenn ein Weihnachtsgeld fest zugesagt ist.",
    )
    tariff = LineField(
        label="Tarif und Gruppe", required=False, max_length=80, help_text="Zum Beispiel „TVöD, Entgeltgruppe 9b“."
    )

    apply_email = forms.EmailField(
        label="E-Mail-Adresse für Bewerbungen", required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    apply_url = WebField(label="oder Link zu Ihrem Bewerbungsformular", required=False, max_length=400)
    apply_until = DayField(label="Bewerbung bis", required=False, help_text="Nur, wenn es einen festen Schluss gibt.")
    contact_name = LineField(
        label="Ansprechperson", required=False, max_length=120, help_text="Ein Name hilft, sich zu trauen."
    )
    reference_number = LineField(label="Kennziffer", required=False, max_length=40)

    first_day = DayField(
        label="Erster Tag", required=False, help_text="Frühestens der Tag, an dem die Prüfung fertig ist."
    )
    last_day = DayField(
        label="Letzter Tag",
        required=False,
        help_text=f"Höchstens {MAX_RUN_DAYS} Tage voraus; danach verschwindet die Anzeige von selbst.",
    )

    class Meta:
        model = Vacancy
        fields = [
            "title",
            "level",
            "employer_kind",
            "tasks",
            "profile",
            "offer",
            "skills",
            "months_of_experience",
            "education",
            "way_in",
            "working_time",
            "full_time_hours",
            "hours_low",
            "hours_high",
            "contract",
            "fixed_term_months",
            "start",
            "workplace",
            "remote_days",
            "street",
            "postal_code",
            "pay_low",
            "pay_high",
            "pay_unit",
            "salaries_per_year",
            "tariff",
            "apply_email",
            "apply_url",
            "apply_until",
            "contact_name",
            "asks_cover_letter",
            "asks_photo",
            "asks_references",
            "reference_number",
            "first_day",
            "last_day",
        ]
        widgets = {
            "level": forms.RadioSelect,
            "employer_kind": forms.RadioSelect,
            "working_time": forms.RadioSelect,
            "contract": forms.RadioSelect,
            "workplace": forms.RadioSelect,
        }

    def __init__(self, *args, employers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.employers = {str(employer.pk): employer for employer in employers}
        if len(self.employers) > 1:
            choices = [("", "bitte wählen"), *((pk, employer.name) for pk, employer in self.employers.items())]
            self.fields["employer"] = forms.ChoiceField(label="Für welche Firma?", choices=choices)
        for name in ("level", "employer_kind", "working_time", "contract", "workplace", "pay_unit"):
            # Left out altogether they keep their default; the page always sends one.
            self.fields[name].required, self.fields[name].needed = False, True
        for name in NEEDED:
            self.fields[name].needed = True
        self.fields["education"].choices = Vacancy.Education.choices
        months = dict(EXPERIENCE)
        if own := self.instance.months_of_experience:
            months.setdefault(own, f"{own} Monate")
        self.fields["months_of_experience"].choices = [(each or "", months[each]) for each in sorted(months)]
        self.facts = list(Fact.objects.order_by("slug"))
        chosen = set(self.instance.facts.values_list("slug", flat=True)) if self.instance.pk else set()
        for name, (kind, label) in FACT_FIELDS.items():
            choices = sorted(
                ((fact.slug, fact.name) for fact in self.facts if fact.kind == kind), key=lambda pair: fold(pair[1])
            )
            field = forms.MultipleChoiceField(
                label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
            )
            field.in_columns = field.needed = True
            self.fields[name] = field
            self.initial[name] = [slug for slug, _ in choices if slug in chosen]
        if self.instance.pk:
            self.initial["place_name"] = self.instance.place.name if self.instance.place else ""
            self.stored_facts = chosen
        else:
            today = localdate()
            full_time_hours = Vacancy._meta.get_field("full_time_hours").default
            self.initial |= {"first_day": today, "last_day": today + DEFAULT_RUN, "full_time_hours": full_time_hours}
            self.stored_facts = set()
            if len(self.employers) == 1:
                self.initial["employer_kind"] = next(iter(self.employers.values())).kind

    @property
    def fact_fields(self):
        return [self[name] for name in FACT_FIELDS]

    @property
    def has_facts(self) -> bool:
        return any(field.value() for field in self.fact_fields)

    def clean(self):
        data = super().clean()
        for name in ("level", "employer_kind", "working_time", "contract", "workplace", "pay_unit", "full_time_hours"):
            if name not in self.errors and not data.get(name):
                data[name] = self.get_initial_for_field(self.fields[name], name) or getattr(self.instance, name)
        if "employer" in data:
            self.instance.employer = self.employers[data["employer"]]
        elif not self.instance.employer_id and len(self.employers) == 1:
            self.instance.employer = next(iter(self.employers.values()))
        self.instance.place = self.find_place()
        self._clean_time(data)
        self._clean_pay(data)
        self._clean_days(data)
        if data.get("apply_email") and data.get("apply_url"):
            self.add_error("apply_url", "Bitte entweder eine E-Mail-Adresse oder einen Link, nicht beides.")
        if data.get("remote_days") and data.get("workplace") != Vacancy.Workplace.HYBRID:
            self.add_error(
                "remote_days",
                "Tage im Homeoffice gehören zu „hybrid“; bitte wählen Sie das oder leeren Sie dieses Feld.",
            )
        return data

    def _clean_time(self, data):
        low, high, full = data.get("hours_low"), data.get("hours_high"), data.get("full_time_hours")
        time = data.get("working_time")
        if full and high is None and "hours_high" not in self.errors and time != Vacancy.WorkingTime.PART:
            high = data["hours_high"] = full
        if high is not None and low is None and "hours_low" not in self.errors and time == Vacancy.WorkingTime.FULL:
            low = data["hours_low"] = high
        if time == Vacancy.WorkingTime.FULL and full and high is not None and high < full:
            self.add_error("hours_high", f"Vollzeit sind bei Ihnen {number(full)} Stunden; weniger ist Teilzeit.")
        if low is not None and high is not None and low > high:
            self.add_error("hours_low", "„von“ darf nicht über „bis“ liegen.")
        if full and high is not None and high > full:
            self.add_error(
                "hours_high",
                f"Das ist mehr als Ihre Vollzeit ({number(full)} Stunden); eine der beiden Zahlen stimmt nicht.",
            )
        if data.get("fixed_term_months") and data.get("contract") != Vacancy.Contract.FIXED_TERM:
            self.add_error(
                "fixed_term_months", "Monate gehören zu „befristet“; bitte wählen Sie das oder leeren Sie dieses Feld."
            )

    def _clean_pay(self, data):
        low, high, unit = data.get("pay_low"), data.get("pay_high"), data.get("pay_unit")
        if low is not None and high is not None and low > high:
            self.add_error("pay_low", "„von“ darf nicht über „bis“ liegen.")
        if unit not in LIKELY_PAY:
            return
        least, most = LIKELY_PAY[unit]
        for name, pay in (("pay_low", low), ("pay_high", high)):
            if pay is not None and not least <= pay <= most:
                period = Vacancy.PayUnit(unit).label
                self.add_error(name, f"{amount(pay)} Euro {period}? Bitte prüfen Sie Betrag und Zeitraum.")

    def _clean_days(self, data):
        today = localdate()
        first, last, until = data.get("first_day"), data.get("last_day"), data.get("apply_until")
        latest = today + timedelta(days=MAX_RUN_DAYS)
        if first and first > latest:
            self.add_error("first_day", f"Anzeigen beginnen höchstens {MAX_RUN_DAYS} Tage voraus.")
        if last and last < today:
            self.add_error("last_day", "Dieser Tag ist schon vorbei.")
        elif last and last > latest:
            self.add_error(
                "last_day",
                f"Anzeigen laufen höchstens {MAX_RUN_DAYS} Tage, also bis zum {latest:%d.%m.%Y}.",
            )
        elif first and last and last < first:
            self.add_error("last_day", "Der letzte Tag liegt vor dem ersten.")
        if until and until < max(today, first or today):
            self.add_error("apply_until", "Bewerbungen müssen vom ersten Tag der Anzeige an möglich sein.")
        elif until and until > today + timedelta(days=365):
            self.add_error("apply_until", "Das ist mehr als ein Jahr voraus.")

    @transaction.atomic
    def create(self, by) -> Vacancy:
        self.instance.save()
        self.instance.events.create(step=VacancyEvent.Step.CREATE, by=by, role=VacancyEvent.role_of(by, self.instance))
        self._save_facts()
        return self.instance

    @transaction.atomic
    def revise(self, version: int) -> bool:
        """Write over the draft `version`; False where that is not what is stored any more."""
        vacancy = self.instance
        vacancy.derive()
        columns = [*self.Meta.fields, "place", "city", "pay_month_low", "pay_month_high"]
        unchanged = Vacancy.objects.filter(pk=vacancy.pk, status=Status.DRAFT, version=version)
        values = {name: getattr(vacancy, name) for name in columns}
        if not unchanged.update(version=F("version") + 1, changed_at=timezone.now(), **values):
            return False
        self._save_facts()
        return True

    def _save_facts(self):
        chosen = {slug for name in FACT_FIELDS for slug in self.cleaned_data.get(name, [])}
        # What this form does not ask for stays as an import has set it.
        others = {fact.slug for fact in self.facts if fact.kind not in {kind for kind, _ in FACT_FIELDS.values()}}
        wanted = chosen | (others & self.stored_facts)
        if wanted != self.stored_facts:
            self.instance.facts.set([fact for fact in self.facts if fact.slug in wanted])
        search.index(self.instance)


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
