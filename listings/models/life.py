"""The life of a vacancy: its dates, the one table of its steps, and a verb for each."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.timezone import localdate

from listings import emails, linter
from listings.models.events import VacancyEvent
from listings.models.revisions import Revision, difference, needs_review, plain
from listings.models.stamps import CityStamp

MAX_RUN_DAYS = 60  # an ad ends at most so many days ahead
EXTENDED_BY = 30
GRACE_DAYS = 14  # so long after its last day an ad can be extended; then it is closed as ended
ASK_AFTER = 21  # days without a word from the employer until a mail asks whether the job is still open
TELL_AFTER = 7  # days without an answer until readers are told
PAUSE_AFTER = 14  # and until the ad is paused


class Status(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    IN_REVIEW = "in_review", "In Prüfung"
    PUBLISHED = "published", "Veröffentlicht"
    PAUSED = "paused", "Pausiert"
    CLOSED = "closed", "Geschlossen"
    REMOVED = "removed", "Entfernt"


RUNNING = {Status.PUBLISHED, Status.PAUSED}
COUNTED = {"status", "last_day", "city_id"}  # a step that writes one of them may change what is counted of a city
# Given by editors, never by somebody about an ad of their own firm.
VERDICTS = {"send_back", "publish", "override", "remove", "restore", "accept", "return"}


class WrongStatus(Exception):
    """A step that the vacancy's state does not allow, or that somebody else was faster to change."""


