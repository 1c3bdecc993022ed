"""Vacancies: what an ad says, and what the search reads of it. Their life has a module of its own."""

from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.timezone import localdate

from jobboard.text import german_slug
from listings import linter
from listings.models.employers import Employer, EmployerKind
from listings.models.life import MAX_RUN_DAYS, Life, Status
from listings.models.revisions import Revision, field_of, plain
from listings.models.search_text import SearchText
from listings.models.stamps import CityStamp
from listings.models.subqueries import CappedCount, Names
from profiles.compass import Unit, calculation, monthly
from profiles.models import City, Fact, Level, Place, city_for

CAP = 1000  # larger counts are shown as "über 1.000"
MAX_AMOUNT = 9_999_999
# What readers choose by, the usual last: SQLite would take an index that begins with it for a short way to every list
CHOICES = ["asks_photo", "asks_cover_letter", "contract", "workplace", "working_time", "level", "employer_kind"]
OVER = ["closed", "removed"]  # of these, `manage.py daily` forgets contacts and text in time


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    def open(self, on: date | None = None):
        """What people may read and apply to on that day (today, in Berlin). The one truth about it."""
        on = on or localdate()
        return self.filter(status=Status.PUBLISHED, first_day__lte=on, last_day__gte=on)

    def direct(self):
        """Ads of the firm that hires itself: what lists show unless asked for more."""
        return self.filter(employer_kind=EmployerKind.DIRECT)

    def indirect(self):
        return self.exclude(employer_kind=EmployerKind.DIRECT)

    def in_city(self, city: City):
        return self.filter(city=city)

    def fully_remote(self):
        return self.filter(workplace=Vacancy.Workplace.REMOTE)

    def matching(self, text: str):
        """Ads that speak of what `text` says, as the search understands it; a town in it is a word like others."""
        from listings import search

        return search.narrow(self, search.understand(text, with_place=False))

    def mentioning(self, fact_ids):
        """Ads that speak of each of these facts."""
        through = Vacancy.mentions.through.objects
        found = self
        for fact in fact_ids:  # neither joined nor EXISTS: SQLite then looks at every open ad, for the rarest fact too
            found = found.filter(pk__in=through.filter(fact=fact).values("vacancy"))
        return found

    def reaching(self, amount):
        """Ads whose upper end reaches `amount` EUR a month full time."""
        return self.filter(pay_month_high__gte=amount)

    def since(self, days: int):
        """Ads whose first day is at most so many days ago; 0 is today."""
        return self.filter(first_day__gte=localdate() - timedelta(days=days))

    def newest(self):
        return self.order_by("-first_day", "-first_published_at", "-pk")

    def best_paid(self):
        """By the lower end, descending."""
        return self.order_by("-pay_month_low", "-first_day", "-pk")

    def nearest_first(self, distances):
        """By whole kilometres, as cards show them, then the newest. distances: km by the id of the place."""
        rings: dict[int, list[int]] = {}
        for place, km in distances.items():
            rings.setdefault(round(km), []).append(place)
        away = Case(
            *(When(place__in=places, then=km) for km, places in rings.items()), default=max(rings, default=0) + 1
        )
        return self.order_by(away, "-first_day", "-first_published_at", "-pk")

    def as_cards(self, *, with_text=False):
        """With what a card shows, and no more. with_text: for an excerpt of it, `fact_names` as JSON among it."""
        cards = self.select_related("employer", "place").defer("employer__description")
        if not with_text:
            return cards.defer("tasks", "profile", "offer")
        chosen = Fact.objects.filter(vacancies=OuterRef("pk")).order_by("name")
        return cards.annotate(fact_names=Names(chosen.values("name")))

    def found_first(self):
        """The same, at most CAP + 1, looked for before they are sorted: in their order all others would be come past."""
        return Vacancy.objects.filter(pk__in=self.order_by().values("pk")[: CAP + 1])

    def capped_count(self) -> int:
        """Exact up to CAP, CAP + 1 beyond: larger counts would read the whole table."""
        return self.order_by()[: CAP + 1].count()

    def counted_capped(self) -> CappedCount:
        """The same as an annotation, for a queryset with an OuterRef."""
        return CappedCount(self.order_by()[: CAP + 1].values("pk"))

    def owned_by(self, user):
        """Ads of the firms that `user` is a member of."""
        return self.filter(employer__memberships__user=user)

    def waiting_for_review(self):
        """The queue of ads and of changes to running ones, oldest first, each with its `waiting_since`."""
        waiting = Revision.objects.filter(vacancy=OuterRef("pk"), state=Revision.State.WAITING)
        since = Case(When(status=Status.IN_REVIEW, then=F("submitted_at")), default=Subquery(waiting.values("at")))
        found = self.filter(Q(status=Status.IN_REVIEW) | Exists(waiting))
        return found.annotate(waiting_since=since).order_by("waiting_since", "pk")

    def connect_cities(self) -> int:
        """Derive every vacancy's city again, for instance when a page has appeared; how many changed."""
        changed = 0
        cities = list(City.objects.live().select_related("place"))
        for place in Place.objects.filter(vacancies__in=self).distinct():
            city = city_for(place, cities)
            elsewhere = self.filter(place=place).exclude(city=city)
            with transaction.atomic():
                if before := set(elsewhere.select_for_update().values_list("city", flat=True)):
                    CityStamp.objects.renew({*before, city.pk if city else None})
                    SearchText.objects.filter(vacancy__in=elsewhere).update(stamp="")  # which names the city
                    changed += elsewhere.update(city=city)
        return changed

    def delete(self):
        with transaction.atomic():
            CityStamp.objects.renew(self.values_list("city", flat=True))
            return super().delete()

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]


