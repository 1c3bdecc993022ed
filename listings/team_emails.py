"""Mails about who writes for a firm."""

from django.conf import settings
from django.urls import reverse

from jobboard.mail import enqueue


def invited(invitation, token: str) -> None:
    url = settings.BASE_URL + reverse("listings:employer_invitation", args=[token])
    _write(
        "team_invited", invitation.employer, invitation.digest[:32], [invitation.email], invitation=invitation, url=url
    )


def joined(membership, at) -> None:
    """To the owners: the invitation was accepted, by this account."""
    to = _owners(membership.employer, but=membership.user)
    _write("team_joined", membership.employer, _period(membership, at), to, membership=membership)


def admitted(membership, at) -> None:
    """To the person who had asked."""
    _write(
        "team_admitted", membership.employer, _period(membership, at), [membership.user.email], membership=membership
    )


def role_changed(membership, by, at) -> None:
    to = [membership.user.email]
    _write("team_role_changed", membership.employer, _period(membership, at), to, membership=membership, by=by)


def removed(membership, by, at) -> None:
    to = [membership.user.email]
    _write("team_removed", membership.employer, _period(membership, at), to, membership=membership, by=by)


def left(membership, at) -> None:
    """To the owners who stay."""
    to = _owners(membership.employer, but=membership.user)
    _write("team_left", membership.employer, _period(membership, at), to, membership=membership)


def asked(request) -> None:
    """To the owners, who alone can let somebody in."""
    _write("team_asked", request.employer, f"request:{request.pk}", _owners(request.employer), request=request)


def refused(request, at) -> None:
    """To the person who had asked; who has decided stays inside the firm."""
    _write("team_refused", request.employer, f"{request.user.pk}:{at.isoformat()}", [request.user.email])


def account_deleted(user, firms, at) -> None:
    """The last mail to somebody: what was deleted, and what became of their firms."""
    enqueue(
        "account_deleted", about=f"user:{user.pk}", period=at.isoformat(), to=[user.email], context={"firms": firms}
    )


def _owners(employer, but=None) -> list[str]:
    return [each.user.email for each in employer.owners().select_related("user") if each.user != but]


def _period(membership, at) -> str:
    return f"{membership.user_id}:{at.isoformat()}"


def _write(purpose: str, employer, period: str, to: list[str], **context) -> None:
    team_url = settings.BASE_URL + reverse("listings:employer_team", args=[employer.slug])
    list_url = settings.BASE_URL + reverse("listings:employer_vacancies")
    enqueue(
        purpose,
        about=f"employer:{employer.pk}",
        period=period,
        to=to,
        context={"employer": employer, "team_url": team_url, "list_url": list_url, **context},
    )
