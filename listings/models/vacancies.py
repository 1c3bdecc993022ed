"""Vacancies with their life, and what the search reads of them."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from jobboard.text import fold, german_slug
from listings import emails
from listings.models.employers import Employer, EmployerKind
from listings.models.events import VacancyEvent
from profiles.compass import Unit, monthly
from profiles.models import City, Fact, Level, Place, city_for

MAX_RUN_DAYS = 60  # an ad ends at most so many days ahead
CAP = 1000  # larger counts are shown as "über 1.000"
MAX_AMOUNT = 9_999_999


class Status(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    IN_REVIEW = "in_review", "In Prüfung"
    PUBLISHED = "published", "Veröffentlicht"
    PAUSED = "paused", "Pausiert"
    CLOSED = "closed", "Geschlossen"
    REMOVED = "removed", "Entfernt"


class WrongStatus(Exception):
    """A step that the vacancy's state does not allow, or that somebody else was faster to change."""


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
        """Ads that speak of every word of `text`, folded."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__everything__contains=word)
        return found

    def reaching(self, amount):
        """Ads whose upper end reaches `amount` EUR a month full time."""
        return self.filter(pay_month_high__gte=amount)

    def newest(self):
        return self.order_by("-first_day", "-first_published_at", "-pk")

    def best_paid(self):
        """By the lower end, descending."""
        return self.order_by("-pay_month_low", "-first_day", "-pk")

    def as_cards(self):
        """With what a card shows, and no more."""
        return self.select_related("employer", "place").defer("tasks", "profile", "offer", "employer__description")

    def capped_count(self) -> int:
        """Exact up to CAP, CAP + 1 beyond: larger counts would read the whole table."""
        return self.order_by()[: CAP + 1].count()

    def owned_by(self, user):
        """Ads of the firms that `user` is a member of."""
        return self.filter(employer__memberships__user=user)

    def waiting_for_review(self):
        """The queue, oldest first."""
        return self.filter(status=Status.IN_REVIEW).order_by("submitted_at", "pk")

    def connect_cities(self) -> int:
        """Derive every vacancy's city again, for instance when a page has appeared; how many changed."""
        changed = 0
        cities = list(City.objects.live().select_related("place"))
        for place in Place.objects.filter(vacancies__in=self).distinct():
            city = city_for(place, cities)
            changed += self.filter(place=place).exclude(city=city).update(city=city)
        return changed


