"""Mails about vacancies, to everybody who writes for the firm: one for each step that was taken, and what is due."""

from django.conf import settings
from django.urls import reverse

from jobboard.mail import enqueue
from listings import differences, tokens

MOST_LISTED = 50  # ads of one kind in a mail about many


def vacancy_submitted(vacancy, event) -> None:
    _tell_the_firm("vacancy_submitted", vacancy, event)


def vacancy_taken_back(vacancy, event) -> None:
    _tell_the_firm("vacancy_taken_back", vacancy, event)


def vacancy_sent_back(vacancy, event) -> None:
    _tell_the_firm("vacancy_sent_back", vacancy, event)


def vacancy_excepted(vacancy, event) -> None:
    _tell_the_firm("vacancy_excepted", vacancy, event)


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


def vacancy_changed(vacancy, event) -> None:
    _tell_the_firm("vacancy_changed", vacancy, event)


def vacancy_change_proposed(vacancy, event) -> None:
    _tell_the_firm("vacancy_change_proposed", vacancy, event)


def vacancy_change_accepted(vacancy, event) -> None:
    _tell_the_firm("vacancy_change_accepted", vacancy, event)


def vacancy_change_returned(vacancy, event) -> None:
    _tell_the_firm("vacancy_change_returned", vacancy, event)


def vacancy_change_withdrawn(vacancy, event) -> None:
    _tell_the_firm("vacancy_change_withdrawn", vacancy, event)


def vacancy_asked(vacancy, event) -> None:
    _tell_the_firm("vacancy_asked", vacancy, event)


def vacancy_confirmed(vacancy, event) -> None:
    _tell_the_firm("vacancy_confirmed", vacancy, event)


def vacancy_extended(vacancy, event) -> None:
    _tell_the_firm("vacancy_extended", vacancy, event)


def vacancy_ending(vacancy) -> bool:
    """The one reminder before that last day; False if it was written before."""
    return _write("vacancy_ending", vacancy, period=f"last_day:{vacancy.last_day}")


def vacancies_taken_over(employer, ads: dict[str, list], at) -> bool:
    """What an import has done, in one mail.

    `ads`: (ad, words about it) for published, submitted, changed, proposed and drafts.
    """
    kinds = {
        kind: {
            "shown": [(ad, words, settings.BASE_URL + _address(kind, ad)) for ad, words in found[:MOST_LISTED]],
            "count": len(found),
            "more": max(len(found) - MOST_LISTED, 0),
        }
        for kind, found in ads.items()
    }
    return enqueue(
        "vacancies_taken_over",
        about=f"employer:{employer.pk}",
        period=at.isoformat(),
        to=_writers(employer),
        context={
            "employer": employer,
            "list_url": settings.BASE_URL + reverse("listings:employer_vacancies"),
            **kinds,
        },
    )


def _address(kind: str, vacancy) -> str:
    """The ad's page where readers see it, else the firm's own."""
    return (
        vacancy.get_absolute_url() if kind == "published" else reverse("listings:employer_vacancy", args=[vacancy.pk])
    )


def _writers(employer) -> list[str]:
    return [user.email for user in employer.members.filter(is_active=True).order_by("pk")]


def _tell_the_firm(purpose: str, vacancy, event) -> None:
    _write(purpose, vacancy, period=f"event:{event.pk}", event=event)


def _write(purpose: str, vacancy, *, period: str, event=None) -> bool:
    return enqueue(
        purpose,
        about=f"vacancy:{vacancy.pk}",
        period=period,
        to=_writers(vacancy.employer),
        context={
            "vacancy": vacancy,
            "event": event,
            "changes": differences.rows(event.data.get("changes", {})) if event else [],
            "still_open_url": settings.BASE_URL + reverse("listings:still_open", args=[tokens.still_open(vacancy)]),
            "public_url": settings.BASE_URL + vacancy.get_absolute_url(),
            "own_url": settings.BASE_URL + reverse("listings:employer_vacancy", args=[vacancy.pk]),
        },
    )
