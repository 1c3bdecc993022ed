"""A stamp for each city that is another one whenever its open ads have changed: what is kept about them goes by it."""

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