class Vacancy(Life):
    class WorkingTime(models.TextChoices):
        FULL = "full", "Vollzeit"
        PART = "part", "Teilzeit"
        BOTH = "both", "Voll- oder Teilzeit"

    class Contract(models.TextChoices):
        PERMANENT = "permanent", "unbefristet"
        FIXED_TERM = "fixed_term", "befristet"

    class Workplace(models.TextChoices):
        ON_SITE = "on_site", "vor Ort"
        HYBRID = "hybrid", "hybrid"
        REMOTE = "remote", "ortsunabhängig"

    class PayUnit(models.TextChoices):
        HOUR = Unit.HOUR, "in der Stunde"
        MONTH = Unit.MONTH, "im Monat"
        YEAR = Unit.YEAR, "im Jahr"

    class Education(models.TextChoices):
        NONE = "", "nicht verlangt"
        VOCATIONAL = "ausbildung", "Berufsausbildung"
        MASTER_CRAFT = "meister", "Meister, Techniker, Fachwirt"
        BACHELOR = "bachelor", "Bachelor"
        MASTER = "master", "Master oder Diplom"

    # What an ad says, as opposed to its life: what an edit may change and what a duplicate takes along.
    CONTENT = [
        "employer_kind", "place", "street", "postal_code", "workplace", "remote_days", "title", "tasks", "profile",
        "offer", "level", "skills", "months_of_experience", "education", "way_in", "working_time", "hours_low",
        "hours_high", "full_time_hours", "contract", "fixed_term_months", "start", "pay_low", "pay_high", "pay_unit",
        "salaries_per_year", "tariff", "apply_email", "apply_url", "apply_until", "contact_name", "asks_cover_letter",
        "asks_photo", "asks_references", "reference_number",
    ]  # fmt: skip

    employer = models.ForeignKey(Employer, models.PROTECT, verbose_name="Arbeitgeber", related_name="vacancies")
    employer_kind = models.CharField("Wer einstellt", max_length=12, choices=EmployerKind, default=EmployerKind.DIRECT)

    # Where
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, verbose_name="Arbeitsort", related_name="vacancies"
    )
    street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    postal_code = models.CharField("Postleitzahl", max_length=5, blank=True)
    city = models.ForeignKey(
        City,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name="Stadtseite",
        related_name="vacancies",
    )
    workplace = models.CharField("Arbeitsort", max_length=8, choices=Workplace, default=Workplace.ON_SITE)
    remote_days = models.PositiveSmallIntegerField(
        "Tage im Homeoffice je Woche",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )

    # What
    title = models.CharField("Titel", max_length=100)
    tasks = models.TextField("Aufgaben", max_length=8000, blank=True)
    profile = models.TextField("Profil", max_length=8000, blank=True)
    offer = models.TextField("Angebot", max_length=8000, blank=True)
    level = models.CharField("Niveau", max_length=12, choices=Level, default=Level.ERFAHREN)
    facts = models.ManyToManyField(Fact, blank=True, verbose_name="Merkmale", related_name="vacancies")
    # Derived: those and whatever else its text speaks of
    mentions = models.ManyToManyField(Fact, blank=True, editable=False, related_name="mentioned_by")
    skills = models.CharField("Weitere Kenntnisse", max_length=300, blank=True)
    months_of_experience = models.PositiveSmallIntegerField(
        "Berufserfahrung in Monaten", null=True, blank=True, validators=[MaxValueValidator(480)]
    )
    education = models.CharField("Abschluss", max_length=12, choices=Education, blank=True, default=Education.NONE)
    way_in = models.BooleanField("Quereinstieg willkommen", default=False)

    # Time
    working_time = models.CharField("Arbeitszeit", max_length=4, choices=WorkingTime, default=WorkingTime.FULL)
    hours_low = models.DecimalField(
        "Wochenstunden von",
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(48)],
    )
    hours_high = models.DecimalField(
        "Wochenstunden bis",
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(48)],
    )
    full_time_hours = models.DecimalField(
        "Wochenstunden in Vollzeit",
        max_digits=4,
        decimal_places=2,
        default=Decimal(40),
        validators=[MinValueValidator(30), MaxValueValidator(48)],
    )
    contract = models.CharField("Vertrag", max_length=10, choices=Contract, default=Contract.PERMANENT)
    fixed_term_months = models.PositiveSmallIntegerField(
        "befristet auf Monate", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    start = models.CharField("Beginn", max_length=60, blank=True)

    # Pay, gross, as the employer states it
    pay_low = models.DecimalField(
        "Gehalt von",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_AMOUNT)],
    )
    pay_high = models.DecimalField(
        "Gehalt bis",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_AMOUNT)],
    )
    pay_unit = models.CharField("Zeitraum", max_length=5, choices=PayUnit, default=PayUnit.MONTH)
    salaries_per_year = models.DecimalField(
        "Gehälter im Jahr",
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(12), MaxValueValidator(16)],
    )
    tariff = models.CharField("Tarif und Gruppe", max_length=80, blank=True)
    # Derived: EUR a month full time, unrounded.
    pay_month_low = models.DecimalField(max_digits=16, decimal_places=6, null=True, editable=False)
    pay_month_high = models.DecimalField(max_digits=16, decimal_places=6, null=True, editable=False)

    # Application
    apply_email = models.EmailField("Bewerbung an", blank=True)
    apply_url = models.URLField("Bewerbung über", max_length=400, blank=True)
    apply_until = models.DateField("Bewerbung bis", null=True, blank=True)
    contact_name = models.CharField("Ansprechperson", max_length=120, blank=True)
    asks_cover_letter = models.BooleanField("Anschreiben erwünscht", default=False)
    asks_photo = models.BooleanField("Foto erwünscht", default=False)
    asks_references = models.BooleanField("Zeugnisse erwünscht", default=False)
    reference_number = models.CharField("Kennziffer", max_length=40, blank=True)

    # Writing: what was typed and does not fit yet or is not sent yet (field of the form: text), and which form began it
    unsaved = models.JSONField(default=dict, blank=True, editable=False)
    unsaved_number = models.PositiveIntegerField(default=0, editable=False)
    form_key = models.CharField(max_length=32, blank=True, editable=False)

    # Import
    source = models.CharField("Quelle", max_length=40, blank=True, editable=False)
    external_id = models.CharField("Nummer der Quelle", max_length=120, blank=True, editable=False)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = "Stelle"
        verbose_name_plural = "Stellen"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="vacancy_status_known"),
            models.CheckConstraint(
                condition=Q(
                    employer_kind__in=EmployerKind.values,
                    level__in=Level.values,
                    workplace__in=["on_site", "hybrid", "remote"],
                    working_time__in=["full", "part", "both"],
                    contract__in=["permanent", "fixed_term"],
                    pay_unit__in=["hour", "month", "year"],
                ),
                name="vacancy_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | (~Q(title="") & Q(hours_high__isnull=False) & (Q(status__in=OVER) | ~Q(tasks="") & ~Q(profile=""))),
                name="vacancy_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review"], first_published_at__isnull=True)
                | Q(status__in=["published", "paused", "closed", "removed"], first_published_at__isnull=False),
                name="vacancy_published_since",
            ),
            models.CheckConstraint(
                condition=(Q(status="closed") & Q(closed_as__in=["filled", "withdrawn", "ended"]))
                | (~Q(status="closed") & Q(closed_as="")),
                name="vacancy_closed_as",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(
                    pay_low__isnull=False,
                    pay_high__isnull=False,
                    pay_month_low__isnull=False,
                    pay_month_high__isnull=False,
                ),
                name="vacancy_pay_stated",
            ),
            models.CheckConstraint(
                condition=Q(pay_low__isnull=True) | Q(pay_high__isnull=True) | Q(pay_low__lte=F("pay_high")),
                name="vacancy_pay_low_to_high",
                violation_error_message="„von“ darf nicht über „bis“ liegen.",
            ),
            models.CheckConstraint(
                condition=Q(hours_low__isnull=True) | Q(hours_high__isnull=True) | Q(hours_low__lte=F("hours_high")),
                name="vacancy_hours_low_to_high",
                violation_error_message="„von“ darf nicht über „bis“ liegen.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(workplace="remote") | Q(place__isnull=False), name="vacancy_has_a_place"
            ),
            models.CheckConstraint(
                condition=Q(apply_email="") | Q(apply_url=""),
                name="vacancy_one_way_to_apply",
                violation_error_message="Bitte entweder eine E-Mail-Adresse oder einen Link angeben.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", *OVER]) | ~Q(apply_email="", apply_url=""), name="vacancy_way_to_apply"
            ),
            models.CheckConstraint(
                condition=Q(filled_here="") | Q(closed_as="filled", filled_here__in=["yes", "no", "unknown"]),
                name="vacancy_filled_here",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__isnull=True) | Q(first_published_at__isnull=False),
                name="vacancy_asked_when_public",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(first_day__isnull=False, last_day__isnull=False),
                name="vacancy_has_days",
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__isnull=True) | Q(first_day__lte=F("last_day")),
                name="vacancy_first_to_last_day",
                violation_error_message="Der letzte Tag liegt vor dem ersten.",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_review") | Q(submitted_at__isnull=False), name="vacancy_submitted_since"
            ),
            models.UniqueConstraint(
                fields=["employer", "source", "external_id"], condition=~Q(external_id=""), name="vacancy_external_id"
            ),
            models.UniqueConstraint(fields=["form_key"], condition=~Q(form_key=""), name="vacancy_form_key"),
        ]
        indexes = [
            # With what ads are narrowed by behind it: most that do not fit are told without a look at them.
            models.Index(
                fields=["-first_day", "-first_published_at", "-id", "last_day", *CHOICES],
                condition=Q(status="published"),
                name="vacancy_newest",
            ),
            # Whatever hardly any ad has, also together: where each of these columns is asked for by its values, of
            # which there are few, each combination is a place in the index.
            models.Index(
                fields=[*CHOICES, "-first_day", "-first_published_at", "-id", "last_day"],
                condition=Q(status="published"),
                name="vacancy_choices",
            ),
            models.Index(
                fields=["city", "-first_day", "-first_published_at", "-id"],
                condition=Q(status="published"),
                name="vacancy_newest_of_city",
            ),
            models.Index(
                fields=["place", "-first_day"], condition=Q(status="published"), name="vacancy_newest_of_place"
            ),
            models.Index(
                fields=["-pay_month_low", "-first_day", "-id"],
                condition=Q(status="published"),
                name="vacancy_best_paid",
            ),
            models.Index(fields=["pay_month_high"], condition=Q(status="published"), name="vacancy_reaching"),
            models.Index(
                fields=["-first_day", "-first_published_at", "-id"],
                condition=Q(status="published") & ~Q(contact_name=""),
                name="vacancy_with_contact",
            ),
            # Rare where firms hire themselves, and counted on every list.
            models.Index(
                fields=["-first_day", "-first_published_at", "-id"],
                condition=Q(status="published") & ~Q(employer_kind=EmployerKind.DIRECT),
                name="vacancy_indirect",
            ),
            models.Index(fields=["submitted_at"], condition=Q(status="in_review"), name="vacancy_review_queue"),
        ]

    def __str__(self):
        return self.title or "Anzeige ohne Titel"

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        CityStamp.objects.renew([self.city_id])
        return super().delete(*args, **kwargs)

    def validate_constraints(self, exclude=None):
        """Nothing: forms and check_edit() tell beside the field, and Django would ask the database about each one."""

    def get_absolute_url(self):
        return reverse("listings:vacancy", args=[self.pk, self.slug])

    def derive(self) -> None:
        """The columns that follow from others: pay on the common scale, and the city page."""
        self.derive_pay()
        # Not by name, for which SQLite would go through all places.
        cities = City.objects.readable().select_related("place", "stamp").order_by("pk")
        self.city = city_for(self.place, cities) if self.place else None

    def derive_pay(self) -> None:
        self.pay_month_low = self.monthly(self.pay_low)
        self.pay_month_high = self.monthly(self.pay_high)

    def monthly(self, pay: Decimal | None) -> Decimal | None:
        """`pay` of this ad in EUR a month full time."""
        return None if pay is None else monthly(pay, self.pay_unit, **self._pay_terms)

    @property
    def pay_calculation(self) -> str:
        """How the common scale's figures follow from the ad's own, in words; empty where they are the same."""
        if self.pay_low is None or self.pay_high is None:
            return ""
        return calculation(self.pay_low, self.pay_high, self.pay_unit, **self._pay_terms)

    @property
    def _pay_terms(self) -> dict:
        """With both working times pay means full time; of a range of part-time hours the upper end counts."""
        return {
            "full_time_hours": self.full_time_hours,
            "own_hours": self.hours_high if self.working_time == self.WorkingTime.PART else None,
            "salaries": self.salaries_per_year,
        }

    # Questions

    @property
    def slug(self) -> str:
        return german_slug(self.title, empty="stelle")

    @property
    def is_direct(self) -> bool:
        return self.employer_kind == EmployerKind.DIRECT

    @property
    def is_remote(self) -> bool:
        return self.workplace == self.Workplace.REMOTE

    @property
    def location(self) -> str:
        """Where the work is done, in a word or two."""
        if self.is_remote:
            return f"ortsunabhängig (Firma in {self.place.name})" if self.place else "ortsunabhängig"
        return self.place.name if self.place else ""

    @property
    def spoken(self) -> str:
        """All that it says about the job in words, one paragraph for each field."""
        said = [self.title, self.skills, self.tasks, self.profile, self.offer]
        if self.way_in:
            said.append("Quereinstieg willkommen")
        if self.remote_days or self.is_remote:
            said.append("Homeoffice")
        return "\n\n".join(said)

    @property
    def text_is_forgotten(self) -> bool:
        """`manage.py daily` has forgotten all but title, firm and days."""
        return self.status in OVER and not self.tasks

    @property
    def apply_mailto(self) -> str:
        return f"mailto:{quote(self.apply_email, safe='@')}?subject={quote(f'Bewerbung: {self.title}')}"

    @property
    def apply_host(self) -> str:
        return urlsplit(self.apply_url).hostname or ""

    @property
    def takes_applications(self) -> bool:
        return self.apply_until is None or self.apply_until >= localdate()

    def check_complete(self, on: date) -> None:
        """Everything that a reader must be told. Raises ValidationError by field, in words for employers."""
        errors = {}
        required = {
            "title": "Bitte geben Sie der Stelle einen Titel.",
            "tasks": "Bitte beschreiben Sie die Aufgaben.",
            "profile": "Bitte sagen Sie, was jemand mitbringen soll.",
            "pay_low": "Bitte nennen Sie das untere Ende des Gehalts; das ist eine Regel dieser Jobbörse.",
            "pay_high": "Bitte nennen Sie das obere Ende des Gehalts; das ist eine Regel dieser Jobbörse.",
            "hours_high": "Bitte nennen Sie die Wochenstunden.",
            "last_day": "Bitte wählen Sie den letzten Tag der Anzeige.",
        }
        for field, message in required.items():
            if not getattr(self, field):
                errors[field] = message
        if not self.place and not self.is_remote:
            errors["place_name"] = "Bitte nennen Sie den Ort, an dem gearbeitet wird."
        if self.workplace == self.Workplace.HYBRID and not self.remote_days:
            errors["remote_days"] = "Bitte sagen Sie, wie viele Tage im Homeoffice möglich sind."
        if self.contract == self.Contract.FIXED_TERM and not self.fixed_term_months:
            errors["fixed_term_months"] = "Bitte sagen Sie, auf wie viele Monate der Vertrag befristet ist."
        if not self.apply_email and not self.apply_url:
            errors["apply_email"] = "Bitte nennen Sie eine E-Mail-Adresse oder einen Link für Bewerbungen."
        if self.last_day and self.last_day < max(on, self.first_day or on):
            errors["last_day"] = "Der letzte Tag liegt in der Vergangenheit oder vor dem ersten."
        elif self.last_day and self.last_day > on + timedelta(days=MAX_RUN_DAYS):
            errors["last_day"] = f"Anzeigen laufen höchstens {MAX_RUN_DAYS} Tage."
        if self.apply_until and self.apply_until < on:
            errors["apply_until"] = "Die Bewerbungsfrist ist vorbei."
        if errors:
            raise ValidationError(errors)

    def check_edit(self, live, changed, on):
        """Whether this, made by with_changes() from `live`, may take its place. Raises ValidationError by field."""
        errors: dict[str, list] = {}
        try:
            self.clean_fields(exclude={field.name for field in self._meta.fields} - set(changed))
        except ValidationError as error:
            errors |= error.error_dict
        try:
            self.check_complete(on)
        except ValidationError as error:
            # An ad that has ended, or past its deadline, can still be mended.
            kept = {name for name in ("last_day", "apply_until") if name not in changed}
            errors |= {name: texts for name, texts in error.error_dict.items() if name not in kept}
        for low, high in (("pay_low", "pay_high"), ("hours_low", "hours_high")):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and least > most:
                errors[low] = ["„von“ darf nicht über „bis“ liegen."]
        if self.apply_email and self.apply_url:
            errors["apply_url"] = ["Bitte entweder eine E-Mail-Adresse oder einen Link, nicht beides."]
        if "first_day" in changed and live.first_day <= on:
            errors["first_day"] = ["Die Anzeige läuft schon; ihr erster Tag bleibt."]
        elif "first_day" in changed and (self.first_day is None or self.first_day < on):
            errors["first_day"] = ["Dieser Tag ist schon vorbei."]
        if "last_day" in changed and self.last_day and live.first_day <= on and self.last_day > live.last_day:
            errors["last_day"] = ["Länger läuft die Anzeige, wenn Sie sie verlängern."]
        if errors:
            raise ValidationError(errors)

    # Versions of what it says

    def plain(self, name: str):
        """The column `name` as revisions hold and compare it."""
        if name == "facts":
            return plain(name, self.facts.all())
        return plain(name, getattr(self, field_of(name).attname))

    def with_changes(self, changes):
        """An unsaved copy with `changes` (column: value as in plain()); its facts can be read, not written."""
        changed = copy(self)
        changed._state = copy(self._state)
        changed._state.fields_cache = dict(self._state.fields_cache)
        changed._prefetched_objects_cache = {}
        for name, value in changes.items():
            if name == "facts":
                facts = Fact.objects.filter(slug__in=value)
                len(facts)  # read now: a related manager hands out a prefetched queryset as it is
                changed._prefetched_objects_cache["facts"] = facts
            else:
                field = field_of(name)
                setattr(changed, field.attname, field.to_python(value))
        if "place" in changes:
            changed.derive()
        else:
            changed.derive_pay()
        return changed

    def hits(self, on: date | None = None) -> list[linter.Hit]:
        """What the linter says about it."""
        return linter.lint(self, on=on)

    def blocking_hits(self, on: date | None = None) -> list[linter.Hit]:
        return linter.blocking(self.hits(on))
