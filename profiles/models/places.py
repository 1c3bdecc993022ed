"""Towns and their postal codes: what people type into "Wo"."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Case, F, Q, When

from jobboard.text import fold
from profiles.places import Spot, box, distance_km


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
        """Places whose name begins like that, however the umlauts are written.

        Exactly that name first, then those with a page of their own, then the largest.
        """
        start = fold(text)
        return self.filter(folded__begins=start).order_by(
            Case(When(folded=start, then=0), default=1),
            Case(When(city=None, then=1), default=0),
            F("population").desc(nulls_last=True),
            "pk",
        )

    def within(self, km: float, *of) -> dict[int, float]:
        """Distance in km of every place at most `km` from the nearest of `of` (anything with latitude and longitude), by id."""
        boxes = reduce(or_, (Q(**box(centre, km)) for centre in of))
        rows = self.filter(boxes).order_by().values_list("id", "latitude", "longitude")
        away = ((pk, min(distance_km(centre, Spot(*spot)) for centre in of)) for pk, *spot in rows)
        return {pk: distance for pk, distance in away if distance <= km}


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
