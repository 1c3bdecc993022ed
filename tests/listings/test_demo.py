"""The demo board: made once, through the verbs, varied, and only where nothing real is."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone
from django.utils.timezone import localdate
from post_office.models import Email

from jobboard.text import count_words
from listings import linter
from listings.management.commands.demo import DEMO_EMPLOYER
from listings.models import DailyCount, Employer, Membership, Status, Vacancy, VacancyEvent
from profiles.models import City
from tests.make import make_employer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # each makes the whole board


@pytest.fixture
def _demo_on(settings):
    settings.DEMO = True


@pytest.fixture
def demo(_demo_on, capsys):
    call_command("load_reference")
    call_command("demo")


@pytest.mark.usefixtures("demo")
def test_the_demo_is_varied():
    assert Employer.objects.count() == 20
    assert Vacancy.objects.count() == 60
    assert Employer.objects.exclude(logo=None).count() >= 12
    assert set(Status.values) - set(Vacancy.objects.values_list("status", flat=True)) == {Status.REMOVED}
    for field, choices in (
        ("level", 3), ("pay_unit", 3), ("workplace", 3), ("working_time", 3), ("contract", 2), ("employer_kind", 3),
    ):  # fmt: skip
        assert Vacancy.objects.open().order_by().values(field).distinct().count() == choices, field
    cities = (
        Vacancy.objects.open()
        .direct()
        .exclude(city=None)
        .order_by()
        .values("city__slug")
        .annotate(n=Count("pk"), m=Count("employer", distinct=True))
    )
    counts = {each["city__slug"]: (each["n"], each["m"]) for each in cities}
    assert {"osnabrueck", "oberhausen", "hagen", "hamm", "gelsenkirchen"} <= set(counts)
    assert any(n >= 5 and m >= 3 for n, m in counts.values())
    assert any(n < 5 for n, _ in counts.values())
    assert set(Vacancy.ClosedAs.values) <= set(Vacancy.objects.values_list("closed_as", flat=True))
    assert VacancyEvent.objects.filter(step="send_back").exclude(reason="").exists()


@pytest.mark.usefixtures("demo")
def test_every_fact_of_every_city_leads_to_the_ads_that_speak_of_it(client):
    led = 0
    for city in City.objects.live():
        page = client.get(f"/staedte/{city.slug}/")
        facts = [each for _, facts in page.context["fact_groups"] for each in facts]
        assert facts
        for each in facts:
            address = f"/stellen/?faktum={each.fact.slug}&stadt={city.slug}"
            found = client.get(address).context
            assert each.ad_count == found["count"] == len(found["vacancies"])
            link = f'<a href="{address.replace("&", "&amp;")}">{each.ad_count} Stelle'
            assert (link in page.content.decode()) == bool(each.ad_count)
            for ad in found["vacancies"]:
                assert f'"/stellen/?faktum={each.fact.slug}"' in client.get(ad.get_absolute_url()).content.decode()
                led += 1
    assert led > 30


@pytest.mark.usefixtures("demo")
def test_every_ad_is_written_out_and_harmless():
    unfinished = Vacancy.objects.filter(status="draft").exclude(events__step="submit")
    assert unfinished.count() == 1  # the draft of the demo login, half written on purpose
    for vacancy in Vacancy.objects.exclude(pk__in=unfinished):
        words = count_words("\n\n".join([vacancy.tasks, vacancy.profile, vacancy.offer]))
        assert 120 <= words <= 350, vacancy.title
    for vacancy in Vacancy.objects.all():
        assert (vacancy.apply_email or vacancy.apply_url).split("/")[2 if vacancy.apply_url else 0].endswith(".example")
    assert not Employer.objects.exclude(website__contains=".example").exists()


@pytest.mark.usefixtures("demo")
def test_only_the_unfinished_draft_gives_the_linter_something_to_say():
    found = {vacancy.pk: {hit.rule for hit in linter.lint(vacancy)} for vacancy in Vacancy.objects.all()}
    unfinished = Vacancy.objects.exclude(events__step="submit").get()
    assert {"L01", "L02"} <= found.pop(unfinished.pk)
    assert not any(found.values())
    assert linter.blocking(linter.lint(unfinished))
    with pytest.raises(ValidationError) as missing:
        unfinished.check_complete(on=localdate())
    assert set(missing.value.error_dict) == {"remote_days"}


@pytest.mark.usefixtures("demo")
def test_every_turn_that_a_running_ad_can_take_is_shown():
    login = Employer.objects.get(slug=DEMO_EMPLOYER)
    assert set(login.memberships.values_list("role", flat=True)) == set(Membership.Role.values)
    assert login.invitations.open().count() == 1
    assert not [member for member in login.memberships.all() if member.question]
    assert [employer for employer in Employer.objects.all() if employer.is_trusted]
    assert login.vacancies.filter(revisions__state="waiting").count() == 1
    assert login.vacancies.open().filter(last_day__lte=localdate() + timedelta(days=7)).exists()
    assert login.vacancies.open().exclude(asked_on=None).exists()
    assert [vacancy for vacancy in Vacancy.objects.open() if vacancy.is_unconfirmed]
    assert Vacancy.objects.open().filter(renewals=1).exists()
    assert {"yes", "no"} <= set(Vacancy.objects.filter(closed_as="filled").values_list("filled_here", flat=True))


@pytest.mark.usefixtures("demo")
def test_the_daily_work_finds_nothing_overdue():
    """Otherwise the board would change by itself on its first morning."""
    before = set(Vacancy.objects.open().values_list("pk", flat=True))
    call_command("daily")
    assert set(Vacancy.objects.open().values_list("pk", flat=True)) == before


@pytest.mark.usefixtures("demo")
def test_no_two_ads_begin_alike():
    for field in ("title", "tasks", "profile", "offer"):
        texts = [" ".join(text.lower().split()[:6]) for text in Vacancy.objects.values_list(field, flat=True)]
        assert len(texts) == len(set(texts)), field


@pytest.mark.usefixtures("demo")
def test_counts_lie_on_days_on_which_the_ad_could_be_read():
    for vacancy in Vacancy.objects.prefetch_related("daily_counts", "events"):
        days = [count.day for count in vacancy.daily_counts.all()]
        over = [localdate(event.at) for event in vacancy.events.all() if event.step in ("pause", "close", "remove")]
        assert bool(days) == (vacancy.first_published_at is not None and vacancy.first_day <= localdate()), vacancy
        assert all(vacancy.first_day <= day <= min([vacancy.last_day, localdate(), *over]) for day in days), vacancy
    assert all(count.clicks <= count.views for count in DailyCount.objects.all())


@pytest.mark.usefixtures("demo")
def test_a_second_time_changes_nothing():
    before = list(Vacancy.objects.order_by("pk").values())
    call_command("demo")
    assert list(Vacancy.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("demo")
def test_no_mail_about_the_past_is_waiting():
    assert not Email.objects.exists()


@pytest.mark.usefixtures("demo")
def test_no_event_lies_in_the_future_and_each_follows_the_one_before():
    for vacancy in Vacancy.objects.prefetch_related("events"):
        moments = [event.at for event in vacancy.events.all()]
        assert moments == sorted(moments)
        assert not vacancy.events.filter(at__gt=timezone.now()).exists()


@pytest.mark.usefixtures("_demo_on")
@pytest.mark.parametrize(
    "moment", ["2026-03-29T00:30:00+01:00", "2026-10-25T02:30:00+01:00", "2027-01-01T06:00:00+01:00"]
)
def test_the_demo_can_be_made_on_any_day(moment, capsys):
    with time_machine.travel(moment, tick=False):
        call_command("demo")
        assert Vacancy.objects.open().count() >= 40


@pytest.mark.usefixtures("_demo_on")
def test_a_database_with_real_firms_is_refused():
    make_employer()
    with pytest.raises(CommandError):
        call_command("demo")


def test_a_board_that_is_no_demo_is_refused(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo")


@pytest.mark.usefixtures("demo")
def test_the_greeting_names_addresses_and_logins(capsys):
    call_command("demo", "--hello")
    text = capsys.readouterr().out
    assert "/staedte/osnabrueck/" in text
    for email in ("anna.brockhage@", "redaktion@", "admin@"):
        assert email in text
