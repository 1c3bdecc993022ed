"""What happened to vacancies."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


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
