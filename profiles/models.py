"""Places, cities with a page, the editions of that page, and the figures and facts they prove."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Case, F, Max, OuterRef, Q, Subquery, When
from django.utils import timezone

from jobboard.text import fold, german_slug
from profiles import evidence
from profiles.places import box, distance_km

slug_validator = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Nur Kleinbuchstaben, Ziffern und einzelne Bindestriche."
)


class Land(models.TextChoices):
    """GeoNames' state codes."""

    BW = "01", "Baden-Württemberg"
    BY = "02", "Bayern"
    HB = "03", "Bremen"
    HH = "04", "Hamburg"
    HE = "05", "Hessen"
    NI = "06", "Niedersachsen"
    NW = "07", "Nordrhein-Westfalen"
    RP = "08", "Rheinland-Pfalz"
    SL = "09", "Saarland"
    SH = "10", "Schleswig-Holstein"
    BB = "11", "Brandenburg"
    MV = "12", "Mecklenburg-Vorpommern"
    SN = "13", "Sachsen"
    ST = "14", "Sachsen-Anhalt"
    TH = "15", "Thüringen"
    BE = "16", "Berlin"


@models.CharField.register_lookup
class Begins(models.lookups.StartsWith):
    """startswith by the index on both databases: SQLite uses none for LIKE, PostgreSQL orders by its locale."""

    lookup_name = "begins"

    def get_rhs_op(self, connection, rhs):
        return connection.operators["startswith"] % rhs

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*params, self.rhs, *params, f"{self.rhs}\U0010ffff"]


class PlaceQuerySet(models.QuerySet["Place"]):
    def starting(self, text: str):
        """Places whose name begins like that, however the umlauts are written: exactly that name first, then the largest."""
        start = fold(text)
        return self.filter(folded__begins=start).order_by(
            Case(When(folded=start, then=0), default=1), F("population").desc(nulls_last=True), "pk"
        )

    def within(self, km: float, of) -> dict[int, float]:
        """Distance in km of every place at most `km` from `of` (anything with latitude and longitude), by id."""
        found = {}
        for place in self.filter(**box(of, km)).only("latitude", "longitude"):
            if (distance := distance_km(of, place)) <= km:
                found[place.id] = distance
        return found


class Place(models.Model):
    """A German town: what people type into "Wo". Names are not unique."""

    id = models.PositiveIntegerField("GeoNames-Nummer", primary_key=True)
    name = models.CharField("Name", max_length=120)
    folded = models.CharField(max_length=120, db_index=True, editable=False)
    land = models.CharField("Land", max_length=2, choices=Land)
    population = models.PositiveIntegerField("Einwohnerzahl", null=True, blank=True)
    latitude = models.FloatField("Breite")
    longitude = models.FloatField("Länge")

    edited = models.BooleanField(
        "von der Redaktion geändert", default=False, editable=False, help_text="Neue Ortsdaten lassen ihn in Ruhe."
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "Ort"
        verbose_name_plural = "Orte"
        ordering = ["folded", "id"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="place_coordinates")]

    def __str__(self):
        return f"{self.name} ({self.get_land_display()})"

    def save(self, *args, **kwargs):
        self.folded = fold(self.name)
        self.edited = self.edited or not self._state.adding  # the loader writes in bulk, past this method
        super().save(*args, **kwargs)


class PostalCode(models.Model):
    """Centre of a postal code's area (OpenStreetMap, ODbL: kept as a table of its own)."""

    code = models.CharField("Postleitzahl", max_length=5, primary_key=True)
    latitude = models.FloatField("Breite")
    longitude = models.FloatField("Länge")
    place = models.ForeignKey(Place, models.CASCADE, verbose_name="nächster Ort", related_name="postal_codes")

    class Meta:
        verbose_name = "Postleitzahl"
        verbose_name_plural = "Postleitzahlen"
        ordering = ["code"]

    def __str__(self):
        return self.code


class CityQuerySet(models.QuerySet["City"]):
    def live(self):
        """Cities whose page can be read now; each carries `live_id` and `lead` of its live edition."""
        newest = Edition.objects.newest_live().filter(city=OuterRef("pk"))
        return self.annotate(
            live_id=Subquery(newest.values("pk")[:1]),
            lead=Subquery(newest.values("lead")[:1]),
            published_at=Subquery(newest.values("published_at")[:1]),
        ).filter(live_id__isnull=False)

    def covering(self, place: Place) -> "City | None":
        """The live city whose page speaks for `place`."""
        return city_for(place, self.live().select_related("place"))


