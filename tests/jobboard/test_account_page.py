"""The page of one's own account, and accounts that time makes disappear."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils.timezone import now

from jobboard.accounts import forget_sessions, forget_unconfirmed
from jobboard.models import User
from tests.jobboard.test_accounts import error_of, sign_up, text_of
from tests.make import make_editor, make_user

pytestmark = pytest.mark.django_db
ACCOUNT = "/konto/"


def test_the_account_page_is_for_its_owner_only(client, client_of, anna):
    assert client.get(ACCOUNT).url == "/konto/login/?next=/konto/"
    response = client_of(anna).get(ACCOUNT)
    assert "no-store" in response.headers["Cache-Control"]
    own = ("email", "password/set", "2fa", "daten", "loeschen", "logout")
    for path in (f"/konto/{each}/" for each in own):
        assert f'href="{path}"' in response.content.decode()


def test_the_account_page_keeps_within_its_queries(client_of, anna, django_assert_max_num_queries):
    client = client_of(anna)
    with django_assert_max_num_queries(4):
        client.get(ACCOUNT)


def test_a_name_is_changed(client_of, anna):
    client = client_of(anna)
    assert "Ihr Name ist gespeichert." in text_of(client.post(ACCOUNT, {"name": "Anna  Brandt "}, follow=True))
    anna.refresh_from_db()
    assert anna.name == "Anna Brandt"


@pytest.mark.parametrize(("name", "says"), [("", "Namen"), ("...", "Namen"), ("x" * 121, "120"), ("Anna\x00", "Null")])
def test_a_bad_name_is_told_beside_the_field_and_changes_nothing(name, says, client_of, anna):
    response = client_of(anna).post(ACCOUNT, {"name": name})
    assert says in error_of(response, "name")
    anna.refresh_from_db()
    assert anna.name == "Anna Adler"


# What time does


def test_an_account_that_nobody_confirms_is_gone_after_a_week(client, time_machine):
    time_machine.move_to("2026-10-20T12:00:00+02:00", tick=False)
    sign_up(client)
    time_machine.move_to("2026-10-27T11:00:00+01:00", tick=False)  # the clocks went back: seven days to the minute
    assert forget_unconfirmed(now()) == 0
    time_machine.shift(1)
    assert forget_unconfirmed(now()) == 1
    assert forget_unconfirmed(now()) == 0
    assert not User.objects.exists()


def test_nobody_else_is_forgotten():
    confirmed = make_user("Anna Adler")
    editor = make_editor()
    known = make_user("Kai Kurz", last_login=now())
    for user in (editor, known):
        user.emailaddress_set.update(verified=False)
    User.objects.update(date_joined=now() - timedelta(days=400))
    assert forget_unconfirmed(now()) == 0
    assert set(User.objects.all()) == {confirmed, editor, known}


def test_sessions_that_are_over_are_forgotten(client_of, anna):
    client_of(anna)
    assert forget_sessions(now()) == 0
    assert forget_sessions(now() + timedelta(days=15)) == 1
    assert not Session.objects.exists()


def test_the_daily_run_forgets_both(client, client_of, anna, time_machine):
    time_machine.move_to("2026-10-20T12:00:00+02:00", tick=False)
    sign_up(client)
    client_of(anna)
    time_machine.move_to("2026-11-20T12:00:00+01:00", tick=False)
    call_command("daily")
    assert set(User.objects.all()) == {anna}
    assert not Session.objects.exists()
