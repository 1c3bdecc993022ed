"""Changes to ads that readers see already: which wait for review, and what is different."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# What readers rely on: a change of these waits for an editor.
REVIEWED = {
    "title",
    "place",
    "workplace",
    "employer_kind",
    "pay_low",
    "pay_high",
    "pay_unit",
    "salaries_per_year",
    "tariff",
    "apply_email",
    "apply_url",
}


class Revision(models.Model):
    """A change to a running ad that waits for review, or what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "wartet"
        APPLIED = "applied", "übernommen"
        RETURNED = "returned", "zurückgegeben"
        WITHDRAWN = "withdrawn", "zurückgezogen"

    vacancy = models.ForeignKey("Vacancy", models.CASCADE, related_name="revisions")
    changes = models.JSONField(encoder=DjangoJSONEncoder)  # column: value as in plain()
    state = models.CharField("Stand", max_length=10, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="von", related_name="+"
    )
    at = models.DateTimeField("seit", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="entschieden von",
        related_name="+",
    )
    decided_at = models.DateTimeField("entschieden am", null=True, blank=True)
    reason = models.TextField("Grund", max_length=4000, blank=True)

    class Meta:
        verbose_name = "Änderung"
        verbose_name_plural = "Änderungen"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vacancy"], condition=Q(state="waiting"), name="revision_one_waiting"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state__in=["applied", "returned", "withdrawn"], decided_at__isnull=False),
                name="revision_decided_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="revision_returned_with_a_reason"
            ),
        ]

    def __str__(self):
        return f"Änderung an {self.vacancy}"

    def change(self, changes: dict, by) -> None:
        """Let something else wait in its place; the place in the queue stays. Raises WrongStatus when it is decided."""
        self._write(changes=changes, by=by, version=F("version") + 1)

    def settle(self, state: str, by, at=None, reason: str = "") -> None:
        self._write(state=state, decided_by=by, decided_at=at or timezone.now(), reason=reason)

    def _write(self, **fields) -> None:
        from listings.models.life import WrongStatus

        mine = Revision.objects.filter(pk=self.pk, state=self.State.WAITING, version=self.version)
        if not mine.update(**fields):
            raise WrongStatus("revision")
        self.refresh_from_db()


def field_of(name: str) -> Any:
    return apps.get_model("listings", "Vacancy")._meta.get_field(name)


def plain(name: str, value) -> Any:
    """`value` of the column `name` as JSON holds and compares it."""
    if name == "facts":
        return sorted({getattr(fact, "slug", fact) for fact in value})
    field = field_of(name)
    if isinstance(field, models.ForeignKey):
        return getattr(value, "pk", value)
    if value in (None, "") and field.null:
        return None
    value = field.to_python(value)
    if isinstance(field, models.DecimalField):
        return str(value.quantize(Decimal(1).scaleb(-field.decimal_places)))
    if isinstance(value, str):
        return value.strip()  # as the form does: an empty line at the end is no difference
    return value.isoformat() if isinstance(field, models.DateField) else value


def relied_on(vacancy, revised, changed) -> set[str]:
    """Of the columns that differ in `revised`, those that readers rely on."""
    found = REVIEWED & set(changed)
    # Pay on the common scale also follows from the hours; reckoned here for both, as a stored one is rounded.
    ends = ("pay_low", "pay_high")
    if any(vacancy.monthly(getattr(vacancy, end)) != revised.monthly(getattr(revised, end)) for end in ends):
        found.add("pay_low")
    return found


def needs_review(vacancy, revised, changed, on) -> bool:
    """Whether readers rely on something that differs in `revised`, or the linter finds an error in it."""
    return bool(relied_on(vacancy, revised, changed) or revised.blocking_hits(on))


def difference(vacancy, changes: dict) -> dict[str, list]:
    """Column: [before, after], both as in plain()."""
    return {name: [vacancy.plain(name), value] for name, value in changes.items()}
