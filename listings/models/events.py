"""What happened to vacancies."""

from datetime import timedelta
from statistics import median

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

REVIEWS_COUNTED = 50  # the last so many tell how long a review takes
REVIEWS_NEEDED = 5  # below, nothing is said about it


class VacancyEventQuerySet(models.QuerySet["VacancyEvent"]):
    def usual_review_time(self) -> timedelta | None:
        """The median time from submission to an editor's verdict, of the last ones; None where they are too few."""
        steps = VacancyEvent.Step
        submitted = VacancyEvent.objects.filter(vacancy=OuterRef("vacancy"), step=steps.SUBMIT, at__lte=OuterRef("at"))
        decided = self.filter(step__in=[steps.PUBLISH, steps.SEND_BACK], role=VacancyEvent.Role.EDITOR)
        pairs = decided.order_by("-at").values_list("at", Subquery(submitted.order_by("-at").values("at")[:1]))
        lengths = [decided_at - asked_at for decided_at, asked_at in pairs[:REVIEWS_COUNTED] if asked_at]
        return median(lengths) if len(lengths) >= REVIEWS_NEEDED else None


class VacancyEvent(models.Model):
    """What happened to a vacancy, when, by whom and why."""

    class Role(models.TextChoices):
        EMPLOYER = "employer", "Arbeitgeber"
        EDITOR = "editor", "Redaktion"
        SYSTEM = "system", "automatisch"

    class Step(models.TextChoices):
        CREATE = "create", "angelegt"
        SUBMIT = "submit", "eingereicht"
        TAKE_BACK = "take_back", "zurückgenommen"
        SEND_BACK = "send_back", "zurückgegeben"
        PUBLISH = "publish", "veröffentlicht"
        PAUSE = "pause", "pausiert"
        RESUME = "resume", "fortgesetzt"
        CLOSE = "close", "geschlossen"
        REMOVE = "remove", "entfernt"
        RESTORE = "restore", "wiederhergestellt"
        ASK = "ask", "gefragt, ob noch offen"
        CONFIRM = "confirm", "als noch offen bestätigt"
        EXTEND = "extend", "verlängert"
        EDIT = "edit", "geändert"
        PROPOSE = "propose", "Änderung eingereicht"
        WITHDRAW = "withdraw", "Änderung zurückgezogen"
        ACCEPT = "accept", "Änderung übernommen"
        RETURN = "return", "Änderung zurückgegeben"
        OVERRIDE = "override", "Ausnahme zugelassen"

    vacancy = models.ForeignKey("Vacancy", models.CASCADE, related_name="events")
    step = models.CharField("Schritt", max_length=12, choices=Step)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="von", related_name="+"
    )
    role = models.CharField("Rolle", max_length=10, choices=Role)
    reason = models.TextField("Grund", max_length=4000, blank=True)
    rule = models.CharField("Regel", max_length=20, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField("am", default=timezone.now)

    objects = VacancyEventQuerySet.as_manager()

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(step__in=["send_back", "remove", "return"]) | ~Q(reason=""),
                name="event_against_the_employer_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(step="override") | (~Q(reason="") & ~Q(rule="")), name="event_override_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-at"], condition=Q(step__in=["publish", "send_back"], role="editor"), name="event_verdicts"
            )
        ]

    def __str__(self):
        return f"{self.get_step_display()} am {timezone.localtime(self.at):%d.%m.%Y, %H:%M}"

    @classmethod
    def role_of(cls, by, vacancy) -> str:
        """In which role `by` acts on `vacancy`: who belongs to the firm acts for it, even an editor."""
        if by is None:
            return cls.Role.SYSTEM
        if vacancy.employer.memberships.filter(user=by).exists():
            return cls.Role.EMPLOYER
        return cls.Role.EDITOR
