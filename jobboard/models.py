"""User (the e-mail address is the login) and MailKey (no mail twice)."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from jobboard.roles import ROLES


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A user who can log in at once: the address counts as confirmed."""
        from allauth.account.models import EmailAddress  # its models ask for ours

        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("E-Mail-Adresse")
    name = models.CharField("Name", max_length=120, blank=True)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("Zugang zur Redaktion", default=False)
    date_joined = models.DateTimeField("registriert am", default=timezone.now, editable=False)
    terms_version = models.CharField("Bedingungen, Fassung", max_length=20, blank=True, editable=False)
    terms_at = models.DateTimeField("Bedingungen angenommen am", null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        permissions = [("appoint_user", "Kann Zugang zur Redaktion geben und Rollen vergeben")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message="Diese Adresse ist schon registriert."
            ),
            models.CheckConstraint(
                condition=models.Q(terms_version="", terms_at__isnull=True)
                | (~models.Q(terms_version="") & models.Q(terms_at__isnull=False)),
                name="user_terms_with_their_time",
            ),
        ]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self):
        return self.name or self.email

    def get_short_name(self):
        return self.name or self.email

    @cached_property
    def is_beyond_roles(self) -> bool:
        """May do more than the roles allow, or may come to."""
        return self.is_superuser or self.groups.exclude(name__in=ROLES).exists() or self.user_permissions.exists()

    @property
    def has_accepted_terms(self) -> bool:
        """The present ones; an older version counts as none."""
        return self.terms_version == settings.TERMS_VERSION

    def accept_terms(self, at: datetime | None = None) -> None:
        self.terms_version, self.terms_at = settings.TERMS_VERSION, at or timezone.now()
        self.save(update_fields=["terms_version", "terms_at"])


class MailKey(models.Model):
    """One mail per purpose, object and period: written with the mail, in the same transaction."""

    purpose = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    period = models.CharField(max_length=60)
    email = models.OneToOneField("post_office.Email", models.SET_NULL, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "about", "period"], name="mail_only_once")]

    def __str__(self):
        return f"{self.purpose} · {self.about} · {self.period}"