def city_for(place: Place, cities: "Iterable[City]") -> "City | None":
    """The one of `cities` that speaks for `place`: its own, else the nearest that has it within its radius."""
    reached = [
        (distance, city)
        for city in cities
        if (distance := distance_km(city.place, place)) <= city.radius_km or city.place_id == place.pk
    ]
    return min(reached, key=lambda pair: (pair[1].place_id != place.pk, pair[0]))[1] if reached else None


class City(models.Model):
    """A place with a page."""

    place = models.OneToOneField(Place, models.PROTECT, verbose_name="Ort", related_name="city")
    slug = models.CharField(
        "Adresse der Seite",
        max_length=80,
        unique=True,
        validators=[slug_validator],
        help_text="Steht in der Webadresse und ändert sich nach der Veröffentlichung nie mehr.",
    )
    radius_km = models.PositiveSmallIntegerField(
        "Umkreis in km",
        default=25,
        help_text="Stellen in Orten ohne eigene Seite gehören zur nächsten Stadt, in deren Umkreis sie liegen.",
    )

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = "Stadt"
        verbose_name_plural = "Städte"
        ordering = ["place__folded"]

    def __str__(self):
        return self.place.name

    def clean(self):
        super().clean()
        if not self.pk:
            return
        before = City.objects.get(pk=self.pk)
        if before.slug != self.slug and before.editions.filter(published_at__isnull=False).exists():
            raise ValidationError({"slug": "Die Seite ist veröffentlicht, ihre Adresse bleibt deshalb, wie sie ist."})

    def live_edition(self) -> "Edition | None":
        return self.editions.newest_live().first()

    def live_figures(self) -> "models.QuerySet[SalaryFigure]":
        """Those of its live edition, in one query."""
        return SalaryFigure.objects.filter(edition=Subquery(self.editions.newest_live().values("pk")[:1]))

    @transaction.atomic
    def working_edition(self, by) -> "Edition":
        """The working copy; made from the live edition where there is none yet."""
        # Locked, so that two editors at once end up in the same copy.
        City.objects.select_for_update().get(pk=self.pk)
        if draft := self.editions.filter(published_at__isnull=True).first():
            return draft
        live = self.live_edition()
        number = (self.editions.aggregate(last=Max("number"))["last"] or 0) + 1
        draft = self.editions.create(number=number, created_by=by, lead=live.lead if live else "")
        if live:
            live.copy_into(draft)
        return draft


class EditionQuerySet(models.QuerySet["Edition"]):
    def live(self):
        """Published by now."""
        return self.filter(published_at__lte=timezone.now())

    def newest_live(self):
        """Live ones, the newest first: of a city, the first is the page that people read."""
        return self.live().order_by("-published_at", "-number")


