"""The words of the search: which mean the same, how the board writes them, which were looked for in vain."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from jobboard.phrases import flawed
from listings.models.stamps import ConceptStamp


class Concept(models.Model):
    """One idea and the ways to say it: somebody who types one of them finds ads that use another."""

    key = models.CharField("Kürzel", max_length=40, blank=True, editable=False)  # of the file; empty: the editors' own
    name = models.CharField("Name", max_length=80)
    wordings = models.TextField("Wörter", max_length=4000, help_text="Eines je Zeile; alle meinen dasselbe.")
    typed = models.TextField(
        "Wörter nur für Suchende",
        max_length=4000,
        blank=True,
        help_text="Eines je Zeile. Wer so etwas sucht, meint den Begriff; eine Anzeige, die es sagt, meint oft anderes: "
        "„20 Stunden“ steht auch bei einer Schulung.",
    )
    related = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="related_to",
        verbose_name="verwandte Rollen",
        help_text="Anzeigen, die davon sprechen, kommen nach den genauen Treffern.",
    )
    active = models.BooleanField("wird angewandt", default=True)
    edited = models.BooleanField(
        "von der Redaktion geändert", default=False, editable=False, help_text="Neue Listen lassen den Eintrag in Ruhe."
    )

    class Meta:
        verbose_name = "Begriff"
        verbose_name_plural = "Begriffe"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="concept_key")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.edited = True  # the loader writes in bulk, past this method
        with transaction.atomic():
            super().save(*args, **kwargs)
            ConceptStamp.objects.renew()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            ConceptStamp.objects.renew()
            return super().delete(*args, **kwargs)

    @transaction.atomic
    def relate(self, *others: "Concept") -> None:
        """These are the roles next to this one, and no others."""
        self.related.set(others)
        ConceptStamp.objects.renew()

    def clean(self):
        if errors := flawed({"wordings": self.wordings, "typed": self.typed}):
            raise ValidationError(errors)


class Word(models.Model):
    """A distinct word of the ads, against which typing errors are corrected."""

    folded = models.CharField(max_length=40, primary_key=True)
    shown = models.CharField("Wort", max_length=40)  # as an ad writes it
    start = models.CharField(max_length=10, db_index=True)  # its first letters

    class Meta:
        verbose_name = "Wort"
        verbose_name_plural = "Wörter"

    def __str__(self):
        return self.shown


class WordVariant(models.Model):
    """The start of words with up to two letters left out: two starts that share one are a typing error apart.

    Kept for starts and not for words, as hundreds of words begin like "Projekt".
    """

    pk = models.CompositePrimaryKey("text", "start")
    text = models.CharField(max_length=10)
    start = models.CharField(max_length=10)

    class Meta:
        verbose_name = "Wortvariante"
        verbose_name_plural = "Wortvarianten"

    def __str__(self):
        return self.text


class MissedWordQuerySet(models.QuerySet["MissedWord"]):
    def add(self, word: str, day) -> None:
        """Count one more search, in one statement."""
        self.bulk_create([self.model(word=word, day=day, count=0)], ignore_conflicts=True)
        self.filter(word=word, day=day).update(count=F("count") + 1)


class MissedWord(models.Model):
    """How often a day somebody looked for a word that no open ad knows; nothing about who."""

    word = models.CharField("Wort", max_length=40)
    day = models.DateField("Tag")
    count = models.PositiveIntegerField("Suchen", default=0)

    objects = MissedWordQuerySet.as_manager()

    class Meta:
        verbose_name = "gesuchtes Wort"
        verbose_name_plural = "gesuchte Wörter"
        ordering = ["-day", "-count", "word"]
        constraints = [models.UniqueConstraint(fields=["day", "word"], name="missed_word_of_day")]

    def __str__(self):
        return f"{self.word} ({self.day:%d.%m.%Y})"
