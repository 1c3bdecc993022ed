"""Mails about vacancies, to everybody who writes for the firm."""

from django.conf import settings
from django.urls import reverse

from jobboard.mail import enqueue


def vacancy_step(purpose: str, vacancy, event) -> None:
    """The mail that goes with a step in the life of an ad; one per event."""
    members = vacancy.employer.members.filter(is_active=True).order_by("pk")
    enqueue(
        purpose,
        about=f"vacancy:{vacancy.pk}",
        period=f"event:{event.pk}",
        to=[user.email for user in members],
        context={
            "vacancy": vacancy,
            "event": event,
            "public_url": settings.BASE_URL + vacancy.get_absolute_url(),
            "own_url": settings.BASE_URL + reverse("listings:employer_vacancy", args=[vacancy.pk]),
        },
    )
