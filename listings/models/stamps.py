"""Stamps, drawn anew whenever something has changed: what is kept of a city's open ads, or of words, goes by them."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import models

from profiles.models import City


class CityStampQuerySet(models.QuerySet["CityStamp"]):
    def renew(self, cities: Iterable[int | None]) -> None:
        """New stamps for the cities with these ids, in one statement; part of the transaction that changes the ads.

        Drawn, not counted up: a number that was rolled back would come again and stand for something else.
        """
        # In one order, so that two transactions never wait for each other.
        rows = [self.model(city_id=pk, value=uuid4()) for pk in sorted({pk for pk in cities if pk})]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["city"], update_fields=["value"])


class CityStamp(models.Model):
    city = models.OneToOneField(City, models.CASCADE, primary_key=True, related_name="stamp")
    value = models.UUIDField(default=uuid4)

    objects = CityStampQuerySet.as_manager()

    class Meta:
        verbose_name = "Stempel einer Stadt"
        verbose_name_plural = "Stempel der Städte"

    def __str__(self):
        return str(self.value)


class ConceptStampQuerySet(models.QuerySet["ConceptStamp"]):
    def renew(self) -> None:
        """Part of the transaction that changes the concepts, or after words are forgotten; drawn for the same reason."""
        stamp = self.model(pk=1, value=uuid4())
        self.bulk_create([stamp], update_conflicts=True, unique_fields=["id"], update_fields=["value"])


class ConceptStamp(models.Model):
    """A table of one row."""

    value = models.UUIDField(default=uuid4)

    objects = ConceptStampQuerySet.as_manager()

    class Meta:
        verbose_name = "Stempel der Begriffe"
        verbose_name_plural = "Stempel der Begriffe"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="concept_stamp_of_all")]

    def __str__(self):
        return str(self.value)
