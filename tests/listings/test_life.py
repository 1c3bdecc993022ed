"""Extending, confirming, duplicating, closing, and what is published without review."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate
from post_office.models import Email

from jobboard.templatetags.board import roughly
from listings.models import Employer, Status, Vacancy, VacancyEvent, WrongStatus
from tests.make import make_employer, make_vacancy

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ad_with_days(employer, first, last, **fields):
    """A published ad that began and ends so many days from today."""
    today = localdate()
    ad = make_vacancy(employer, open=True, **fields)
    Vacancy.objects.filter(pk=ad.pk).update(first_day=today + first * DAY, last_day=today + last * DAY)
    ad.refresh_from_db()
    return ad


# Extending


@pytest.mark.parametrize(
    ("last", "then"),
    [(-14, 16), (-1, 29), (0, 30), (7, 37), (29, 59), (30, 60), (31, 60), (59, 60)],
)
def test_extending_adds_thirty_days_but_never_passes_sixty_from_today(employer, anna, last, then):
    ad = ad_with_days(employer, -40, last)
    assert ad.extended_last_day() == localdate() + then * DAY
    ad.extend(anna)
    ad.refresh_from_db()
    assert ad.last_day == localdate() + then * DAY
    assert (ad.renewals, ad.confirmed_on) == (1, localdate())
    assert ad.is_open


@pytest.mark.parametrize("last", [-15, -90, 60])
def test_extending_too_late_or_for_nothing_is_refused(employer, anna, last):
    ad = ad_with_days(employer, -40 if last > -40 else -120, last)
    assert ad.extended_last_day() is None
    with pytest.raises(ValidationError):
        ad.extend(anna)
    ad.refresh_from_db()
    assert ad.renewals == 0


def test_extending_past_the_deadline_for_applications_asks_for_a_new_one(employer, anna):
    ad = ad_with_days(employer, -20, 5)
    Vacancy.objects.filter(pk=ad.pk).update(apply_until=localdate() - DAY)
    ad.refresh_from_db()
    with pytest.raises(ValidationError, match="Bewerbungsfrist"):
        ad.extend(anna)


def test_extending_a_paused_ad_leaves_it_paused(employer, anna):
    ad = make_vacancy(employer, status="paused")
    ad.extend(anna)
    assert (ad.status, ad.renewals) == (Status.PAUSED, 1)


def test_extending_answers_the_question_whether_it_is_open(employer, anna):
    ad = ad_with_days(employer, -25, 5)
    ad.ask()
    ad.extend(anna)
    assert ad.asked_on is None


def test_what_has_been_counted_stays_for_all_times(employer, anna):
    ad = ad_with_days(employer, -20, 5)
    first = ad.first_published_at
    for _ in range(2):
        ad.extend(anna)
        Vacancy.objects.filter(pk=ad.pk).update(last_day=localdate())
        ad.refresh_from_db()
    ad.pause(anna)
    ad.resume(anna)
    ad.edit(anna, {"start": "ab sofort"}, ad.version)
    assert (ad.first_published_at, ad.renewals) == (first, 2)


def test_whoever_extends_while_the_ad_is_being_paused_does_not_wake_it(employer, anna, ben):
    ad = make_vacancy(employer, open=True)
    other = Vacancy.objects.get(pk=ad.pk)
    ad.pause(anna)
    other.extend(ben)
    assert (other.status, Vacancy.objects.get(pk=ad.pk).status) == (Status.PAUSED, Status.PAUSED)


def test_a_change_that_waits_does_not_shorten_what_was_extended_since(employer, anna, rita):
    ad = make_vacancy(employer, open=True)
    ad.edit(anna, {"pay_high": "4200", "last_day": localdate() + 3 * DAY}, ad.version)
    ad.extend(anna)
    with pytest.raises(WrongStatus):
        ad.accept_revision(rita, 1)
    ad.accept_revision(rita, 2)
    assert (ad.pay_high, ad.last_day) == (4200, localdate() + 60 * DAY)


# Duplicating


@pytest.mark.parametrize("status", ["draft", "in_review", "published", "paused", "closed", "removed"])
def test_a_duplicate_says_the_same_and_begins_a_new_life(employer, anna, status):
    old = make_vacancy(employer, status=status, facts=["jira", "erp"], apply_until=localdate() + 9 * DAY, source="x")
    Vacancy.objects.filter(pk=old.pk).update(renewals=3)
    new = old.duplicate(anna)
    assert Vacancy.objects.count() == 2
    for name in set(Vacancy.CONTENT) - {"apply_until"}:
        assert getattr(new, name) == getattr(old, name), name
    assert set(new.facts.all()) == set(old.facts.all())
    assert (new.status, new.version, new.renewals, new.source) == (Status.DRAFT, 1, 0, "")
    assert (new.first_published_at, new.confirmed_on, new.apply_until, new.closed_as) == (None, None, None, "")
    assert new.first_day == localdate()
    event = new.events.get()
    assert (event.step, event.by, event.data) == ("create", anna, {"copied_from": old.pk})
    assert new in Vacancy.objects.matching("jira")


# Closing


def test_closing_as_filled_tells_whether_it_was_through_this_board(employer, anna):
    ad = make_vacancy(employer, open=True)
    ad.close(anna, "filled", "yes")
    assert Vacancy.objects.get(pk=ad.pk).filled_here == "yes"


@pytest.mark.parametrize(("closed_as", "here"), [("withdrawn", "yes"), ("filled", "vielleicht")])
def test_nonsense_about_who_was_found_is_refused(employer, anna, closed_as, here):
    ad = make_vacancy(employer, open=True)
    with pytest.raises(ValidationError):
        ad.close(anna, closed_as, here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vacancy.objects.filter(pk=ad.pk).update(filled_here="yes")


# Trust


@pytest.fixture
def trusted(employer, rita):
    employer.trust(rita)
    return employer


def test_a_trusted_firm_publishes_at_once_what_the_linter_finds_nothing_in(trusted, anna, monkeypatch):
    monkeypatch.setattr(Vacancy, "hits", lambda self, on=None: [])
    ad = make_vacancy(trusted)
    ad.submit(anna)
    assert ad.is_open
    assert [(event.step, event.role) for event in ad.events.all()] == [("submit", "employer"), ("publish", "system")]
    assert [mail.subject.split(":")[0] for mail in Email.objects.all()] == ["Online"]


def test_one_warning_is_enough_for_a_review(trusted, anna):
    ad = make_vacancy(trusted)
    assert [(hit.rule, hit.is_error) for hit in ad.hits()] == [("L09", False)]
    ad.submit(anna)
    assert ad.status == Status.IN_REVIEW


def test_the_rules_are_asked_once_when_a_trusted_firm_submits(trusted, anna, monkeypatch):
    days = []
    monkeypatch.setattr(Vacancy, "hits", lambda self, on=None: days.append(on) or [])
    make_vacancy(trusted).submit(anna)
    assert days == [localdate()]


def test_a_trusted_firm_may_begin_later(trusted, anna, monkeypatch):
    monkeypatch.setattr(Vacancy, "hits", lambda self, on=None: [])
    ad = make_vacancy(trusted, first_day=localdate() + 5 * DAY)
    ad.submit(anna)
    assert ad.is_waiting_for_first_day


def test_the_pay_of_a_trusted_firm_is_reviewed_like_any_other(trusted, anna):
    ad = make_vacancy(trusted, open=True)
    assert ad.edit(anna, {"pay_high": "4500"}, ad.version) == "waiting"


def test_trust_can_be_taken_away(trusted, anna, monkeypatch):
    monkeypatch.setattr(Vacancy, "hits", lambda self, on=None: [])
    trusted.distrust()
    ad = make_vacancy(Employer.objects.get(pk=trusted.pk))
    ad.submit(anna)
    assert ad.status == Status.IN_REVIEW


# How long a review takes


def reviewed(employer, editor, hours):
    at = timezone.now() - timedelta(days=3)
    ad = make_vacancy(employer, status="in_review", at=at)
    ad.publish(editor, ad.version, at=at + timedelta(hours=hours))


def test_the_usual_time_of_a_review_is_the_median_of_the_last(employer, rita):
    for hours in (1, 2, 3, 4):
        reviewed(employer, rita, hours)
    assert VacancyEvent.objects.usual_review_time() is None, "four are too few"
    reviewed(employer, rita, 70)
    assert VacancyEvent.objects.usual_review_time() == timedelta(hours=3)


def test_what_no_editor_decided_is_no_review(trusted, anna, monkeypatch):
    monkeypatch.setattr(Vacancy, "hits", lambda self, on=None: [])
    for _ in range(6):
        make_vacancy(trusted).submit(anna)
    assert VacancyEvent.objects.usual_review_time() is None


def test_the_second_submission_counts_from_itself(employer, anna, rita):
    start = timezone.now() - timedelta(days=9)
    for _ in range(5):
        ad = make_vacancy(make_employer(owner=anna), status="in_review", at=start)
        ad.send_back(rita, "Bitte nennen Sie die Stunden.", at=start + timedelta(hours=2))
        ad.submit(anna, at=start + timedelta(days=2))
        ad.publish(rita, ad.version, at=start + timedelta(days=2, hours=2))
    assert VacancyEvent.objects.usual_review_time() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.2, "unter einer Stunde"),
        (1.2, "etwa eine Stunde"),
        (5, "etwa 5 Stunden"),
        (22, "etwa einen Tag"),
        (50, "etwa 2 Tage"),
    ],
)
def test_lengths_are_told_as_people_say_them(hours, words):
    assert roughly(timedelta(hours=hours)) == words
