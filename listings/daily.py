"""What is due every day, one function per job: each may run again at once, or beside itself, and does nothing twice.

Open ads never rely on any of it: what readers see is asked of the days themselves.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils.timezone import localdate, make_aware

from jobboard.accounts import forget_sessions, forget_unconfirmed
from jobboard.mail import forget_old_mails
from listings import emails, search
from listings.missed import forget_missed_words
from listings.models import (
    AccessRequest,
    Invitation,
    Revision,
    SearchText,
    Vacancy,
    VacancyEvent,
    WrongStatus,
)
from listings.models.life import ASK_AFTER, GRACE_DAYS, PAUSE_AFTER, RUNNING
from listings.models.vacancies import OVER
from listings.numbers import forget_old_counts

REMIND_BEFORE = 7  # days before the last one
FORGET_CONTACT_AFTER = 180
FORGET_TEXT_AFTER = 365
CONTACT = ["contact_name", "apply_email"]
TEXTS = [
    "tasks", "profile", "offer", "skills", "start", "tariff", "street", "reference_number", "apply_url", *CONTACT,
]  # fmt: skip


def ask_whether_open(at: datetime) -> int:
    """A mail to firms that have said nothing about an open ad for three weeks."""
    long_ago = localdate(at) - timedelta(days=ASK_AFTER)
    silent = (
        Vacancy.objects.open(localdate(at)).filter(asked_on=None).alias(heard_of=Greatest("confirmed_on", "first_day"))
    )
    return _each(silent.filter(heard_of__lte=long_ago), lambda vacancy: vacancy.ask(at=at))


def pause_unanswered(at: datetime) -> int:
    unanswered = Vacancy.objects.open(localdate(at)).filter(asked_on__lte=localdate(at) - timedelta(days=PAUSE_AFTER))
    return _each(unanswered, lambda vacancy: vacancy.pause(None, at=at))


def remind_of_end(at: datetime) -> int:
    """One mail for each last day, to ads that have run for longer than its notice."""
    today, notice = localdate(at), timedelta(days=REMIND_BEFORE)
    ending = Vacancy.objects.open(today).filter(last_day__lte=today + notice, first_day__lt=F("last_day") - notice)
    return sum(emails.vacancy_ending(vacancy) for vacancy in ending.select_related("employer"))


def close_ended(at: datetime) -> int:
    over = Vacancy.objects.filter(status__in=RUNNING, last_day__lt=localdate(at) - timedelta(days=GRACE_DAYS))
    return _each(over, lambda vacancy: vacancy.close(None, Vacancy.ClosedAs.ENDED, at=at))


def connect_cities(at: datetime) -> int:
    """Ads and the pages that have appeared since, for instance by a date in the future."""
    return Vacancy.objects.connect_cities()


def follow_facts(at: datetime) -> int:
    """Ads and the facts whose name or wordings have changed since."""
    return search.follow_facts()


def index_again(at: datetime) -> int:
    """Ads and the analyser, concepts, firms and cities that have changed since their texts were read."""
    return sum(search.index_again())


def forget_contacts(at: datetime) -> int:
    """Who could be asked about an ad that has been over for half a year."""
    over = Vacancy.objects.filter(status__in=OVER, changed_at__lt=_days_before(at, FORGET_CONTACT_AFTER))
    edits = VacancyEvent.objects.filter(vacancy=OuterRef("pk"), data__changes__has_any_keys=CONTACT)
    revisions = Revision.objects.filter(vacancy=OuterRef("pk"), changes__has_any_keys=CONTACT)
    known = ~Q(contact_name="", apply_email="", unsaved={}) | Exists(edits) | Exists(revisions)
    ids = list(over.filter(known).values_list("pk", flat=True))
    for revision in Revision.objects.filter(vacancy__in=ids):
        revision.changes = _without_contact(revision.changes)
        revision.save(update_fields=["changes"])
    for event in VacancyEvent.objects.filter(vacancy__in=ids, data__has_key="changes"):
        event.data["changes"] = _without_contact(event.data["changes"])
        event.save(update_fields=["data"])
    return Vacancy.objects.filter(pk__in=ids, status__in=OVER).update(unsaved={}, **dict.fromkeys(CONTACT, ""))


def forget_texts(at: datetime) -> int:
    """What an ad said that has been over for a year; title, firm and days stay."""
    over = Vacancy.objects.filter(status__in=OVER, changed_at__lt=_days_before(at, FORGET_TEXT_AFTER))
    ids = list(over.exclude(tasks="").values_list("pk", flat=True))
    Revision.objects.filter(vacancy__in=ids).delete()
    VacancyEvent.objects.filter(vacancy__in=ids).update(data={})
    for facts in (Vacancy.facts, Vacancy.mentions):
        facts.through.objects.filter(vacancy__in=ids).delete()
    SearchText.objects.filter(vacancy__in=ids).update(facts=F("title"), everything=F("title"))
    return Vacancy.objects.filter(pk__in=ids, status__in=OVER).update(**dict.fromkeys(TEXTS, ""))


def forget_names(at: datetime) -> int:
    """Who took the steps of a year ago; the steps and their reasons stay."""
    old = _days_before(at, FORGET_TEXT_AFTER)
    named = Q(by__isnull=False) | Q(decided_by__isnull=False)
    Revision.objects.filter(named, decided_at__lt=old).update(by=None, decided_by=None)
    return VacancyEvent.objects.filter(at__lt=old, by__isnull=False).update(by=None)


def forget_old_invitations(at: datetime) -> int:
    """What nobody has answered within a fortnight: letters to somebody, and somebody's wish to be let in."""
    return Invitation.objects.forget_old(at) + AccessRequest.objects.forget_old(at)


JOBS: dict[str, Callable[[datetime], int]] = {  # what is said about it: what is done
    "firms asked whether a job is still open": ask_whether_open,
    "ads paused that nobody has confirmed": pause_unanswered,
    "firms reminded of the end of an ad": remind_of_end,
    "ads closed that had ended": close_ended,
    "ads connected with another city page": connect_cities,
    "changed facts that all ads follow": follow_facts,
    "ads read anew for the search": index_again,
    "contacts forgotten of closed ads": forget_contacts,
    "texts forgotten of closed ads": forget_texts,
    "names forgotten of old steps": forget_names,
    "invitations forgotten": forget_old_invitations,
    "counts forgotten": forget_old_counts,
    "words forgotten that were looked for in vain": forget_missed_words,
    "mails forgotten": forget_old_mails,
    "accounts forgotten that nobody has confirmed": forget_unconfirmed,
    "sessions forgotten that are over": forget_sessions,
}


def _each(vacancies, verb) -> int:
    """How many took the step; whoever is faster, a person or a second run, has taken it already."""
    done = 0
    for vacancy in vacancies.select_related("employer").order_by("pk"):
        try:
            verb(vacancy)
        except WrongStatus:
            continue
        done += 1
    return done


def _days_before(at: datetime, days: int) -> datetime:
    """The midnight in Berlin so many days before: reckoned in days, as hours go wrong when the clocks change."""
    return make_aware(datetime.combine(localdate(at) - timedelta(days=days), time.min))


def _without_contact(changes: dict) -> dict:
    return {name: value for name, value in changes.items() if name not in CONTACT}