class LostEvidence(Exception):
    """An edition cannot be published: `problems` says, in German, which sentence is missing where."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


class Edition(models.Model):
    """One version of a city's page: the working copy, the live one, or history."""

    city = models.ForeignKey(City, models.CASCADE, verbose_name="Stadt", related_name="editions")
    number = models.PositiveIntegerField("Ausgabe")
    lead = models.CharField(
        "Vorspann",
        max_length=220,
        blank=True,
        help_text="Ein bis zwei Sätze unter der Überschrift; zugleich die Beschreibung für Suchmaschinen.",
    )
    note = models.CharField("Notiz für die Redaktion", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="angelegt von", related_name="+"
    )
    created_at = models.DateTimeField("angelegt am", default=timezone.now, editable=False)
    published_at = models.DateTimeField("veröffentlicht am", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "Ausgabe"
        verbose_name_plural = "Ausgaben"
        ordering = ["city", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["city", "number"], name="edition_number_unique"),
            models.UniqueConstraint(
                fields=["city"],
                condition=Q(published_at__isnull=True),
                name="edition_one_working_copy",
                violation_error_message="Für diese Stadt gibt es schon eine Arbeitsfassung.",
            ),
        ]
        indexes = [models.Index(fields=["city", "-published_at"], name="edition_newest")]

    def __str__(self):
        return f"{self.city} · Ausgabe {self.number}"

    @property
    def is_working_copy(self) -> bool:
        return self.published_at is None

    def copy_into(self, other: "Edition") -> None:
        """Sections, figures and facts of this edition, copied into an empty one."""
        sections = {}
        for section in self.sections.all():
            old = section.pk
            section.pk, section.edition = None, other
            section.save(force_insert=True)
            sections[old] = section
        for row in [*self.figures.all(), *self.facts.all()]:
            row.pk, row.edition, row.section = None, other, sections[row.section_id]
            row.save(force_insert=True)

    def problems(self) -> list[str]:
        """What keeps this edition from being published, in words for editors."""
        found = []
        sections = {section.pk: section for section in self.sections.all()}
        if not sections:
            found.append("Der Text hat noch keinen Abschnitt.")
        if not self.lead:
            found.append("Der Vorspann fehlt.")
        for kind, rows in (("Zahl", self.figures.all()), ("Merkmal", self.facts.all())):
            for row in rows:
                section = sections.get(row.section_id)
                if section is None:
                    found.append(f"{kind} „{row}“ verweist auf einen Abschnitt einer anderen Ausgabe.")
                elif not evidence.states(section.body, row.evidence):
                    found.append(
                        f"{kind} „{row}“: Der Satz „{row.evidence}“ steht nicht mehr im Abschnitt „{section.heading}“."
                    )
                elif missing := row.unproven():
                    found.append(f"{kind} „{row}“: Der Belegsatz nennt {missing} nicht.")
        return found

    @transaction.atomic
    def publish(self, by, at=None) -> None:
        """Make this working copy the page that people read. Raises LostEvidence."""
        if problems := self.problems():
            raise LostEvidence(problems)
        at = at or timezone.now()
        if not Edition.objects.filter(pk=self.pk, published_at__isnull=True).update(published_at=at, published_by=by):
            raise LostEvidence(["Diese Ausgabe ist schon veröffentlicht; bitte eine neue Arbeitsfassung anlegen."])
        self.refresh_from_db(fields=["published_at", "published_by"])


class Section(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    heading = models.CharField("Überschrift", max_length=120)
    slug = models.CharField("Anker", max_length=60, blank=True, validators=[slug_validator])
    body = models.TextField("Text (Markdown)", max_length=20_000)

    class Meta:
        verbose_name = "Abschnitt"
        verbose_name_plural = "Abschnitte"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="section_slug_unique")]

    def __str__(self):
        return self.heading

    def save(self, *args, **kwargs):
        self.slug = self.slug or german_slug(self.heading, empty="abschnitt", length=60)
        super().save(*args, **kwargs)


class Level(models.TextChoices):
    """How much experience is asked for; shared by figures and vacancies."""

    EINSTIEG = "einstieg", "Einstieg"
    ERFAHREN = "erfahren", "Mit Erfahrung"
    SPEZIALIST = "spezialist", "Spezialisierung"


class Proven(models.Model):
    """What stands on a city page only because a sentence of its text says so."""

    edition: models.ForeignKey  # each names its own reverse side
    section = models.ForeignKey(Section, models.RESTRICT, verbose_name="Abschnitt", related_name="%(class)ss")
    evidence = models.CharField(
        "Belegsatz",
        max_length=600,
        help_text="Genau der Satz, der es sagt, so wie er in diesem Abschnitt steht.",
    )

    class Meta:
        abstract = True

    def unproven(self) -> str:
        """What this row states and its sentence does not; in words, empty where there is nothing."""
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

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="figures")
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

    def unproven(self):
        stated = evidence.amounts(self.evidence)
        return " und ".join(
            f"{end:,} €".replace(",", ".") for end in (self.low, self.high) if end and end not in stated
        )


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

    class Meta:
        verbose_name = "Merkmal"
        verbose_name_plural = "Merkmale"
        ordering = ["kind", "slug"]

    def __str__(self):
        return self.name


class CityFact(Proven):
    """A fact of one edition with its evidence."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="facts")
    fact = models.ForeignKey(Fact, models.PROTECT, verbose_name="Merkmal", related_name="cities")

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