class Vacancy(models.Model):
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

    class ClosedAs(models.TextChoices):
        FILLED = "filled", "besetzt"
        WITHDRAWN = "withdrawn", "zurückgezogen"
        ENDED = "ended", "abgelaufen"

    LIFECYCLE = {  # step: (allowed from, leads to)
        "submit": ({Status.DRAFT}, Status.IN_REVIEW),
        "take_back": ({Status.IN_REVIEW}, Status.DRAFT),
        "send_back": ({Status.IN_REVIEW}, Status.DRAFT),
        "publish": ({Status.IN_REVIEW}, Status.PUBLISHED),
        "pause": ({Status.PUBLISHED}, Status.PAUSED),
        "resume": ({Status.PAUSED}, Status.PUBLISHED),
        "close": ({Status.PUBLISHED, Status.PAUSED}, Status.CLOSED),
        "remove": ({Status.PUBLISHED, Status.PAUSED}, Status.REMOVED),
        "restore": ({Status.REMOVED}, Status.PUBLISHED),
    }

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

    # Life; only verbs write here
    status = models.CharField("Stand", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    first_day = models.DateField("erster Tag", null=True, blank=True)
    last_day = models.DateField("letzter Tag", null=True, blank=True)
    submitted_at = models.DateTimeField("eingereicht am", null=True, editable=False)
    first_published_at = models.DateTimeField("zuerst veröffentlicht am", null=True, editable=False)
    confirmed_on = models.DateField("als offen bestätigt am", null=True, editable=False)
    renewals = models.PositiveSmallIntegerField("Verlängerungen", default=0, editable=False)
    closed_as = models.CharField("geschlossen als", max_length=10, choices=ClosedAs, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("angelegt am", default=timezone.now, editable=False)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)

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
                | (~Q(title="") & ~Q(tasks="") & ~Q(profile="") & Q(hours_high__isnull=False)),
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
                condition=Q(status="draft") | ~Q(apply_email="", apply_url=""), name="vacancy_way_to_apply"
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
        ]
        indexes = [
            models.Index(
                fields=["-first_day", "-first_published_at", "-id"],
                condition=Q(status="published"),
                name="vacancy_newest",
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
            models.Index(fields=["submitted_at"], condition=Q(status="in_review"), name="vacancy_review_queue"),
        ]

    def __str__(self):
        return self.title or "Anzeige ohne Titel"

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("listings:vacancy", args=[self.pk, self.slug])

    def derive(self) -> None:
        """The columns that follow from others: pay on the common scale, and the city page."""
        self.pay_month_low = self.monthly(self.pay_low)
        self.pay_month_high = self.monthly(self.pay_high)
        self.city = City.objects.covering(self.place) if self.place else None

    def monthly(self, pay: Decimal | None) -> Decimal | None:
        """`pay` of this ad in EUR a month full time; of a range of part-time hours the upper end counts."""
        if pay is None:
            return None
        return monthly(
            pay,
            self.pay_unit,
            full_time_hours=self.full_time_hours,
            own_hours=self.hours_high if self.working_time == self.WorkingTime.PART else None,
            salaries=self.salaries_per_year,
        )

    # Questions

    @property
    def slug(self) -> str:
        return german_slug(self.title, empty="stelle")

    @property
    def is_open(self) -> bool:
        """The twin of VacancyQuerySet.open()."""
        if self.status != Status.PUBLISHED or not self.first_day or not self.last_day:
            return False
        return self.first_day <= localdate() <= self.last_day

    @property
    def has_ended(self) -> bool:
        return self.last_day is not None and self.last_day < localdate()

    @property
    def has_begun(self) -> bool:
        return self.first_day is not None and self.first_day <= localdate()

    @property
    def is_waiting_for_first_day(self) -> bool:
        return self.status == Status.PUBLISHED and not self.has_begun

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
    def apply_mailto(self) -> str:
        return f"mailto:{quote(self.apply_email, safe='@')}?subject={quote(f'Bewerbung: {self.title}')}"

    @property
    def apply_host(self) -> str:
        return urlsplit(self.apply_url).hostname or ""

    @property
    def takes_applications(self) -> bool:
        return self.apply_until is None or self.apply_until >= localdate()

    @property
    def pay_is_converted(self) -> bool:
        """Whether the common scale shows other figures than the ad itself."""
        return self.pay_month_low is not None and (self.pay_month_low, self.pay_month_high) != (
            self.pay_low,
            self.pay_high,
        )

    def can(self, step: str) -> bool:
        """Whether the present status allows `step`."""
        return self.status in self.LIFECYCLE[step][0]

    # Verbs

    @transaction.atomic
    def submit(self, by, at=None):
        """Ask for review. Raises ValidationError with what is missing."""
        self.check_complete(on=localdate(at))
        at = at or timezone.now()
        first_day = max(self.first_day or localdate(at), localdate(at))
        event = self._move("submit", by, at, submitted_at=at, first_day=first_day)
        emails.vacancy_submitted(self, event)

    @transaction.atomic
    def take_back(self, by, at=None):
        event = self._move("take_back", by, at)
        emails.vacancy_taken_back(self, event)

    @transaction.atomic
    def send_back(self, by, reason, version=None, at=None):
        """Back to the employer; the reason is what they read. Raises ValidationError without one."""
        if not reason.strip():
            raise ValidationError({"reason": "Bitte nennen Sie den Grund; der Arbeitgeber bekommt ihn zu lesen."})
        event = self._move("send_back", by, at, reason=reason, version=version)
        emails.vacancy_sent_back(self, event)

    @transaction.atomic
    def publish(self, by, version, at=None):
        """Let readers see the version that was reviewed; a newer one refuses."""
        at = at or timezone.now()
        if not self.can("publish") or version != self.version:
            raise WrongStatus("publish")
        self.check_complete(on=localdate(at))  # days have passed since it was submitted
        event = self._move(
            "publish",
            by,
            at,
            version=version,
            first_day=max(self.first_day, localdate(at)),
            first_published_at=self.first_published_at or at,
            confirmed_on=localdate(at),
        )
        emails.vacancy_published(self, event)

    @transaction.atomic
    def pause(self, by, at=None):
        event = self._move("pause", by, at)
        emails.vacancy_paused(self, event)

    @transaction.atomic
    def resume(self, by, at=None):
        event = self._move("resume", by, at, confirmed_on=localdate(at))
        emails.vacancy_resumed(self, event)

    @transaction.atomic
    def close(self, by, closed_as, at=None):
        if closed_as not in self.ClosedAs.values:
            raise ValidationError({"closed_as": "Bitte sagen Sie, warum die Anzeige endet."})
        event = self._move("close", by, at, closed_as=closed_as)
        emails.vacancy_closed(self, event)

    @transaction.atomic
    def remove(self, by, reason, version=None, at=None):
        """Take the ad off the net; the reason is what the employer reads. Raises ValidationError without one."""
        if not reason.strip():
            raise ValidationError({"reason": "Bitte nennen Sie den Grund; der Arbeitgeber bekommt ihn zu lesen."})
        event = self._move("remove", by, at, reason=reason, version=version)
        emails.vacancy_removed(self, event)

    @transaction.atomic
    def restore(self, by, version=None, at=None):
        event = self._move("restore", by, at, version=version)
        emails.vacancy_restored(self, event)

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

    def _move(self, step, by, at, reason="", version=None, **fields) -> VacancyEvent:
        """The one place that changes a status. Raises WrongStatus, also when someone was faster."""
        at = at or timezone.now()
        allowed, status = self.LIFECYCLE[step]
        fields |= {"status": status, "changed_at": at}
        unchanged = Vacancy.objects.filter(pk=self.pk, status__in=allowed, version=version or self.version)
        if not unchanged.update(version=F("version") + 1, **fields):
            raise WrongStatus(step)
        self.refresh_from_db(fields=[*fields, "version"])
        return self.events.create(step=step, by=by, role=VacancyEvent.role_of(by, self), reason=reason, at=at)


class SearchText(models.Model):
    """What the search reads of a vacancy: three normalised texts, each holding more than the one before."""

    vacancy = models.OneToOneField(Vacancy, models.CASCADE, primary_key=True, related_name="search_text")
    title = models.TextField()
    facts = models.TextField()
    everything = models.TextField()

    class Meta:
        verbose_name = "Suchtext"
        verbose_name_plural = "Suchtexte"

    def __str__(self):
        return self.title
