"""What is due every day: asked, told, paused, reminded, closed and forgotten, each once."""

import re
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.timezone import localdate
from post_office.models import Email

from jobboard.models import MailKey
from listings import daily
from listings.models import Status, Vacancy, VacancyEvent, WrongStatus
from profiles.models import City
from profiles.reference import load_all
from tests.make import make_employer, make_user, make_vacancy
from tests.races import at_once, needs_connections

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
# Around both changes of the clock: a day has 23 hours on 29 March 2026 and 25 on 25 October 2026.
STARTS = [date(2026, 6, 1), date(2026, 3, 20), date(2026, 10, 15)]
HOURS = [0, 3, 23]


def night(day, hour=3):
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=BERLIN)


def run(day, hour=3):
    """`manage.py daily` in that hour; what it says."""
    with time_machine.travel(night(day, hour), tick=False):
        out = StringIO()
        call_command("daily", stdout=out)
        return out.getvalue()


def published(employer, day, hour=10, runs_for=60, **fields):
    with time_machine.travel(night(day, hour), tick=False):
        ad = make_vacancy(employer, open=True, last_day=day + runs_for * DAY, **fields)
    Email.objects.all().delete()
    return ad


def stored(ad):
    return Vacancy.objects.get(pk=ad.pk)


def subjects():
    return [re.split(r": |(?<=\?) ", mail.subject)[0] for mail in Email.objects.order_by("pk")]


def is_told(client, ad, day):
    with time_machine.travel(night(day, 12), tick=False):
        return "ob diese stelle noch offen ist" in client.get(ad.get_absolute_url()).content.decode().lower()


# Noch offen?


@pytest.mark.slow
@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("start", STARTS)
def test_an_ad_nobody_speaks_of_is_asked_about_told_and_paused(employer, client, start, hour):
    ad = published(employer, start, hour)
    run(start + 20 * DAY, hour)
    assert stored(ad).asked_on is None
    run(start + 21 * DAY, hour)
    assert stored(ad).asked_on == start + 21 * DAY
    assert subjects() == ["Noch offen?"]
    assert not is_told(client, ad, start + 27 * DAY)
    assert is_told(client, ad, start + 28 * DAY)
    run(start + 34 * DAY, hour)
    assert stored(ad).status == Status.PUBLISHED
    run(start + 35 * DAY, hour)
    assert stored(ad).status == Status.PAUSED
    assert stored(ad).events.last().role == "system"
    assert subjects() == ["Noch offen?", "Angehalten"]
    assert "nicht beantwortet" in Email.objects.last().message


def test_an_answer_begins_three_new_weeks(employer, anna):
    start = STARTS[0]
    ad = published(employer, start)
    run(start + 21 * DAY)
    with time_machine.travel(night(start + 25 * DAY, 12), tick=False):
        stored(ad).confirm(anna)
    run(start + 45 * DAY)
    assert stored(ad).asked_on is None
    run(start + 46 * DAY)
    assert stored(ad).asked_on == start + 46 * DAY


@pytest.mark.parametrize("step", ["edit", "extend", "resume"])
def test_other_signs_of_life_are_answers(employer, anna, step):
    start = STARTS[0]
    ad = published(employer, start, runs_for=40)
    run(start + 21 * DAY)
    with time_machine.travel(night(start + 22 * DAY, 12), tick=False):
        ad = stored(ad)
        if step == "edit":
            ad.edit(anna, {"start": "ab sofort"}, ad.version)
        elif step == "extend":
            ad.extend(anna)
        else:
            ad.pause(anna)
            ad.resume(anna)
    assert (stored(ad).asked_on, stored(ad).confirmed_on) == (None, start + 22 * DAY)


def test_readers_learn_why_an_ad_rests(employer, anna, client):
    def page(ad):
        response = client.get(ad.get_absolute_url())
        assert response.status_code == 404
        return response.content.decode()

    by_itself, by_hand = (make_vacancy(employer, open=True, title=title) for title in ("Koordination", "Leitung"))
    for ad, by in ((by_itself, None), (by_hand, anna)):
        ad.ask()
        ad.pause(by)
    assert "nicht geantwortet" in page(by_itself)
    assert "Der Arbeitgeber hat „Leitung“ angehalten" in page(by_hand)


def test_the_three_weeks_begin_with_the_first_day(employer):
    start = STARTS[0]
    ad = published(employer, start, first_day=start + 10 * DAY)
    run(start + 30 * DAY)
    assert stored(ad).asked_on is None
    run(start + 31 * DAY)
    assert stored(ad).asked_on


def test_nobody_is_asked_about_what_readers_do_not_see(employer, anna):
    start = STARTS[0]
    paused, ended = published(employer, start), published(employer, start, runs_for=15)
    with time_machine.travel(night(start + DAY), tick=False):
        paused.pause(anna)
    run(start + 22 * DAY)
    assert stored(paused).asked_on is None
    assert stored(ended).asked_on is None


