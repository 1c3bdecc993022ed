"""Somebody deletes their account: what becomes of their firms and ads, told before and done after."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobboard.models import User
from listings import logos, search, team_emails
from listings.models import Employer, LastOwner, Membership, Status, Vacancy
from listings.models.life import RUNNING

UNPUBLISHED = [Status.DRAFT, Status.IN_REVIEW]


@dataclass(frozen=True)
class Farewell:
    """What the departure of one member means for a firm."""

    employer: Employer
    membership: Membership
    heirs: list[Membership]  # who could answer for it; empty where others do already
    needs_an_owner: bool
    running: int  # published or paused ads
    unpublished: int


def left_alone(users) -> QuerySet[Employer]:
    """Firms that nobody could answer for without `users`."""
    owners = Membership.objects.filter(role=Membership.Role.OWNER)
    others = owners.filter(user__is_active=True).exclude(user__in=users)
    own = owners.filter(user__in=users).exclude(employer__in=others.values("employer"))
    return Employer.objects.filter(pk__in=own.values("employer"))


def farewells(user: User) -> list[Farewell]:
    found = []
    for own in user.memberships.select_related("employer").order_by("employer__slug"):
        others = own.employer.memberships.exclude(pk=own.pk).filter(user__is_active=True)
        needs_an_owner = own.is_owner and not others.filter(role=Membership.Role.OWNER).exists()
        vacancies = own.employer.vacancies
        found.append(
            Farewell(
                employer=own.employer,
                membership=own,
                heirs=list(others.select_related("user").order_by("since", "pk")) if needs_an_owner else [],
                needs_an_owner=needs_an_owner,
                running=vacancies.filter(status__in=RUNNING).count(),
                unpublished=vacancies.filter(status__in=UNPUBLISHED).count(),
            )
        )
    return found


@transaction.atomic
def delete_account(*, user: User, heirs: dict[int, int | None], at=None) -> None:
    """`heirs`: for each firm that would be left alone the membership that takes over, or None where it is given up.

    Raises LastOwner where a firm is missing there, NotYours or WrongStatus where something has changed meanwhile:
    then nothing is done.
    """
    at = at or timezone.now()
    told = []
    for employer in Employer.objects.filter(members=user).select_for_update(of=["self"]).order_by("pk"):
        own = employer.memberships.select_related("user", "employer").get(user=user)
        if heir := heirs.get(employer.pk):
            employer.memberships.select_related("user", "employer").get(pk=heir).change_role(
                user, Membership.Role.OWNER, at
            )
        if own.is_owner and not employer.owners().exclude(pk=own.pk).exists():
            if heir or employer.pk not in heirs:  # nobody said that it should be given up
                raise LastOwner
            told.append((employer.name, True))
            _give_up(employer, user, at)
        else:
            told.append((employer.name, False))
            own.end(user, at)
    team_emails.account_deleted(user, told, at)
    user.delete()


def _give_up(employer: Employer, by: User, at) -> None:
    """Nobody answers for the firm any more: running ads end, unpublished ones go, what is left is a name under old ads."""
    # Locked: what an editor publishes at this moment would otherwise run on with nobody behind it.
    for vacancy in employer.vacancies.select_for_update(of=["self"]).order_by("pk"):
        if vacancy.status in RUNNING:
            vacancy.close(by, Vacancy.ClosedAs.WITHDRAWN, at=at)
        elif vacancy.status in UNPUBLISHED:
            vacancy.delete()
    for rows in (employer.memberships, employer.invitations, employer.access_requests):
        rows.all().delete()
    logo = employer.logo_id
    if employer.vacancies.exists():
        employer.website = employer.description = employer.size = ""
        employer.logo = employer.trusted_by = employer.trusted_at = None
        employer.version += 1
        employer.save()
        search.follow(employer.vacancies.all())
    else:
        employer.delete()
    if logo:
        logos.forget(logo)
