"""What the search reads of a vacancy; everything of the search engines hangs on this table alone."""

from django.db import models


class SearchText(models.Model):
    """What the search reads of a vacancy: three normalised texts, each holding more than the one before."""

    vacancy = models.OneToOneField("Vacancy", models.CASCADE, primary_key=True, related_name="search_text")
    title = models.TextField()
    facts = models.TextField()
    everything = models.TextField()
    stamp = models.CharField(
        max_length=16, blank=True, editable=False
    )  # of the analyser and the words it was written with

    class Meta:
        verbose_name = "Suchtext"
        verbose_name_plural = "Suchtexte"

    def __str__(self):
        return self.title