def test_a_run_that_fell_out_is_made_up_for(employer):
    start = STARTS[0]
    ad = published(employer, start)
    run(start + 24 * DAY)
    assert stored(ad).asked_on == start + 24 * DAY


def test_asking_leaves_the_version_to_what_people_write(employer):
    """Else a form that stood open over night could not be saved in the morning."""
    ad = published(employer, STARTS[0])
    run(STARTS[0] + 21 * DAY)
    assert stored(ad).version == ad.version


# The end


def test_the_firm_is_reminded_once_of_each_end(employer, anna):
    start = STARTS[0]
    ad = published(employer, start, runs_for=20)
    run(start + 12 * DAY)
    assert subjects() == []
    for days in (13, 13, 14, 20):
        run(start + days * DAY)
    assert subjects() == ["Endet bald"]
    with time_machine.travel(night(start + 20 * DAY, 12), tick=False):
        stored(ad).extend(anna)
    Email.objects.all().delete()
    run(start + 43 * DAY)
    assert "Endet bald" in subjects()


def test_an_ad_for_a_few_days_needs_no_reminder(employer):
    published(employer, STARTS[0], runs_for=5)
    run(STARTS[0] + DAY)
    assert subjects() == []


@pytest.mark.parametrize("status", ["published", "paused"])
@pytest.mark.parametrize("start", STARTS)
def test_an_ad_is_closed_a_fortnight_after_its_last_day(employer, anna, start, status):
    ad = published(employer, start, runs_for=10)
    if status == "paused":
        with time_machine.travel(night(start + DAY), tick=False):
            ad.pause(anna)
    run(start + 24 * DAY)
    assert stored(ad).status == status
    run(start + 25 * DAY)
    ad = stored(ad)
    assert (ad.status, ad.closed_as) == (Status.CLOSED, "ended")
    assert subjects()[-1] == "Geschlossen"


# Forgetting


def closed(employer, anna, day):
    ad = published(employer, day, contact_name="Carla Conrad", facts=["jira"], skills="Kenntnisse in Sonderfunk")
    with time_machine.travel(night(day + DAY), tick=False):
        ad.edit(anna, {"contact_name": "Doris Dahm", "offer": "Ein Diensthandy."}, ad.version)
        ad.edit(anna, {"pay_high": "4100", "apply_email": "doris.dahm@firma.example"}, ad.version)
        ad.close(anna, "filled")
    return ad


@pytest.mark.parametrize("start", STARTS)
def test_the_contact_of_a_closed_ad_is_forgotten_after_half_a_year(employer, anna, start):
    ad = closed(employer, anna, start)
    run(start + 181 * DAY)
    assert stored(ad).contact_name
    run(start + 182 * DAY)
    ad = stored(ad)
    assert (ad.contact_name, ad.apply_email) == ("", "")
    assert ad.tasks
    kept = repr([*ad.revisions.values_list("changes", flat=True), *ad.events.values_list("data", flat=True)])
    assert "Carla" not in kept
    assert "oris" not in kept
    assert "Diensthandy" in kept


def test_a_contact_that_only_an_edit_still_names_is_forgotten_as_well(employer, anna):
    ad = make_vacancy(employer, open=True, contact_name="Carla Conrad")
    ad.edit(anna, {"contact_name": "", "apply_email": "", "apply_url": "https://hasewerk.example/los"}, ad.version)
    ad.edit(anna, {"contact_name": ""}, ad.version)
    ad.accept_revision(None, ad.waiting_revision().version)
    ad.close(anna, "withdrawn")
    assert "Carla" in repr(list(ad.events.values_list("data", flat=True)))
    run(timezone.now() + 182 * DAY)
    kept = repr([*ad.revisions.values_list("changes", flat=True), *ad.events.values_list("data", flat=True)])
    assert "Carla" not in kept
    assert "bewerbung@" not in kept


@pytest.mark.parametrize("start", STARTS)
def test_the_text_of_a_closed_ad_is_forgotten_after_a_year(employer, anna, client, start):
    ad = closed(employer, anna, start)
    run(start + 366 * DAY)
    assert stored(ad).tasks
    assert ad in Vacancy.objects.matching("sonderfunk")
    run(start + 367 * DAY)
    ad = stored(ad)
    assert (ad.tasks, ad.profile, ad.offer, ad.skills) == ("", "", "", "")
    assert not ad.facts.exists()
    assert not ad.revisions.exists()
    assert ad not in Vacancy.objects.matching("sonderfunk")
    assert not any(event.by for event in ad.events.all())
    assert [event.step for event in ad.events.all()] == ["submit", "publish", "edit", "propose", "close"]
    response = client.get(ad.get_absolute_url())
    assert response.status_code == 410
    assert ad.title in response.content.decode()


def test_what_still_runs_is_not_forgotten(employer):
    ad = make_vacancy(employer, open=True, contact_name="Carla Conrad")
    Vacancy.objects.update(changed_at=timezone.now() - timedelta(days=400))
    call_command("daily", stdout=StringIO())
    assert stored(ad).contact_name


