"""Mails about vacancies, to everybody who writes for the firm; one for each step that was taken."""

from django.conf import settings
from django.urls import reverse

from jobboard.mail import enqueue


def vacancy_submitted(vacancy, event) -> None:
    _tell_the_firm("vacancy_submitted", vacancy, event)


def vacancy_taken_back(vacancy, event) -> None:
    _tell_the_firm("vacancy_taken_back", vacancy, event)


def vacancy_sent_back(vacancy, event) -> None:
    _tell_the_firm("vacancy_sent_back", vacancy, event)


def vacancy_published(vacancy, event) -> None:
    _tell_the_firm("vacancy_published", vacancy, event)


def vacancy_paused(vacancy, event) -> None:
    _tell_the_firm("vacancy_paused", vacancy, event)


def vacancy_resumed(vacancy, event) -> None:
    _tell_the_firm("vacancy_resumed", vacancy, event)


def vacancy_closed(vacancy, event) -> None:
    _tell_the_firm("vacancy_closed", vacancy, event)


def vacancy_removed(vacancy, event) -> None:
    _tell_the_firm("vacancy_removed", vacancy, event)


def vacancy_restored(vacancy, event) -> None:
    _tell_the_firm("vacancy_restored", vacancy, event)


def _tell_the_firm(purpose: str, vacancy, event) -> None:
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