class Life(models.Model):
    """What Vacancy inherits: columns that only these verbs write, and the verbs."""

    class ClosedAs(models.TextChoices):
        FILLED = "filled", "besetzt"
        WITHDRAWN = "withdrawn", "zurückgezogen"
        ENDED = "ended", "abgelaufen"

    class FilledHere(models.TextChoices):
        YES = "yes", "ja"
        NO = "no", "nein"
        UNKNOWN = "unknown", "nicht bekannt"

    LIFECYCLE = {  # step: (allowed from, leads to; None where the status stays)
        "submit": ({Status.DRAFT}, Status.IN_REVIEW),
        "take_back": ({Status.IN_REVIEW}, Status.DRAFT),
        "send_back": ({Status.IN_REVIEW}, Status.DRAFT),
        "publish": ({Status.IN_REVIEW}, Status.PUBLISHED),
        "pause": ({Status.PUBLISHED}, Status.PAUSED),
        "resume": ({Status.PAUSED}, Status.PUBLISHED),
        "close": (RUNNING, Status.CLOSED),
        "remove": (RUNNING, Status.REMOVED),
        "restore": ({Status.REMOVED}, Status.PUBLISHED),
        "ask": ({Status.PUBLISHED}, None),
        "confirm": ({Status.PUBLISHED}, None),
        "extend": (RUNNING, None),
        "edit": (RUNNING, None),
        "propose": (RUNNING, None),
        "withdraw": (RUNNING, None),
        "accept": (RUNNING, None),
        "return": (RUNNING, None),
    }

    status = models.CharField("Stand", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    first_day = models.DateField("erster Tag", null=True, blank=True)
    last_day = models.DateField("letzter Tag", null=True, blank=True)
    submitted_at = models.DateTimeField("eingereicht am", null=True, editable=False)
    first_published_at = models.DateTimeField("zuerst veröffentlicht am", null=True, editable=False)
    confirmed_on = models.DateField("als offen bestätigt am", null=True, editable=False)
    asked_on = models.DateField("nach „noch offen?“ gefragt am", null=True, editable=False)  # until answered
    renewals = models.PositiveSmallIntegerField("Verlängerungen", default=0, editable=False)
    closed_as = models.CharField("geschlossen als", max_length=10, choices=ClosedAs, blank=True, editable=False)
    filled_here = models.CharField(
        "über diese Jobbörse besetzt", max_length=8, choices=FilledHere, blank=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("angelegt am", default=timezone.now, editable=False)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)

    class Meta:
        abstract = True

    # Questions

    @property
    def is_open(self) -> bool:
        """The twin of VacancyQuerySet.open()."""
        if self.status != Status.PUBLISHED or not self.first_day or not self.last_day:
            return False
        return self.first_day <= localdate() <= self.last_day

    @property
    def has_ended(self) -> bool:
        return self.last_day is not None and self.last_day < localdate()

    @property
    def has_begun(self) -> bool:
        return self.first_day is not None and self.first_day <= localdate()

    @property
    def is_waiting_for_first_day(self) -> bool:
        return self.status == Status.PUBLISHED and not self.has_begun

    @property
    def told_on(self):
        """From when on readers see that the employer has not answered."""
        return self.asked_on and self.asked_on + timedelta(days=TELL_AFTER)

    @property
    def paused_on(self):
        """When an ad without an answer is paused."""
        return self.asked_on and self.asked_on + timedelta(days=PAUSE_AFTER)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether readers are told that the employer has not answered whether the job is still open."""
        return self.told_on is not None and self.is_open and self.told_on <= localdate()

    def can(self, step: str) -> bool:
        """Whether the present status allows `step`."""
        return self.status in self.LIFECYCLE[step][0]

    def extended_last_day(self, on=None):
        """The last day after extending on that day, or None where extending gains nothing or comes too late."""
        on = on or localdate()
        if not self.can("extend") or self.last_day + timedelta(days=GRACE_DAYS) < on:
            return None
        longer = min(self.last_day + timedelta(days=EXTENDED_BY), on + timedelta(days=MAX_RUN_DAYS))
        return longer if longer > self.last_day else None

    # Until it is published

    @transaction.atomic
    def submit(self, by, at=None, *, hits=None, is_told=True):
        """Ask for review; of a trusted firm, what the linter finds nothing in is published at once.

        Raises ValidationError with what is missing or breaks a rule. `hits`: what the linter has said of it just now;
        `is_told`: False for who tells the firm of many ads in one mail.
        """
        at = at or timezone.now()
        self.check_complete(on=localdate(at))
        hits = self.hits(on=localdate(at)) if hits is None else hits
        linter.check(hits)
        first_day = max(self.first_day or localdate(at), localdate(at))
        event = self._move("submit", by, at, submitted_at=at, first_day=first_day)
        if self.employer.is_trusted and not hits:
            self._publish(None, self.version, at, is_told=is_told)
        elif is_told:
            emails.vacancy_submitted(self, event)

    @transaction.atomic
    def take_back(self, by, at=None):
        event = self._move("take_back", by, at)
        emails.vacancy_taken_back(self, event)

    @transaction.atomic
    def send_back(self, by, reason, version=None, at=None):
        """Back to the employer; the reason is what they read. Raises ValidationError without one."""
        _need(reason)
        event = self._move("send_back", by, at, reason=reason, version=version)
        emails.vacancy_sent_back(self, event)

    @transaction.atomic
    def publish(self, by, version, at=None):
        """Let readers see the version that was reviewed; a newer one refuses."""
        at = at or timezone.now()
        if not self.can("publish") or version != self.version:
            raise WrongStatus("publish")
        self.check_complete(on=localdate(at))  # days have passed since it was submitted
        linter.check(self.hits(on=localdate(at)))
        self._publish(by, version, at)

    def _publish(self, by, version, at, *, is_told=True):
        event = self._move(
            "publish",
            by,
            at,
            version=version,
            first_day=max(self.first_day, localdate(at)),
            first_published_at=self.first_published_at or at,
            confirmed_on=localdate(at),
        )
        if is_told:
            emails.vacancy_published(self, event)

    @transaction.atomic
    def override(self, by, rule, found, reason, at=None):
        """Let an error of the linter pass, for these words only. Raises ValidationError without a reason."""
        if not reason.strip():
            raise ValidationError({"reason": "Bitte sagen Sie, warum die Regel hier nicht greift."})
        at = at or timezone.now()
        if self.status in {Status.CLOSED, Status.REMOVED}:
            raise WrongStatus("override")
        role, on = self._role("override", by), localdate(at)
        for hit in linter.blocking([*self.hits(on), *self.as_revised().hits(on)]):
            if (hit.rule, hit.found.split()) == (rule, found.split()):  # browsers write line breaks their own way
                data = {"field": hit.field, "found": hit.found}
                # Not through _move: a new version would stop whoever is writing on the ad just now.
                event = self.events.create(
                    step="override", by=by, role=role, rule=rule, reason=reason, data=data, at=at
                )
                emails.vacancy_excepted(self, event)
                return
        raise WrongStatus("override")

    # While it runs

    @transaction.atomic
    def pause(self, by, at=None):
        asked_on = None if by else self.asked_on  # a person who pauses has answered; else an answer may have come
        only = Q(asked_on=self.asked_on)
        event = self._move("pause", by, at, only=only, keeps_version=True, asked_on=asked_on)
        emails.vacancy_paused(self, event)

    @transaction.atomic
    def resume(self, by, at=None, role=None):
        event = self._move("resume", by, at, role=role, keeps_version=True, confirmed_on=localdate(at), asked_on=None)
        emails.vacancy_resumed(self, event)

    @transaction.atomic
    def close(self, by, closed_as, filled_here="", at=None, role=None):
        """`filled_here`: whether the person was found through this board, where somebody says so."""
        if closed_as not in self.ClosedAs.values:
            raise ValidationError({"closed_as": "Bitte sagen Sie, warum die Anzeige endet."})
        if filled_here and (closed_as != self.ClosedAs.FILLED or filled_here not in self.FilledHere.values):
            raise ValidationError({"filled_here": "Bitte wählen Sie eine der Antworten."})
        event = self._move("close", by, at, role=role, closed_as=closed_as, filled_here=filled_here)
        self._drop_waiting_revision(by, at)
        emails.vacancy_closed(self, event)

    @transaction.atomic
    def remove(self, by, reason, version=None, at=None):
        """Take the ad off the net; the reason is what the employer reads. Raises ValidationError without one."""
        _need(reason)
        event = self._move("remove", by, at, reason=reason, version=version)
        self._drop_waiting_revision(by, at)
        emails.vacancy_removed(self, event)

    @transaction.atomic
    def restore(self, by, version=None, at=None):
        if self.can("restore") and not self.tasks:  # forgotten after a year
            raise ValidationError("Der Text dieser Anzeige ist schon gelöscht.")
        event = self._move("restore", by, at, version=version, asked_on=None)
        emails.vacancy_restored(self, event)

    # Is the job still open?

    @transaction.atomic
    def ask(self, at=None):
        """Ask the firm by mail whether the job is still open; once until it answers."""
        event = self._move("ask", None, at, only=Q(asked_on=None), keeps_version=True, asked_on=localdate(at))
        emails.vacancy_asked(self, event)

    @transaction.atomic
    def confirm(self, by, at=None, role=None):
        event = self._move("confirm", by, at, role=role, keeps_version=True, confirmed_on=localdate(at), asked_on=None)
        emails.vacancy_confirmed(self, event)

    @transaction.atomic
    def extend(self, by, at=None):
        """Let it run 30 days longer. Raises ValidationError where that gains nothing or comes too late."""
        at = at or timezone.now()
        if not self.can("extend"):
            raise WrongStatus("extend")
        last_day = self.extended_last_day(on=localdate(at))
        if last_day is None and self.has_ended:
            raise ValidationError(
                f"Der letzte Tag liegt mehr als {GRACE_DAYS} Tage zurück. Duplizieren Sie die Anzeige."
            )
        if last_day is None:
            raise ValidationError(f"Die Anzeige läuft schon so lange, wie es geht: {MAX_RUN_DAYS} Tage von heute an.")
        if self.apply_until and self.apply_until < localdate(at):
            raise ValidationError("Die Bewerbungsfrist ist vorbei. Bitte ändern Sie sie, bevor Sie verlängern.")
        event = self._move(
            "extend",
            by,
            at,
            data={"last_day": [self.last_day.isoformat(), last_day.isoformat()]},
            last_day=last_day,
            renewals=F("renewals") + 1,
            confirmed_on=localdate(at),
            asked_on=None,
        )
        revision = self.waiting_revision()
        if revision and "last_day" in revision.changes:  # or accepting it would make the ad shorter again
            revision.change({name: value for name, value in revision.changes.items() if name != "last_day"}, by)
        emails.vacancy_extended(self, event)

    @transaction.atomic
    def duplicate(self, by, at=None):
        """A new draft that says the same, for the next round; its life begins anew."""
        from listings import search

        at = at or timezone.now()
        today = localdate(at)
        content = {self._meta.get_field(name).attname: None for name in self.CONTENT}
        content = {name: getattr(self, name) for name in content} | {"apply_until": None}
        draft = type(self)(
            employer=self.employer,
            first_day=today,
            last_day=today + timedelta(days=EXTENDED_BY),
            created_at=at,
            changed_at=at,
            **content,
        )
        draft.save()
        draft.facts.set(self.facts.all())
        draft.events.create(
            step="create", by=by, role=VacancyEvent.role_of(by, self), data={"copied_from": self.pk}, at=at
        )
        search.index(draft)
        return draft

    # Changes to what readers see already

    def waiting_revision(self):
        return self.revisions.filter(state=Revision.State.WAITING).first()

    def as_revised(self, revision=None):
        """An unsaved copy with the changes of `revision` (of the one that waits): for previews, linter and forms."""
        revision = revision or self.waiting_revision()
        return self.with_changes(revision.changes if revision else {})

    @transaction.atomic
    def edit(self, by, changes, version, at=None, *, is_told=True):
        """Change a running ad: "live" at once, or "waiting" for review where readers rely on what changes.

        `changes`: column → value, "facts" → slugs; what equals as_revised() is passed over, so a form may hand over
        everything it holds. What already waits is kept and goes the same way. `version` is the one that the person
        saw: a newer one refuses. Raises ValidationError by field. `is_told`: as of submit().
        """
        at = at or timezone.now()
        if not self.can("edit") or version != self.version:
            raise WrongStatus("edit")
        revision = self.waiting_revision()
        asked, wanted = self._wanted(changes, revision)
        if not asked:
            return "waiting" if revision else "live"
        if not wanted:  # as it was before
            self.withdraw_revision(by, at)
            return "live"
        revised = self.with_changes(wanted)
        revised.check_edit(self, asked, on=localdate(at))
        data = {"changes": difference(self, wanted)}
        confirmed = {"confirmed_on": localdate(at), "asked_on": None}
        if needs_review(self, revised, wanted, on=localdate(at)):
            event = self._move("propose", by, at, version=version, data=data, **confirmed)
            if revision:
                revision.change(wanted, by)
            else:
                self.revisions.create(changes=wanted, by=by, at=at)
            if is_told:
                emails.vacancy_change_proposed(self, event)
            return "waiting"
        if revision:
            revision.settle(Revision.State.WITHDRAWN, by, at)
        event = self._move("edit", by, at, version=version, data=data, **confirmed, **self._columns_of(revised, wanted))
        self._take_over(revised)
        if is_told:
            emails.vacancy_changed(self, event)
        return "live"

    def foresee_edit(self, changes, at=None):
        """What edit() would answer, or raise, and nothing happens."""
        revision, on = self.waiting_revision(), localdate(at)
        asked, wanted = self._wanted(changes, revision)
        if not asked:
            return "waiting" if revision else "live"
        if not wanted:
            return "live"
        revised = self.with_changes(wanted)
        revised.check_edit(self, asked, on=on)
        return "waiting" if needs_review(self, revised, wanted, on=on) else "live"

    def _wanted(self, changes, revision):
        """What `changes` ask beyond as_revised(), and what is then different from the stored ad."""
        shown = self.as_revised(revision)
        asked = {name: plain(name, value) for name, value in changes.items()}
        asked = {name: value for name, value in asked.items() if value != shown.plain(name)}
        wanted = {**(revision.changes if revision else {}), **asked}
        return asked, {name: value for name, value in wanted.items() if value != self.plain(name)}

    @transaction.atomic
    def accept_revision(self, by, version, at=None):
        """Let readers see the change in the version that was reviewed; a newer one refuses."""
        at = at or timezone.now()
        revision = self.waiting_revision()
        if revision is None or revision.version != version:
            raise WrongStatus("accept")
        revised = self.as_revised(revision)
        revised.check_edit(self, revision.changes, on=localdate(at))
        linter.check(revised.hits(on=localdate(at)))
        data = {"changes": difference(self, revision.changes)}
        event = self._move("accept", by, at, data=data, **self._columns_of(revised, revision.changes))
        revision.settle(Revision.State.APPLIED, by, at)
        self._take_over(revised)
        emails.vacancy_change_accepted(self, event)

    @transaction.atomic
    def return_revision(self, by, reason, version, at=None):
        """Leave the ad as it is; the reason is what the employer reads. Raises ValidationError without one."""
        _need(reason)
        revision = self.waiting_revision()
        if revision is None or revision.version != version:
            raise WrongStatus("return")
        data = {"changes": difference(self, revision.changes)}
        event = self._move("return", by, at, reason=reason, data=data)
        revision.settle(Revision.State.RETURNED, by, at, reason=reason)
        emails.vacancy_change_returned(self, event)

    @transaction.atomic
    def withdraw_revision(self, by, at=None):
        revision = self.waiting_revision()
        if revision is None:
            raise WrongStatus("withdraw")
        event = self._move("withdraw", by, at, data={"changes": difference(self, revision.changes)})
        revision.settle(Revision.State.WITHDRAWN, by, at)
        emails.vacancy_change_withdrawn(self, event)

    def _drop_waiting_revision(self, by, at):
        """Nothing waits for an ad that is over."""
        if revision := self.waiting_revision():
            revision.settle(Revision.State.WITHDRAWN, by, at)

    def _columns_of(self, revised, changes):
        """What an update writes, so that readers see `revised`."""
        names = {*changes, "city", "pay_month_low", "pay_month_high"} - {"facts"}
        attributes = [self._meta.get_field(name).attname for name in names]
        return {name: getattr(revised, name) for name in attributes}

    def _take_over(self, revised):
        from listings import search

        facts = {fact.pk for fact in revised.facts.all()}
        if facts != set(self.facts.values_list("pk", flat=True)):
            self.facts.set(facts)
        self.refresh_from_db()
        search.index(self)

    # The mover

    def _move(
        self, step, by, at, reason="", version=None, data=None, only=None, role=None, keeps_version=False, **fields
    ):
        """The one place that changes a status. Raises WrongStatus, also when someone was faster.

        `only`: a further condition; `role`: where nobody is logged in and yet it is not the system that acts;
        `keeps_version`: where nothing changes that a form shows.
        """
        at = at or timezone.now()
        allowed, status = self.LIFECYCLE[step]
        role = role or self._role(step, by)
        fields["changed_at"] = at
        if status:
            fields["status"] = status
        ads = type(self)._default_manager
        # What is counted are open ads: a step between others leaves the stamp, which many wait for, alone.
        if COUNTED & fields.keys() and Status.PUBLISHED in {*allowed, status}:
            # The stored city, held until we are done: connect_cities() may have changed it since this ad was read.
            stored = ads.select_for_update().filter(pk=self.pk).values_list("city", flat=True)
            CityStamp.objects.renew([*stored, fields.get("city_id")])
        seen = version or self.version
        fields["version"] = seen if keeps_version else seen + 1
        unchanged = ads.filter(only or Q(), pk=self.pk, status__in=allowed, version=seen)
        if not unchanged.update(**fields):
            raise WrongStatus(step)
        if status:
            for name, value in fields.items():
                setattr(self, name, value)
        else:  # which of those allowed it is, the database knows
            self.refresh_from_db(fields=[*fields, "status"])
        return self.events.create(step=step, by=by, role=role, reason=reason, data=data or {}, at=at)

    def _role(self, step, by) -> str:
        """In which role `by` takes `step`. Raises PermissionDenied for a verdict on an ad of their own firm."""
        role = VacancyEvent.role_of(by, self)
        if step in VERDICTS and role == VacancyEvent.Role.EMPLOYER:
            raise PermissionDenied("Über Anzeigen der eigenen Firma entscheidet jemand anderes aus der Redaktion.")
        return role


def _need(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Bitte nennen Sie den Grund; der Arbeitgeber bekommt ihn zu lesen."})
