"""The life of a vacancy: every step from every status, who may be faster, what is recorded and written."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate
from post_office.models import Email

from listings.models import Membership, Status, Vacancy, WrongStatus
from listings.models.life import VERDICTS
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db


def change(vacancy, by, **changes):
    return vacancy.edit(by, changes, vacancy.version)


def with_a_waiting_change(vacancy, by):
    """As a status of its own for the table; a closed ad cannot have one."""
    if vacancy.can("edit"):
        change(vacancy, by, pay_high="4100")


STEPS = {
    "submit": lambda vacancy, by: vacancy.submit(by),
    "take_back": lambda vacancy, by: vacancy.take_back(by),
    "send_back": lambda vacancy, by: vacancy.send_back(by, "Der Titel nennt nur ein Geschlecht."),
    "publish": lambda vacancy, by: vacancy.publish(by, vacancy.version),
    "pause": lambda vacancy, by: vacancy.pause(by),
    "resume": lambda vacancy, by: vacancy.resume(by),
    "close": lambda vacancy, by: vacancy.close(by, "filled"),
    "remove": lambda vacancy, by: vacancy.remove(by, "Die Stelle gibt es nicht."),
    "restore": lambda vacancy, by: vacancy.restore(by),
    "ask": lambda vacancy, by: vacancy.ask(),
    "confirm": lambda vacancy, by: vacancy.confirm(by),
    "extend": lambda vacancy, by: vacancy.extend(by),
    "edit": lambda vacancy, by: change(vacancy, by, offer="Ein Diensthandy."),
    "propose": lambda vacancy, by: change(vacancy, by, title="IT-Projektassistenz (m/w/d)"),
    "withdraw": lambda vacancy, by: vacancy.withdraw_revision(by),
    "accept": lambda vacancy, by: vacancy.accept_revision(by, 1),
    "return": lambda vacancy, by: vacancy.return_revision(by, "Der Zeitraum fehlt.", 1),
}
NEED_A_CHANGE = {"withdraw", "accept", "return"}
ALLOWED = {
    ("draft", "submit"): "in_review",
    ("in_review", "take_back"): "draft",
    ("in_review", "send_back"): "draft",
    ("in_review", "publish"): "published",
    ("published", "pause"): "paused",
    ("published", "close"): "closed",
    ("paused", "resume"): "published",
    ("paused", "close"): "closed",
    ("published", "remove"): "removed",
    ("paused", "remove"): "removed",
    ("removed", "restore"): "published",
    ("published", "ask"): "published",
    ("published", "confirm"): "published",
    ("published", "extend"): "published",
    ("paused", "extend"): "paused",
    ("published", "edit"): "published",
    ("paused", "edit"): "paused",
    ("published", "propose"): "published",
    ("paused", "propose"): "paused",
    ("published", "withdraw"): "published",
    ("paused", "withdraw"): "paused",
    ("published", "accept"): "published",
    ("paused", "accept"): "paused",
    ("published", "return"): "published",
    ("paused", "return"): "paused",
}


def test_there_is_a_test_of_every_step():
    assert set(STEPS) == set(Vacancy.LIFECYCLE)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", ["draft", "in_review", "published", "paused", "closed", "removed"])
def test_a_step_is_open_to_some_statuses_and_refused_to_all_others(anna, status, step):
    vacancy = make_vacancy(status=status)
    if step in NEED_A_CHANGE:
        with_a_waiting_change(vacancy, anna)
    events = vacancy.events.count()
    if expected := ALLOWED.get((status, step)):
        assert vacancy.can(step)
        STEPS[step](vacancy, anna)
        assert vacancy.status == expected
        assert vacancy.events.count() == events + 1
        assert vacancy.events.last().step == step
    else:
        assert not vacancy.can(step)
        with pytest.raises(WrongStatus):
            STEPS[step](vacancy, anna)
        vacancy.refresh_from_db()
        assert vacancy.status == status
        assert vacancy.events.count() == events


def test_a_second_reviewer_comes_too_late(rita):
    vacancy = make_vacancy(status="in_review")
    other = Vacancy.objects.get(pk=vacancy.pk)
    vacancy.send_back(rita, "Bitte nennen Sie die Wochenstunden.")
    with pytest.raises(WrongStatus):
        other.publish(rita, other.version)
    assert Vacancy.objects.get(pk=vacancy.pk).status == Status.DRAFT


def test_publishing_refuses_a_version_that_the_reviewer_did_not_see(employer, anna, rita):
    vacancy = make_vacancy(employer, status="in_review")
    seen = vacancy.version
    vacancy.take_back(anna)
    vacancy.submit(anna)
    with pytest.raises(WrongStatus):
        vacancy.publish(rita, seen)
    vacancy.publish(rita, vacancy.version)
    assert vacancy.is_open


@pytest.mark.parametrize("step", sorted(VERDICTS))
def test_nobody_gives_a_verdict_on_an_ad_of_their_own_firm(employer, anna, rita, step):
    status = {"send_back": "in_review", "publish": "in_review", "override": "draft", "restore": "removed"}
    title = {"title": "Projektleiter"} if step == "override" else {}
    vacancy = make_vacancy(employer, status=status.get(step, "published"), **title)
    if step in NEED_A_CHANGE:
        with_a_waiting_change(vacancy, anna)
    Membership.objects.create(employer=employer, user=rita)
    before, events = vacancy.status, vacancy.events.count()
    verdicts = STEPS | {"override": lambda ad, by: ad.override(by, "L01", "Projektleiter", "So heißt es hier.")}
    with pytest.raises(PermissionDenied):
        verdicts[step](vacancy, rita)
    assert Vacancy.objects.get(pk=vacancy.pk).status == before
    assert vacancy.events.count() == events


def test_a_step_that_fails_leaves_no_mail(anna, monkeypatch):
    vacancy = make_vacancy()
    monkeypatch.setattr("listings.emails.enqueue", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        vacancy.submit(anna)
    assert Vacancy.objects.get(pk=vacancy.pk).status == Status.DRAFT
    assert not vacancy.events.exists()
    assert not Email.objects.exists()


def test_every_step_writes_one_mail_to_everybody_of_the_firm(employer, anna, ben, rita):
    vacancy = make_vacancy(employer)
    for step in ("submit", "take_back", "submit", "send_back", "submit", "publish", "pause", "resume", "close"):
        STEPS[step](vacancy, rita if step in VERDICTS else anna)
    assert Email.objects.count() == vacancy.events.count() == 9
    assert set(Email.objects.first().to) == {anna.email, ben.email}


def test_an_event_tells_who_acted_in_which_role(employer, anna, rita):
    vacancy = make_vacancy(employer)
    vacancy.submit(anna)
    vacancy.send_back(rita, "Bitte nennen Sie den Ort.")
    vacancy.submit(anna)
    vacancy.publish(rita, vacancy.version)
    vacancy.close(None, "ended")
    assert [event.role for event in vacancy.events.all()] == ["employer", "editor", "employer", "editor", "system"]
    assert vacancy.events.get(step="send_back").reason == "Bitte nennen Sie den Ort."


def test_removing_needs_a_reason(rita):
    vacancy = make_vacancy(open=True)
    with pytest.raises(ValidationError):
        vacancy.remove(rita, " ")
    assert vacancy in Vacancy.objects.open()


def test_sending_back_needs_a_reason(rita):
    vacancy = make_vacancy(status="in_review")
    with pytest.raises(ValidationError):
        vacancy.send_back(rita, "  ")
    assert Vacancy.objects.get(pk=vacancy.pk).status == Status.IN_REVIEW


def test_closing_needs_a_reason_that_exists(anna):
    with pytest.raises(ValidationError):
        make_vacancy(open=True).close(anna, "vergessen")


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"title": ""}, "title"),
        ({"tasks": ""}, "tasks"),
        ({"profile": ""}, "profile"),
        ({"pay_low": None}, "pay_low"),
        ({"pay_high": None}, "pay_high"),
        ({"hours_high": None, "hours_low": None}, "hours_high"),
        ({"last_day": None}, "last_day"),
        ({"apply_email": ""}, "apply_email"),
        ({"place_id": None}, "place_name"),
        ({"workplace": "hybrid"}, "remote_days"),
        ({"contract": "fixed_term"}, "fixed_term_months"),
    ],
)
def test_an_incomplete_ad_is_not_submitted_and_says_what_is_missing(anna, missing, named):
    vacancy = make_vacancy(**missing)
    with pytest.raises(ValidationError) as error:
        vacancy.submit(anna)
    assert list(error.value.message_dict) == [named]


@pytest.mark.parametrize(("days", "fine"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_last_day_is_today_at_the_earliest_and_sixty_days_ahead_at_the_latest(anna, days, fine):
    today = localdate()
    vacancy = make_vacancy(first_day=min(today, today + timedelta(days=days)), last_day=today + timedelta(days=days))
    if fine:
        vacancy.submit(anna)
    else:
        with pytest.raises(ValidationError):
            vacancy.submit(anna)


def test_an_ad_whose_last_day_passed_in_review_is_not_published(rita):
    # Not 31: late in the evening, the days before a clock change are counted from the next one.
    vacancy = make_vacancy(status="in_review", at=timezone.now() - timedelta(days=32))
    with pytest.raises(ValidationError):
        vacancy.publish(rita, vacancy.version)


def test_an_ad_taken_back_meanwhile_is_told_apart_from_an_incomplete_one(employer, anna, rita):
    vacancy = make_vacancy(employer, status="in_review")
    seen = Vacancy.objects.get(pk=vacancy.pk)
    vacancy.take_back(anna)
    vacancy.first_day = None
    vacancy.save()
    stale = Vacancy.objects.get(pk=vacancy.pk)
    with pytest.raises(WrongStatus):
        stale.publish(rita, seen.version)


def test_an_ad_past_its_deadline_is_neither_submitted_nor_published(employer, anna, rita):
    yesterday = localdate() - timedelta(days=1)
    with pytest.raises(ValidationError):
        make_vacancy(employer, apply_until=yesterday).submit(anna)
    waiting = make_vacancy(employer, status="in_review", at=timezone.now() - timedelta(days=3), apply_until=yesterday)
    with pytest.raises(ValidationError):
        waiting.publish(rita, waiting.version)


def test_first_publication_is_never_reset(employer, anna):
    start = timezone.now() - timedelta(days=5)
    vacancy = make_vacancy(employer, open=True, at=start)
    vacancy.pause(anna)
    vacancy.resume(anna)
    assert Vacancy.objects.get(pk=vacancy.pk).first_published_at == start


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "published"},
        {"status": "erfunden"},
        {"closed_as": "filled"},
        {"status": "closed", "first_published_at": timezone.now()},
        {"pay_low": 9, "pay_high": 8},
        {"hours_low": 9, "hours_high": 8},
        {"apply_url": "https://firma.example/"},
        {"first_day": "2026-02-02", "last_day": "2026-02-01"},
        {"first_published_at": timezone.now()},
        {"status": "in_review"},
        {"status": "in_review", "submitted_at": timezone.now(), "pay_low": None},
        {"status": "in_review", "submitted_at": timezone.now(), "place": None},
        {"status": "in_review", "submitted_at": timezone.now(), "apply_email": ""},
        {"status": "in_review", "submitted_at": timezone.now(), "last_day": None},
        {"status": "in_review", "submitted_at": timezone.now(), "title": ""},
        {"status": "in_review", "submitted_at": timezone.now(), "tasks": ""},
        {"status": "in_review", "submitted_at": timezone.now(), "hours_high": None},
        {"level": "meister"},
        {"workplace": "keller"},
        {"pay_unit": "day"},
        {"employer_kind": "agentur"},
    ],
)
def test_the_database_refuses_what_must_never_be(wrong):
    vacancy = make_vacancy()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vacancy.objects.filter(pk=vacancy.pk).update(**wrong)


def test_the_same_external_id_is_stored_once(employer):
    make_vacancy(employer, source="personio", external_id="7")
    make_vacancy(employer, source="personio", external_id="")
    make_vacancy(employer, source="personio", external_id="")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_vacancy(employer, source="personio", external_id="7")
