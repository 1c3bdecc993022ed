"""Figures and facts: what stands on a city page because a sentence of its text says so."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import count

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from jobboard.phrases import flawed
from jobboard.text import german_slug
from profiles import evidence

slug_validator = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Nur Kleinbuchstaben, Ziffern und einzelne Bindestriche."
)


class Level(models.TextChoices):
    """How much experience is asked for; shared by figures and vacancies."""

    EINSTIEG = "einstieg", "Einstieg"
    ERFAHREN = "erfahren", "Mit Erfahrung"
    SPEZIALIST = "spezialist", "Spezialisierung"


class Proven(models.Model):
    """What stands on a city page only because a sentence of its text says so."""

    edition: models.ForeignKey  # each names its own reverse side
    section = models.ForeignKey(
        "profiles.Section", models.RESTRICT, verbose_name="Abschnitt", related_name="%(class)ss"
    )
    evidence = models.CharField(
        "Belegsatz",
        max_length=600,
        help_text="Genau der Satz, der es sagt, so wie er in diesem Abschnitt steht.",
    )

    class Meta:
        abstract = True

    @property
    def anchor(self) -> str:
        """The id of its place on the page; the same through all editions."""
        raise NotImplementedError

    @property
    def proof_anchor(self) -> str:
        """The id of its sentence in the text."""
        return f"beleg-{self.anchor}"

    def disagreement(self, body: str, others: "Iterable[Proven]" = ()) -> str:
        """In what this row disagrees with its sentence in the text `body`; in words, empty where it does not.

        others: rows of its kind.
        """
        return ""

    def clean(self):
        super().clean()
        if self.section_id and self.edition_id and self.section.edition_id != self.edition_id:
            raise ValidationError({"section": "Dieser Abschnitt gehört zu einer anderen Ausgabe."})


class SalaryFigure(Proven):
    """A pay band in EUR a month, full time, as the text states it."""

    class Kind(models.TextChoices):
        LEVEL = "level", "Niveau"
        SEGMENT = "segment", "Gruppe von Arbeitgebern oder Aufgaben"

    class Period(models.TextChoices):
        NOT_STATED = "", "nicht angegeben"
        MONTH = "month", "im Monat"
        YEAR = "year", "im Jahr"

    class Gross(models.TextChoices):
        NOT_STATED = "", "nicht angegeben"
        GROSS = "gross", "brutto"
        NET = "net", "netto"

    earlier: "list[SalaryFigure]"  # by Edition.figures_with_history()

    edition = models.ForeignKey("profiles.Edition", models.CASCADE, related_name="figures")
    # Its identity through the editions, whatever becomes of the label, and its anchor on the page.
    slug = models.CharField("Kürzel", max_length=80, blank=True, editable=False, validators=[slug_validator])
    order = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    kind = models.CharField("Art", max_length=10, choices=Kind, default=Kind.LEVEL)
    level = models.CharField("Niveau", max_length=12, choices=Level, blank=True)
    label = models.CharField("Bezeichnung", max_length=120)
    low = models.PositiveIntegerField("von (€)", null=True, blank=True, validators=[MinValueValidator(1)])
    high = models.PositiveIntegerField("bis (€)", null=True, blank=True, validators=[MinValueValidator(1)])
    qualifier = models.CharField("Einschränkung des Textes", max_length=200, blank=True)
    period = models.CharField("Zeitraum", max_length=5, choices=Period, blank=True, default=Period.NOT_STATED)
    gross = models.CharField("brutto/netto", max_length=5, choices=Gross, blank=True, default=Gross.NOT_STATED)
    valid_from = models.DateField("gilt ab", null=True, blank=True)
    checked_on = models.DateField("geprüft am", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="geprüft von", related_name="+"
    )

    class Meta:
        verbose_name = "Gehaltszahl"
        verbose_name_plural = "Gehaltszahlen"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="figure_slug_unique"),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False),
                name="figure_has_an_end",
                violation_error_message="Bitte wenigstens ein Ende der Spanne angeben.",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="figure_low_to_high",
                violation_error_message="„von“ darf nicht über „bis“ liegen.",
            ),
            models.CheckConstraint(
                condition=(Q(kind="level") & Q(level__in=Level.values)) | (Q(kind="segment") & Q(level="")),
                name="figure_level_of_levels",
                violation_error_message="Ein Niveau gehört zur Art „Niveau“ und nur dazu.",
            ),
            models.CheckConstraint(
                condition=Q(evidence__regex=r"\S"),
                name="figure_has_evidence",
                violation_error_message="Der Belegsatz fehlt.",
            ),
        ]

    def __str__(self):
        return self.label

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = self._free_slug()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "slug"}
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        wanted = german_slug(self.label, empty="zahl", length=60)
        taken = set(
            SalaryFigure.objects.filter(edition=self.edition_id, slug__startswith=wanted)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        numbered = (f"{wanted}-{number}" for number in count(2))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)

    @property
    def anchor(self):
        return f"zahl-{self.slug or german_slug(self.label, empty='zahl')}"

    @property
    def month_low(self) -> Decimal | None:
        """EUR a month, unrounded."""
        return self._monthly(self.low)

    @property
    def month_high(self) -> Decimal | None:
        return self._monthly(self.high)

    def _monthly(self, end: int | None) -> Decimal | None:
        if end is None:
            return None
        return Decimal(end) / 12 if self.period == self.Period.YEAR else Decimal(end)

    @property
    def stand(self) -> date | None:
        """The day that the page names: when it was last checked, else from when it holds."""
        return self.checked_on or self.valid_from

    @property
    def statement(self) -> tuple:
        """What it says to readers about pay: the same where only wording, order or checks differ."""
        return self.low, self.high, self.period, self.gross

    def wants_check(self, today: date) -> bool:
        """Never compared with the world, or not for twelve months."""
        if self.checked_on is None:
            return True
        try:
            return today >= self.checked_on.replace(year=self.checked_on.year + 1)
        except ValueError:  # the 29th of February
            return today >= date(self.checked_on.year + 1, 3, 1)

    def is_same_check(self, other: "SalaryFigure") -> bool:
        """Whether both state the same, as of the same day and checked by the same person."""
        ours, theirs = (
            (each.statement, each.valid_from, each.checked_on, each.checked_by_id) for each in (self, other)
        )
        return ours == theirs

    @property
    def in_words(self) -> str:
        """2.800 € bis 3.400 €, häufig, im Monat, brutto"""
        if self.low is not None and self.high is not None:
            pay = f"{evidence.euros(self.low)} bis {evidence.euros(self.high)}"
        else:
            pay = f"ab {evidence.euros(self.low)}" if self.low is not None else f"bis {evidence.euros(self.high)}"
        return ", ".join(filter(None, [pay, self.qualifier, self.terms]))

    @property
    def terms(self) -> str:
        """im Monat, brutto; only what the text says"""
        said = [self.get_period_display() if self.period else "", self.get_gross_display() if self.gross else ""]
        return ", ".join(filter(None, said))

    @property
    def is_net(self) -> bool:
        return self.gross == self.Gross.NET

    def disagreement(self, body, others=()):
        # Evidence may be a part of a sentence; what the rest of it says counts as well.
        sentence = evidence.around(body, self.evidence)
        siblings = [
            (each.low, each.high)
            for each in others
            if each is not self and each.section_id == self.section_id and " ".join(each.evidence.split()) in sentence
        ]
        return evidence.disagreement(sentence, self.low, self.high, self.period, self.gross, siblings)


class Fact(models.Model):
    """A sector, tool, method, certificate, way in, skill or benefit; shared by cities and vacancies."""

    class Kind(models.TextChoices):
        SECTOR = "sector", "Branche"
        TOOL = "tool", "Werkzeug"
        METHOD = "method", "Methode"
        CERTIFICATE = "certificate", "Zertifikat"
        WAY_IN = "way_in", "Weg in den Beruf"
        SKILL = "skill", "Fähigkeit"
        BENEFIT = "benefit", "Das spricht dafür"

    slug = models.CharField("Kürzel", max_length=60, unique=True, validators=[slug_validator])
    name = models.CharField("Name", max_length=80)
    kind = models.CharField("Art", max_length=12, choices=Kind)
    wordings = models.TextField(
        "Wendungen",
        max_length=8000,
        blank=True,
        help_text="Woran man in einer Anzeige erkennt, dass sie davon spricht; eine Wendung je Zeile.",
    )
    exceptions = models.TextField(
        "außer",
        max_length=8000,
        blank=True,
        help_text="Wendungen, in denen dasselbe Wort etwas anderes heißt; eine je Zeile.",
    )
    edited = models.BooleanField(
        "von der Redaktion geändert", default=False, editable=False, help_text="Neue Listen lassen es in Ruhe."
    )
    # Whether what follows from its name and wordings elsewhere has been brought up to them.
    is_followed = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "Merkmal"
        verbose_name_plural = "Merkmale"
        ordering = ["kind", "slug"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.edited, self.is_followed = True, False  # the loader writes in bulk, past this method
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if errors := flawed({name: getattr(self, name) for name in ("wordings", "exceptions")}):
            raise ValidationError(errors)


class WithFact(models.Manager["CityFact"]):
    """A row of its kind without its fact says nothing, and their order asks for it anyway."""

    def get_queryset(self):
        return super().get_queryset().select_related("fact")


class CityFact(Proven):
    """A fact of one edition with its evidence."""

    edition = models.ForeignKey("profiles.Edition", models.CASCADE, related_name="facts")
    fact = models.ForeignKey(Fact, models.PROTECT, verbose_name="Merkmal", related_name="cities")

    objects = WithFact()

    class Meta:
        verbose_name = "Merkmal der Stadt"
        verbose_name_plural = "Merkmale der Stadt"
        ordering = ["fact__kind", "fact__slug"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "fact"], name="city_fact_unique"),
            models.CheckConstraint(
                condition=Q(evidence__regex=r"\S"),
                name="city_fact_has_evidence",
                violation_error_message="Der Belegsatz fehlt.",
            ),
        ]

    def __str__(self):
        return str(self.fact)

    @property
    def anchor(self):
        return f"merkmal-{self.fact.slug}"
