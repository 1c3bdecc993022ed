"""Cities with a page, and the editions of that page: the working copy, the live one, history."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.timezone import localdate, localtime

from jobboard.differences import Row
from jobboard.text import german_slug
from profiles import differences, evidence
from profiles.evidence import Problem, Unbacked
from profiles.models.places import Place
from profiles.models.proven import SalaryFigure, slug_validator
from profiles.places import distance_km


class CityQuerySet(models.QuerySet["City"]):
    def live(self):
        """Cities whose page can be read now; each carries `live_id` and `lead` of its live edition."""
        newest = Edition.objects.newest_live().filter(city=OuterRef("pk"))
        return self.annotate(
            live_id=Subquery(newest.values("pk")[:1]),
            lead=Subquery(newest.values("lead")[:1]),
            published_at=Subquery(newest.values("published_at")[:1]),
        ).filter(live_id__isnull=False)

    def readable(self):
        """The same cities without what they carry there, at less cost."""
        return self.filter(Exists(Edition.objects.live().filter(city=OuterRef("pk"))))


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

    def scheduled_edition(self) -> "Edition | None":
        """The one that readers get at a date to come; while it waits, nobody works on another."""
        return self.editions.scheduled().first()

    def lock(self) -> None:
        """Every verb takes it first, so that those of one city come one after the other."""
        # no_key: ads move to the city meanwhile, or one that does and a verb that connects ads wait for each other.
        City.objects.select_for_update(no_key=True).get(pk=self.pk)

    @transaction.atomic
    def working_edition(self, by) -> "Edition":
        """The working copy; made from the live edition where there is none yet. Raises Refused beside a scheduled one."""
        self.lock()
        if draft := self.editions.filter(published_at__isnull=True).first():
            return draft
        self._refuse_beside_scheduled()
        return self._copy(self.live_edition(), by)

    def _refuse_beside_scheduled(self) -> None:
        # Or a text begun today would be replaced by an older one on its date.
        if scheduled := self.scheduled_edition():
            raise Refused(
                f"Ausgabe {scheduled.number} erscheint {scheduled.appears}. Wer vorher weiterschreiben will, hebt erst "
                "diesen Termin auf."
            )

    def _copy(self, source: "Edition | None", by, **fields) -> "Edition":
        number = (self.editions.aggregate(last=Max("number"))["last"] or 0) + 1
        copy = self.editions.create(
            number=number, created_by=by, changed_by=by, lead=source.lead if source else "", **fields
        )
        if source:
            source.copy_into(copy)
        return copy

    @transaction.atomic
    def confirm_figures(self, by, slugs: Iterable[str], at=None, seen: int | None = None) -> "Edition":
        """ "Geprüft, stimmt noch": a new live edition that differs only in who checked these figures and when.

        seen: the live edition that was read, by pk. The same figures of the working copy or the scheduled edition are
        renewed where they state the same; `renewed` of the new edition says which. Raises Refused.
        """
        self.lock()
        live, slugs, at = self.live_edition(), set(slugs), at or timezone.now()
        if live is None:
            raise Refused("Diese Stadt hat noch keine Seite, deren Zahlen sich prüfen ließen.")
        if seen is not None and live.pk != seen:
            raise Refused("Inzwischen ist eine andere Ausgabe zu lesen. Bitte sehen Sie deren Zahlen an.")
        if not slugs:
            raise Refused("Bitte kreuzen Sie an, welche Zahlen Sie geprüft haben.")
        if slugs - {figure.slug for figure in live.figures.all()}:
            raise Refused("Eine dieser Zahlen steht nicht mehr auf der Seite.")
        not_read = self.editions.filter(Q(published_at__isnull=True) | Q(published_at__gt=at)).order_by("pk")
        # Locked before its figures, in the order of revise(), or the two would wait for each other.
        waiting = not_read.select_for_update().first()
        checked = {"checked_on": localdate(at), "checked_by": by}
        new = self._copy(live, by, note="Zahlen geprüft", published_at=at, published_by=by)
        new.figures.filter(slug__in=slugs).update(**checked)
        if problems := new.problems():
            raise LostEvidence(problems)
        if waiting:
            statements = {figure.slug: figure.statement for figure in new.figures.filter(slug__in=slugs)}
            same = [each for each in waiting.figures.all() if statements.get(each.slug) == each.statement]
            if waiting.figures.filter(pk__in=[each.pk for each in same]).update(**checked):
                # Whoever is writing on it holds the old dates and is told.
                self.editions.filter(pk=waiting.pk).update(version=F("version") + 1, changed_at=at, changed_by=by)
                new.renewed = (waiting, same)
        return new


MAX_AHEAD = timedelta(days=365)
MAX_HISTORY = 1000  # rows of figures that are looked through


class EditionQuerySet(models.QuerySet["Edition"]):
    def live(self):
        """Published by now."""
        return self.filter(published_at__lte=timezone.now())

    def scheduled(self):
        return self.filter(published_at__gt=timezone.now())

    def newest_first(self):
        """In the order in which they are read; numbers only say which was begun first."""
        return self.order_by(F("published_at").desc(nulls_first=True), "-number")

    def newest_live(self):
        """Live ones, the newest first: of a city, the first is the page that people read."""
        return self.live().order_by("-published_at", "-number")


class Refused(Exception):
    """A verb that an edition cannot take now; str() says why, in words for editors."""


class LostEvidence(Refused):
    """An edition cannot be published: `problems` says which sentence is missing where."""

    def __init__(self, problems: list[Problem]):
        super().__init__(" ".join(map(str, problems)))
        self.problems = problems


class Outdated(Refused):
    """Somebody else has saved or published since: `by` and `at`, of the `edition` as it is now."""

    def __init__(self, edition: "Edition"):
        self.edition, self.by, self.at = edition, edition.changed_by, edition.changed_at
        who = str(self.by.name or self.by) if self.by else "Jemand anderes"
        when = f"{localtime(self.at):%d.%m.%Y um %H:%M} Uhr"
        done = "gespeichert" if edition.is_working_copy else "geändert oder veröffentlicht"
        super().__init__(f"{who} hat {edition} am {when} {done}, seit Sie die Seite geöffnet haben.")


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
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name="geändert von",
        related_name="+",
    )
    published_at = models.DateTimeField("veröffentlicht am", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    renewed: "tuple[Edition, list[SalaryFigure]] | None" = None  # by City.confirm_figures()

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

    @property
    def is_scheduled(self) -> bool:
        return self.published_at is not None and self.published_at > timezone.now()

    @property
    def appears(self) -> str:
        """When, within a sentence."""
        return f"am {localtime(self.published_at):%d.%m.%Y um %H:%M} Uhr" if self.published_at else "noch nicht"

    def age(self) -> tuple:
        """For sorting, the oldest first: the twin of newest_first()."""
        return self.published_at is None, self.published_at or self.created_at, self.number

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

    def problems(self) -> list[Problem]:
        """What keeps this edition from being published."""
        found = []
        sections = {section.pk: section for section in self.sections.all()}
        bodies = {section: section.body for section in sections.values()}
        figures = list(self.figures.all())
        if not sections:
            found.append(Problem("Der Text hat noch keinen Abschnitt."))
        if not self.lead:
            found.append(Problem("Der Vorspann fehlt."))
        for kind, rows in (("Zahl", figures), ("Merkmal", self.facts.all())):
            for row in rows:
                section = sections.get(row.section_id)
                if section is None:
                    text = f"{kind} „{row}“ verweist auf einen Abschnitt einer anderen Ausgabe."
                    found.append(Problem(text, row))
                elif not evidence.states(section.body, row.evidence):
                    text = f"{kind} „{row}“: Der Satz „{row.evidence}“ steht nicht mehr im Abschnitt „{section}“."
                    found.append(Problem(text, row, section, evidence.closest(row.evidence, bodies)))
                elif disagreement := row.disagreement(section.body, figures if kind == "Zahl" else ()):
                    found.append(Problem(f"{kind} „{row}“: {disagreement}", row, section))
        return found

    def unbacked(self) -> list[Unbacked]:
        """Amounts in EUR that the text names and no figure states: worth a look, nothing that blocks."""
        stated = {end for figure in self.figures.all() for end in (figure.low, figure.high) if end is not None}
        texts = [(None, self.lead), *((section, section.body) for section in self.sections.all())]
        return [
            Unbacked(amount, words, section, sentence)
            for section, text in texts
            for amount, words, sentence in evidence.euro_amounts(text)
            if not evidence.whole(amount) & stated
        ]

    def revise(self, version: int, by) -> None:
        """Take the next version, in the transaction that saves what was written on `version`.

        Raises Outdated, or DoesNotExist where it was discarded.
        """
        unchanged = Edition.objects.filter(pk=self.pk, version=version, published_at__isnull=True)
        if not unchanged.update(version=F("version") + 1, changed_at=timezone.now(), changed_by=by):
            raise Outdated(Edition.objects.select_related("city__place", "changed_by").get(pk=self.pk))
        self.refresh_from_db(fields=["version", "changed_at", "changed_by"])

    @transaction.atomic
    def publish(self, by, at=None, version: int | None = None) -> None:
        """Make this working copy the page that people read, now or `at` a time within a year.

        version: the one that was read, else that of this object. Raises Refused, in particular LostEvidence and
        Outdated.
        """
        seen, now = version or self.version, self._lock()
        if not self.is_working_copy:
            raise Refused(f"Ausgabe {self.number} ist schon veröffentlicht oder hat schon einen Termin.")
        if at is not None and at < now:
            raise Refused("Dieser Zeitpunkt liegt in der Vergangenheit.")
        if at is not None and at > now + MAX_AHEAD:
            raise Refused("Ein Termin liegt höchstens ein Jahr in der Zukunft.")
        if self.version != seen:
            raise Outdated(self)
        if problems := self.problems():
            raise LostEvidence(problems)
        self._move(by, now, published_at=at or now, published_by=by)

    @transaction.atomic
    def lift_date(self, by) -> None:
        """Make this scheduled edition the working copy again. Raises Refused once it can be read."""
        now = self._lock()
        if self.is_working_copy:
            raise Refused(f"Ausgabe {self.number} hat keinen Termin.")
        if not self.is_scheduled:
            raise Refused(f"Ausgabe {self.number} ist schon erschienen.")
        # Releases before this one allowed both.
        if draft := self.city.editions.filter(published_at__isnull=True).first():
            raise Refused(
                f"Es gibt schon eine Arbeitsfassung, Ausgabe {draft.number}. Bitte verwerfen Sie zuerst diese."
            )
        self._move(by, now, published_at=None, published_by=None)

    def _lock(self) -> datetime:
        """This edition as it is once no other verb is at work, and the time by then."""
        self.city.lock()
        try:
            self.refresh_from_db(from_queryset=Edition.objects.select_related("city__place"))
        except Edition.DoesNotExist as gone:
            raise Refused(f"Ausgabe {self.number} ist inzwischen verworfen.") from gone
        return timezone.now()

    def _move(self, by, now, **fields) -> None:
        # revise() takes no lock of the city: whoever saves at the same time is in this version or comes too late.
        unchanged = Edition.objects.filter(pk=self.pk, version=self.version)
        if not unchanged.update(version=F("version") + 1, changed_at=now, changed_by=by, **fields):
            self.refresh_from_db()
            raise Outdated(self)
        self.refresh_from_db()

    @transaction.atomic
    def restore(self, by) -> "Edition":
        """A working copy that holds what this earlier edition held. Raises Refused."""
        self.city.lock()
        if self.is_working_copy or self.is_scheduled or self == self.city.live_edition():
            raise Refused("Wiederherstellen lässt sich nur eine frühere Ausgabe.")
        if draft := self.city.editions.filter(published_at__isnull=True).first():
            raise Refused(
                f"Es gibt schon eine Arbeitsfassung, Ausgabe {draft.number}. Bitte veröffentlichen oder verwerfen Sie "
                "zuerst diese."
            )
        self.city._refuse_beside_scheduled()
        return self.city._copy(self, by, note=f"Wiederhergestellt aus Ausgabe {self.number}")

    @transaction.atomic
    def discard(self, version: int | None = None) -> None:
        """Delete this working copy.

        version: the one that was read, else that of this object. Raises Refused where it has been published meanwhile,
        Outdated where somebody has saved.
        """
        seen = version or self.version
        self._lock()
        if not self.is_working_copy:
            raise Refused(f"Ausgabe {self.number} ist inzwischen veröffentlicht oder hat einen Termin.")
        # revise() takes no lock of the city; it waits for this row, or has changed it.
        if not Edition.objects.select_for_update().filter(pk=self.pk, version=seen).exists():
            raise Outdated(Edition.objects.select_related("city__place", "changed_by").get(pk=self.pk))
        self.delete()

    def figures_with_history(self) -> list[SalaryFigure]:
        """Its figures with their sections, in one query, each with what it stated `earlier`, newest first.

        Earlier statements are those of published editions: each once, with the first edition that stated it so.
        """
        published = Q(edition__city=self.city_id, edition__published_at__lte=self.published_at or timezone.now())
        rows = SalaryFigure.objects.filter(published | Q(edition=self.pk)).annotate(
            is_older=Case(When(edition=self.pk, then=0), default=1)
        )
        rows = rows.select_related("section", "edition__published_by", "checked_by")
        figures: dict[str, SalaryFigure] = {}
        for row in rows.order_by("is_older", "-edition__published_at", "-edition__number", "order", "pk")[:MAX_HISTORY]:
            if not row.is_older:
                figures[row.slug], row.earlier = row, [row]
            elif row.slug in figures:
                known = figures[row.slug].earlier
                if known[-1].is_same_check(row):
                    known[-1] = row
                else:
                    known.append(row)
        for figure in figures.values():
            del figure.earlier[0]  # what it states itself
        return list(figures.values())

    def difference(self, other: "Edition") -> list[Row]:
        """What changes from `other` to this edition, in words."""
        return differences.between(other, self)


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
