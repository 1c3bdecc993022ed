"""What another system's file said of a vacancy, so that the next one shows what it says differently."""

from django.db import models
from django.utils import timezone


class Origin(models.Model):
    """Beside an imported vacancy: a digest of each statement, and not the statements, which are forgotten with the ad."""

    vacancy = models.OneToOneField("Vacancy", models.CASCADE, primary_key=True, related_name="origin")
    said = models.JSONField(default=dict)  # column: digest
    read_at = models.DateTimeField("zuletzt eingelesen am", default=timezone.now)

    class Meta:
        verbose_name = "Herkunft"
        verbose_name_plural = "Herkunft"

    def __str__(self):
        return f"Herkunft von {self.vacancy_id}"
