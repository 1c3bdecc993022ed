"""Who writes for a firm: members, invitations, and people who ask to be let in."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from listings import domains, team_emails
from listings.models.employers import Employer

INVITATION_DAYS = 14
MAX_INVITATIONS = 20  # open ones of one firm
RESEND_AFTER = timedelta(minutes=10)


class NotYours(Exception):
    """Only owners of the firm may do that; or it is gone meanwhile."""


class LastOwner(Exception):
    """Nobody would be left who answers for the firm."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _locked(employer: Employer, by) -> Employer:
    """The firm, with everybody else who changes its team standing in line. Raises NotYours."""
    employer = employer.lock()
    if not employer.owners().filter(user=by).exists():
        raise NotYours
    return employer


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", "Inhaber:in des Firmenzugangs"
        RECRUITER = "recruiter", "Schreibt Anzeigen"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="Person", related_name="memberships"
    )
    employer = models.ForeignKey(Employer, models.CASCADE, verbose_name="Arbeitgeber", related_name="memberships")
    role = models.CharField("Rolle", max_length=10, choices=Role, default=Role.RECRUITER)
    since = models.DateTimeField("dabei seit", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Mitgliedschaft"
        verbose_name_plural = "Mitgliedschaften"
        constraints = [
            models.UniqueConstraint(fields=["user", "employer"], name="membership_unique"),
            models.CheckConstraint(condition=Q(role__in=["owner", "recruiter"]), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user} · {self.employer}"

    @property
    def is_owner(self) -> bool:
        return self.role == self.Role.OWNER

    @property
    def question(self) -> str:
        """What a moderator should look at: an address that does not speak for this firm."""
        if domains.is_webmail(self.user.email):
            return "Freemail-Adresse"
        if self.employer.domain and domains.of_email(self.user.email) != self.employer.domain:
            return "andere Domain als die Website"
        return ""

    # Verbs

    @transaction.atomic
    def change_role(self, by, role: str, at=None) -> None:
        """Raises NotYours or LastOwner."""
        employer = _locked(self.employer, by)
        current = self._again()
        if role not in self.Role.values:
            raise ValidationError({"role": "Bitte wählen Sie eine Rolle."})
        if role == current.role:
            return
        current._keep_an_owner(employer)
        current._become(role, by, at)
        self.role = role

    @transaction.atomic
    def hand_over(self, to: "Membership", at=None) -> None:
        """This owner becomes one who writes, `to` becomes an owner. Raises NotYours."""
        _locked(self.employer, self.user)
        own, other = self._again(), to._again()
        if other.employer_id != own.employer_id or other.pk == own.pk or not other.user.is_active:
            raise NotYours
        if not other.is_owner:
            other._become(self.Role.OWNER, self.user, at)
        own._become(self.Role.RECRUITER, self.user, at)
        self.role, to.role = own.role, other.role

    @transaction.atomic
    def end(self, by, at=None) -> None:
        """`by` leaves, or sends somebody away. Raises NotYours or LastOwner."""
        leaves = by.pk == self.user_id
        employer = self.employer.lock() if leaves else _locked(self.employer, by)
        current = self._again()
        current._keep_an_owner(employer)
        if leaves:
            team_emails.left(current, at or timezone.now())
        else:
            team_emails.removed(current, by, at or timezone.now())
            # Whom somebody invited who has been sent away does not come in either.
            employer.invitations.filter(by=current.user).delete()
        Membership.objects.filter(pk=self.pk).delete()

    def _again(self) -> "Membership":
        """As it is now, behind the lock. Raises NotYours where it is gone."""
        current = Membership.objects.select_related("user", "employer").filter(pk=self.pk).first()
        if current is None:
            raise NotYours
        return current

    def _keep_an_owner(self, employer) -> None:
        if self.is_owner and not employer.owners().exclude(pk=self.pk).exists():
            raise LastOwner

    def _become(self, role, by, at) -> None:
        self.role = role
        self.save(update_fields=["role"])
        if role != self.Role.OWNER:
            self.employer.invitations.filter(by=self.user).delete()
        if by.pk != self.user_id:
            team_emails.role_changed(self, by, at or timezone.now())


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at=None):
        return self.filter(expires_at__gt=at or timezone.now())

    def by_token(self, token: str, at=None):
        return self.open(at).filter(digest=_digest(token))

    def forget_old(self, at=None) -> int:
        """Delete what can no longer be accepted; how many."""
        return self.filter(expires_at__lte=at or timezone.now()).delete()[0]


class Invitation(models.Model):
    """One letter to one person. The token stands in the mail alone; whoever holds it reads that mailbox.

    Accepted or withdrawn it is deleted: it works once.
    """

    employer = models.ForeignKey(Employer, models.CASCADE, verbose_name="Arbeitgeber", related_name="invitations")
    email = models.EmailField("E-Mail-Adresse")
    role = models.CharField("Rolle", max_length=10, choices=Membership.Role, default=Membership.Role.RECRUITER)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="eingeladen von", related_name="+"
    )
    at = models.DateTimeField("eingeladen am", default=timezone.now)
    expires_at = models.DateTimeField("gilt bis", db_index=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        constraints = [
            models.UniqueConstraint(fields=["employer", "email"], name="invitation_one_per_address"),
            models.CheckConstraint(condition=Q(role__in=["owner", "recruiter"]), name="invitation_role_known"),
        ]

    def __str__(self):
        return f"{self.email} · {self.employer}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def may_be_sent_again(self) -> bool:
        return timezone.now() >= self.at + RESEND_AFTER

    # Verbs

    @classmethod
    @transaction.atomic
    def send(cls, employer: Employer, by, email: str, role: str, at=None) -> "Invitation":
        """Raises NotYours, or ValidationError in words for the owner."""
        at = at or timezone.now()
        employer, email = _locked(employer, by), email.strip().lower()
        if role not in Membership.Role.values:
            raise ValidationError({"role": "Bitte wählen Sie eine Rolle."})
        if employer.members.filter(emailaddress__email__iexact=email, emailaddress__verified=True).exists():
            raise ValidationError({"email": "Wer diese Adresse hat, gehört schon dazu."})
        employer.invitations.filter(email=email, expires_at__lte=at).delete()
        if employer.invitations.filter(email=email).exists():
            raise ValidationError(
                {"email": "Diese Adresse ist schon eingeladen; unten können Sie die Mail noch einmal schicken."}
            )
        if employer.invitations.open(at).count() >= MAX_INVITATIONS:
            raise ValidationError(
                {"email": f"{MAX_INVITATIONS} Einladungen sind schon offen. Bitte ziehen Sie erst eine zurück."}
            )
        invitation = cls(employer=employer, email=email, role=role, by=by)
        invitation._write(at)
        return invitation

    @transaction.atomic
    def send_again(self, by, at=None) -> None:
        """A new link for another 14 days; the old one is void. Raises NotYours, or ValidationError when too soon."""
        at = at or timezone.now()
        _locked(self.employer, by)
        current = Invitation.objects.select_related("employer").filter(pk=self.pk).first()
        if current is None:
            raise NotYours
        if at < current.at + RESEND_AFTER:
            raise ValidationError("Diese Einladung ist eben erst verschickt worden. Bitte warten Sie zehn Minuten.")
        current.by = by
        current._write(at)

    @transaction.atomic
    def withdraw(self, by) -> None:
        _locked(self.employer, by)
        if not Invitation.objects.filter(pk=self.pk).delete()[0]:
            raise NotYours

    @transaction.atomic
    def accept(self, user, at=None) -> Membership:
        """Raises NotYours when it was used, withdrawn or sent anew, ValidationError for somebody who belongs already."""
        at = at or timezone.now()
        employer = self.employer.lock()
        if not employer.invitations.open(at).filter(pk=self.pk, digest=self.digest).delete()[0]:
            raise NotYours
        if employer.memberships.filter(user=user).exists():
            raise ValidationError("Sie gehören schon zu dieser Firma.")
        employer.access_requests.filter(user=user).delete()
        membership = employer.memberships.create(user=user, role=self.role, since=at)
        team_emails.joined(membership, at)
        return membership

    def _write(self, at) -> None:
        token = secrets.token_urlsafe(24)
        self.at, self.expires_at, self.digest = at, at + timedelta(days=INVITATION_DAYS), _digest(token)
        self.save()
        team_emails.invited(self, token)


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def forget_old(self, at=None) -> int:
        """Delete what nobody has answered within the time of an invitation; how many."""
        return self.filter(at__lte=(at or timezone.now()) - timedelta(days=INVITATION_DAYS)).delete()[0]


class AccessRequest(models.Model):
    """Somebody with an account asks the owners of a firm to be let in."""

    employer = models.ForeignKey(Employer, models.CASCADE, verbose_name="Arbeitgeber", related_name="access_requests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="Person", related_name="access_requests"
    )
    at = models.DateTimeField("gefragt am", default=timezone.now)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "Bitte um Zugang"
        verbose_name_plural = "Bitten um Zugang"
        constraints = [models.UniqueConstraint(fields=["user", "employer"], name="access_request_unique")]

    def __str__(self):
        return f"{self.user} · {self.employer}"

    # Verbs

    @classmethod
    @transaction.atomic
    def ask(cls, employer: Employer, user, at=None) -> "AccessRequest":
        """A second time within the waiting time nobody gets a second mail."""
        at = at or timezone.now()
        cls.objects.filter(employer=employer, user=user).forget_old(at)
        try:
            with transaction.atomic():
                request = cls.objects.create(employer=employer, user=user, at=at)
        except IntegrityError:
            return cls.objects.get(employer=employer, user=user)
        team_emails.asked(request)
        return request

    @transaction.atomic
    def admit(self, by, role: str, at=None) -> Membership:
        """Raises NotYours, also when a colleague has answered already."""
        at = at or timezone.now()
        employer = _locked(self.employer, by)
        if role not in Membership.Role.values:
            raise ValidationError({"role": "Bitte wählen Sie eine Rolle."})
        self._answer()
        membership, created = employer.memberships.get_or_create(user=self.user, defaults={"role": role, "since": at})
        if created:
            team_emails.admitted(membership, at)
        return membership

    @transaction.atomic
    def refuse(self, by, at=None) -> None:
        _locked(self.employer, by)
        self._answer()
        team_emails.refused(self, at or timezone.now())

    def _answer(self) -> None:
        if not AccessRequest.objects.filter(pk=self.pk).delete()[0]:
            raise NotYours