def test_rows_of_mails_go_after_thirty_days_and_their_keys_stay(employer):
    make_vacancy(employer, status="in_review")
    Email.objects.update(created=timezone.now() - timedelta(days=29))
    assert daily.forget_old_mails(timezone.now()) == 0
    Email.objects.update(created=timezone.now() - timedelta(days=31))
    assert daily.forget_old_mails(timezone.now()) == 1
    assert MailKey.objects.count() == 1


# All of them


def test_it_says_what_it_did_and_a_second_run_finds_nothing_to_do(employer, anna):
    start = STARTS[0]
    published(employer, start)
    published(employer, start, runs_for=27)
    published(employer, start, runs_for=5)
    said = run(start + 21 * DAY)
    for line in ("2 firms asked", "1 firms reminded", "1 ads closed"):
        assert line in said
    events, mails = VacancyEvent.objects.count(), Email.objects.count()
    assert {line.split()[0] for line in run(start + 21 * DAY).splitlines()} == {"0"}
    assert (VacancyEvent.objects.count(), Email.objects.count()) == (events, mails)


def test_a_job_in_trouble_keeps_no_other_from_running(employer, monkeypatch):
    def fail(at):
        raise RuntimeError("no disk")

    jobs = {"never": fail, "ads closed that had ended": daily.close_ended}
    monkeypatch.setattr("listings.management.commands.daily.JOBS", jobs)
    ad = published(employer, STARTS[0], runs_for=5)
    with time_machine.travel(night(STARTS[0] + 30 * DAY), tick=False), pytest.raises(CommandError, match="fail"):
        call_command("daily", stdout=StringIO())
    assert stored(ad).status == Status.CLOSED


def test_a_page_that_appears_by_its_date_finds_its_ads(employer):
    ad = make_vacancy(employer, open=True)
    osnabrueck = City.objects.get(slug="osnabrueck")
    assert ad.city == osnabrueck
    Vacancy.objects.update(city=None)
    assert daily.connect_cities(timezone.now()) == 1
    assert stored(ad).city == osnabrueck


# Races


@pytest.fixture
def raced(transactional_db):
    load_all()  # a transactional test before this one has emptied the database
    owner = make_user()
    return make_employer(owner=owner), owner


@needs_connections
def test_two_runs_at_once_do_everything_once(raced):
    employer, _ = raced
    today = localdate()
    for days in range(6):
        published(employer, today - 30 * DAY, runs_for=30 + days)
    published(employer, today - 30 * DAY, runs_for=10)
    MailKey.objects.all().delete()
    VacancyEvent.objects.all().delete()
    at_once(*[lambda: call_command("daily", stdout=StringIO())] * 3)
    assert VacancyEvent.objects.filter(step="ask").count() == 6
    assert VacancyEvent.objects.filter(step="close").count() == 1
    assert sorted(subjects()) == ["Endet bald"] * 6 + ["Geschlossen"] + ["Noch offen?"] * 6


@needs_connections
def test_who_confirms_while_the_ad_is_being_paused_is_heard_or_told(raced):
    employer, owner = raced
    for _ in range(5):
        ad = make_vacancy(employer, open=True)
        ad.ask()
        mine, theirs = stored(ad), stored(ad)
        results = at_once(lambda m=mine: m.confirm(owner), lambda t=theirs: t.pause(None), refused=WrongStatus)
        assert sum(result is not None for result in results) == 1, "one of them came too late"
        ad = stored(ad)
        assert (ad.status == Status.PAUSED) == (ad.asked_on is not None)


@needs_connections
def test_two_edits_at_once_leave_one_change_and_tell_the_other(raced):
    employer, owner = raced
    for _ in range(5):
        ad = make_vacancy(employer, open=True)
        copies = [stored(ad) for _ in range(3)]
        results = at_once(
            *[lambda c=c, pay=pay: c.edit(owner, {"pay_high": pay}, c.version) for pay, c in enumerate(copies, 4100)],
            refused=WrongStatus,
        )
        assert sorted(str(result) for result in results).count("waiting") == 1
        assert ad.revisions.count() == 1


@needs_connections
def test_an_edit_and_a_verdict_at_once_never_publish_what_nobody_read(raced):
    employer, owner = raced
    for _ in range(5):
        ad = make_vacancy(employer, open=True)
        ad.edit(owner, {"pay_high": "4100"}, ad.version)
        writer, editor = stored(ad), stored(ad)
        at_once(
            lambda w=writer: w.edit(owner, {"pay_high": "9000"}, w.version),
            lambda e=editor: e.accept_revision(None, 1),
            refused=WrongStatus,
        )
        assert stored(ad).pay_high in (4000, 4100)


@needs_connections
def test_extending_twice_at_once_counts_once(raced):
    employer, owner = raced
    ad = make_vacancy(employer, open=True)
    copies = [stored(ad) for _ in range(3)]
    at_once(*[lambda c=c: c.extend(owner) for c in copies], refused=WrongStatus)
    assert (stored(ad).renewals, stored(ad).last_day) == (1, ad.last_day + 30 * DAY)
