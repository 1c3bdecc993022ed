"""What the linter of ads goes by, as data that editors keep: words with their reasons, and minimum wages."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from jobboard import wording


class Rule(models.TextChoices):
    TITLE = "L01", "Titel für alle Geschlechter"
    OPEN_TO_ALL = "L02", "Offen für alle"
    PAY_STATED = "L03", "Gehalt und Stunden"
    FORMER_PAY = "L04", "Keine Frage nach früherem Gehalt"
    PHRASES = "L05", "Zahlen statt Floskeln"
    MINIMUM_WAGE = "L06", "Mindestlohn"
    EMPLOYER_KIND = "L07", "Wer einstellt"
    FOUND_BY_MACHINES = "L08", "Ein Titel, der gefunden wird"
    READABLE = "L09", "Gut zu lesen"


# Where a rule comes from; what this board asks for is never shown as the law.
BASIS = {
    Rule.TITLE: "§§ 1, 7 und 11 AGG",
    Rule.OPEN_TO_ALL: "Gleichbehandlungsgesetz (AGG)",
    Rule.PAY_STATED: "Regel dieser Jobbörse",
    Rule.FORMER_PAY: "Regel dieser Jobbörse",
    Rule.PHRASES: "Empfehlung",
    Rule.MINIMUM_WAGE: "Mindestlohngesetz (MiLoG)",
    Rule.EMPLOYER_KIND: "Regel dieser Jobbörse",
    Rule.FOUND_BY_MACHINES: "Empfehlung für Suchmaschinen",
    Rule.READABLE: "Empfehlung",
}
WITH_WORDS = [Rule.TITLE, Rule.OPEN_TO_ALL, Rule.FORMER_PAY, Rule.PHRASES, Rule.EMPLOYER_KIND, Rule.FOUND_BY_MACHINES]


class LinterWord(models.Model):
    """Wordings that one reason holds for, in the notation of jobboard/wording.py."""

    key = models.CharField("Kürzel", max_length=40, blank=True, editable=False)  # of the file; empty: the editors' own
    name = models.CharField("Name", max_length=80)
    rule = models.CharField(
        "Regel", max_length=3, choices=[(rule.value, f"{rule.value} {rule.label}") for rule in WITH_WORDS]
    )
    words = models.TextField("Wendungen", max_length=8000, help_text="Eine je Zeile.")
    exceptions = models.TextField(
        "außer",
        max_length=8000,
        blank=True,
        help_text="Wendungen, in denen dasselbe Wort in Ordnung ist; eine je Zeile.",
    )
    unless_denied = models.BooleanField(
        "nicht, wenn verneint", default=False, help_text="„Ein Foto brauchen wir nicht“ ist dann kein Treffer."
    )
    neutral = models.BooleanField(
        "gilt als neutral",
        default=False,
        help_text="Nur für L01: Diese Wörter sprechen im Titel alle an, sie werden nicht beanstandet.",
    )
    why = models.CharField("Warum", max_length=300, blank=True)
    better = models.CharField("Besser", max_length=300, blank=True)
    active = models.BooleanField("wird angewandt", default=True)
    edited = models.BooleanField(
        "von der Redaktion geändert", default=False, editable=False, help_text="Neue Listen lassen den Eintrag in Ruhe."
    )

    class Meta:
        verbose_name = "Wortliste"
        verbose_name_plural = "Wortlisten"
        ordering = ["rule", "-neutral", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="linter_word_key"),
            models.CheckConstraint(
                condition=Q(rule__in=[rule.value for rule in WITH_WORDS]), name="linter_word_rule_known"
            ),
            models.CheckConstraint(condition=Q(neutral=False) | Q(rule="L01"), name="linter_word_neutral_in_titles"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.edited = True  # the loader writes in bulk, past this method
        super().save(*args, **kwargs)

    def clean(self):
        errors = wording.too_short({"words": self.words, "exceptions": self.exceptions})
        if self.neutral and self.rule != Rule.TITLE:
            errors["neutral"] = "Neutrale Wörter gibt es nur bei L01."
        if not self.neutral:
            errors |= {
                name: "Bitte sagen Sie es dem Arbeitgeber." for name in ("why", "better") if not getattr(self, name)
            }
        if errors:
            raise ValidationError(errors)

    def found_in(self, text: str) -> list[re.Match]:
        """Where `text` uses one of the wordings, outside of the exceptions and not denied."""
        return wording.find(self.words, self.exceptions, text, unless_denied=self.unless_denied)


class MinimumWage(models.Model):
    """The general minimum wage, EUR gross an hour, from a day on until the next one."""

    valid_from = models.DateField("gilt ab", unique=True)
    amount = models.DecimalField("Euro je Stunde", max_digits=5, decimal_places=2, validators=[MinValueValidator(1)])
    source = models.CharField("Quelle", max_length=200, blank=True)
    edited = models.BooleanField("von der Redaktion geändert", default=False, editable=False)

    class Meta:
        verbose_name = "Mindestlohn"
        verbose_name_plural = "Mindestlöhne"
        ordering = ["-valid_from"]

    def __str__(self):
        return f"ab {self.valid_from:%d.%m.%Y}"

    def save(self, *args, **kwargs):
        self.edited = True  # the loader writes in bulk, past this method
        super().save(*args, **kwargs)
