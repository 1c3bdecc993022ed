"""The page of one's own account, and accounts that time makes disappear."""

import threading
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
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


@pytest.fixture
def long_unconfirmed(db):
    user = make_user("Nora Neu", date_joined=now() - timedelta(days=8))
    user.emailaddress_set.update(verified=False)
    return user


def test_who_confirms_at_that_moment_stays(long_unconfirmed):
    confirmed = []

    def confirm_after_the_question(execute, *args):
        result = execute(*args)
        if not confirmed:
            confirmed.append(True)
            long_unconfirmed.emailaddress_set.update(verified=True)
        return result

    with connection.execute_wrapper(confirm_after_the_question):
        assert forget_unconfirmed(now()) == 0
    assert User.objects.get().emailaddress_set.get().verified


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_who_is_just_confirming_is_waited_for(long_unconfirmed):
    is_confirming = threading.Event()

    def confirm():
        try:
            with transaction.atomic():
                long_unconfirmed.emailaddress_set.update(verified=True)
                is_confirming.set()
                time.sleep(0.3)
        finally:
            connection.close()

    thread = threading.Thread(target=confirm)
    thread.start()
    is_confirming.wait(5)
    assert forget_unconfirmed(now()) == 0
    thread.join()
    assert User.objects.filter(pk=long_unconfirmed.pk).exists()


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
