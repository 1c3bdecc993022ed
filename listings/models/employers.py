"""Employers and their logos."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jobboard.text import fold, german_slug
from listings import domains
from profiles.models import Place, slug_validator

LEGAL_FORM = re.compile(
    r"\b(gmbh|mbh|ggmbh|ag|kgaa|kg|ohg|gbr|partg|ug|haftungsbeschrankt|se|eg|ek|ev|e k|e v|co|und co|inc|ltd|bv)\b"
)


def known_as(name: str) -> str:
    """A firm's name for comparing: folded, without its legal form."""
    folded = fold(name.replace(".", " "))
    return " ".join(LEGAL_FORM.sub(" ", folded).split()) or folded


class Logo(models.Model):
    """A logo as WebP, named by its content: its address never shows anything else."""

    digest = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "Logo"
        verbose_name_plural = "Logos"

    def __str__(self):
        return self.digest[:12]


class EmployerKind(models.TextChoices):
    """Who is behind an ad; the values are those of the list's parameter."""

    DIRECT = "direkt", "Direkter Arbeitgeber"
    AGENCY = "zeitarbeit", "Zeitarbeit"
    RECRUITER = "vermittlung", "Vermittlung im Auftrag"


class EmployerQuerySet(models.QuerySet["Employer"]):
    def of(self, user):
        return self.filter(memberships__user=user)

    def owned_by(self, user):
        return self.filter(memberships__user=user, memberships__role="owner")

    def like(self, name: str, website: str, user):
        """Firms of others that may be the one `user` describes: of that name, that website, or with colleagues here.

        Only a confirmed address says whose colleague somebody is, and a webmail address says nothing.
        """
        found = Q(folded=known_as(name)[:200])
        own = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        for domain in {domains.of_website(website), *map(domains.of_email, own)} - {""}:
            found |= Q(domain=domain)
        for domain in set(map(domains.of_email, own)) - {""}:
            colleagues = Q(memberships__user__emailaddress__email__iendswith=f"@{domain}")
            found |= colleagues & Q(memberships__user__emailaddress__verified=True)
        return self.filter(found, pk__in=self.model.objects.with_owner()).exclude(members=user).distinct()

    def derive(self) -> int:
        """The columns that are derived, also of firms from before there were any; how many changed."""
        changed = []
        for employer in self.only("name", "website", "folded", "domain"):
            before = employer.folded, employer.domain
            employer.derive()
            if (employer.folded, employer.domain) != before:
                changed.append(employer)
        return Employer.objects.bulk_update(changed, ["folded", "domain"])

    def with_owner(self):
        """Firms that somebody answers for."""
        return self.filter(memberships__role="owner", memberships__user__is_active=True).order_by().values("pk")


class Employer(models.Model):
    class Size(models.TextChoices):
        TO_10 = "1-10", "bis 10 Beschäftigte"
        TO_50 = "11-50", "11 bis 50 Beschäftigte"
        TO_250 = "51-250", "51 bis 250 Beschäftigte"
        TO_1000 = "251-1000", "251 bis 1.000 Beschäftigte"
        MORE = "1001+", "mehr als 1.000 Beschäftigte"

    name = models.CharField("Name der Firma", max_length=120)
    slug = models.CharField("Adresse der Seite", max_length=80, unique=True, validators=[slug_validator])
    kind = models.CharField("Art", max_length=12, choices=EmployerKind, default=EmployerKind.DIRECT)
    website = models.URLField("Website", max_length=200, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, verbose_name="Sitz", related_name="employers"
    )
    size = models.CharField("Größe", max_length=10, choices=Size, blank=True)
    sector = models.CharField("Branche", max_length=80, blank=True)
    description = models.TextField("Beschreibung", max_length=3000, blank=True)
    # Its primary key is the digest in the address: cards need no second query and no bytes.
    logo = models.ForeignKey(
        Logo, models.SET_NULL, null=True, blank=True, verbose_name="Logo", related_name="employers"
    )
    trusted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    trusted_at = models.DateTimeField("als vertraut markiert am", null=True, blank=True, editable=False)
    terms_version = models.CharField("Nutzungsbedingungen, Fassung", max_length=20, blank=True, editable=False)
    terms_at = models.DateTimeField("Nutzungsbedingungen angenommen am", null=True, blank=True, editable=False)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="employers")
    version = models.PositiveIntegerField(default=1, editable=False)
    # Derived, for finding a firm that is here already
    folded = models.CharField(max_length=200, default="", db_index=True, editable=False)
    domain = models.CharField(max_length=200, blank=True, db_index=True, editable=False)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = "Arbeitgeber"
        verbose_name_plural = "Arbeitgeber"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EmployerKind.values), name="employer_kind_known"),
            models.CheckConstraint(
                condition=Q(terms_version="", terms_at__isnull=True)
                | (~Q(terms_version="") & Q(terms_at__isnull=False)),
                name="employer_terms_with_their_time",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        self.derive()
        if update_fields is not None:
            update_fields = {*update_fields, "folded", "domain"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        return reverse("listings:employer", args=[self.slug])

    def derive(self) -> None:
        self.folded, self.domain = known_as(self.name)[:200], domains.of_website(self.website)[:200]

    @property
    def logo_url(self) -> str:
        return reverse("listings:logo", args=[self.logo_id]) if self.logo_id else ""

    @property
    def is_trusted(self) -> bool:
        """Whether its ads are published without review as long as the linter finds nothing."""
        return self.trusted_at is not None

    @property
    def questions(self) -> list[str]:
        """What a moderator should look at among its members."""
        return sorted({each.question for each in self.memberships.all()} - {""})

    def trust(self, by, at=None) -> None:
        self.trusted_by, self.trusted_at = by, at or timezone.now()
        self.save(update_fields=["trusted_by", "trusted_at"])

    def distrust(self) -> None:
        self.trusted_by = self.trusted_at = None
        self.save(update_fields=["trusted_by", "trusted_at"])

    @classmethod
    def free_slug(cls, name: str) -> str:
        """A slug for `name` that no firm has yet."""
        base = german_slug(name, empty="firma", length=70)
        taken = set(cls.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)

    def owners(self):
        """Those who can act: an account that is stopped owns nothing."""
        return self.memberships.filter(role="owner", user__is_active=True).order_by("pk")

    def lock(self) -> "Employer":
        """Whoever changes who belongs to the firm stands in line here."""
        return Employer.objects.select_for_update().get(pk=self.pk)
