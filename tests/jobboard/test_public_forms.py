"""What keeps programs out of public forms: traps, and limits of how often."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from jobboard.forms import StampField
from jobboard.models import User
from jobboard.ratelimit import limited, source
from tests.jobboard.test_accounts import RESET, SIGNUP, registration
from tests.listings.employer_side import text_of

pytestmark = pytest.mark.django_db


def stamp_in(response) -> str:
    return response.context["form"]["since"].value()


# Traps


@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_nobody_sees_the_trap_and_nobody_reaches_it_by_keyboard(path, client):
    html = client.get(path).content.decode()
    assert '<div class="trap" aria-hidden="true">' in html
    assert 'name="homepage" tabindex="-1" autocomplete="off"' in html


@pytest.mark.parametrize("path", [SIGNUP, RESET])
@pytest.mark.parametrize("filled", ["https://spam.example/", "\x00", " ", "x" * 9000])
def test_who_fills_in_what_nobody_sees_is_refused_and_told(path, filled, client):
    response = client.post(path, registration(homepage=filled))
    assert response.status_code == 200
    assert "das tun sonst nur Programme" in text_of(response)
    assert not User.objects.exists()


@pytest.mark.parametrize("since", ["", "x", "\x00", "ä" * 3000, ":", "1:2:3"])
def test_a_stamp_that_is_not_ours_is_renewed_and_nothing_else_is_asked(since, client):
    response = client.post(SIGNUP, registration(since=since))
    assert "senden Sie das Formular noch einmal ab" in text_of(response)
    assert client.post(SIGNUP, registration(since=stamp_in(response))).status_code == 302


def test_a_stamp_of_yesterday_is_renewed(client, time_machine):
    time_machine.move_to("2026-11-20T10:00:00+01:00", tick=False)
    old = StampField.fresh()
    time_machine.move_to("2026-11-21T10:00:01+01:00", tick=False)
    response = client.post(SIGNUP, registration(since=old))
    assert "Die Seite war lange offen." in text_of(response)
    assert StampField.is_good(stamp_in(response))


def test_who_is_too_fast_only_has_to_send_it_again(client, settings, time_machine):
    settings.TRAP_SECONDS = 2
    time_machine.move_to("2026-11-20T10:00:00+01:00", tick=False)
    since = stamp_in(client.get(SIGNUP))
    time_machine.shift(1)
    response = client.post(SIGNUP, registration(since=since))
    assert "Das ging schneller, als wir lesen können." in text_of(response)
    assert stamp_in(response) == since, "the clock goes on"
    time_machine.shift(2)
    assert client.post(SIGNUP, registration(since=since)).status_code == 302


def test_who_is_too_fast_and_wrong_is_told_only_what_is_wrong(client, settings):
    settings.TRAP_SECONDS = 60
    assert "schneller" not in text_of(client.post(SIGNUP, registration(name="")))


@given(st.text(max_size=60))
def test_no_stamp_breaks_the_form(stamp):
    assert not StampField.is_good(stamp)


# How often


@limited(2, minutes=10)
def view(request):
    return HttpResponse("ja")


@limited(2, minutes=10)
def other_view(request):
    return HttpResponse("ja")


def ask(view=view, method="post", user=None, address="203.0.113.7"):
    request = getattr(RequestFactory(), method)("/", REMOTE_ADDR=address)
    request.user = user or AnonymousUser()
    return view(request)


def test_more_than_the_limit_is_refused_until_the_window_closes(time_machine):
    time_machine.move_to("2026-11-20T10:00:00+01:00", tick=False)
    assert [ask().status_code for _ in range(4)] == [200, 200, 429, 429]
    time_machine.shift(60)
    response = ask()
    assert (response.status_code, response["Retry-After"]) == (429, "540")
    assert "Bitte warten Sie" in response.content.decode()
    time_machine.shift(540)
    assert ask().status_code == 200


def test_reading_counts_nothing_and_each_view_counts_for_itself():
    assert {ask(method="get").status_code for _ in range(5)} == {200}
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    assert ask(other_view).status_code == 200


def test_people_are_counted_by_who_they_are_and_strangers_by_where_they_are(anna, eva):
    assert [ask(user=anna).status_code for _ in range(3)] == [200, 200, 429]
    assert ask(user=eva).status_code == 200
    assert ask().status_code == 200
    assert ask(address="203.0.113.8").status_code == 200


def test_a_house_has_one_address_of_the_new_kind():
    for end in ("1", "2", "ffff:1"):
        response = ask(address=f"2001:db8:1:2::{end}")
    assert response.status_code == 429
    assert ask(address="2001:db8:1:3::1").status_code == 200


def test_the_address_is_kept_for_the_window_only(time_machine, monkeypatch):
    kept = {}
    monkeypatch.setattr(cache, "add", lambda key, value, timeout: kept.update({key: timeout}))
    monkeypatch.setattr(cache, "incr", lambda key: 1)
    ask()
    assert set(kept.values()) == {600}
    assert "203.0.113.7" in next(iter(kept))


@pytest.mark.parametrize("address", ["203.0.113.7:4711", "[2001:db8::1]:4711"])
def test_an_address_counts_without_its_port(address):
    assert [ask(address=address).status_code for _ in range(3)] == [200, 200, 429]


def test_answers_without_a_login_are_limited(client):
    answers = [client.post("/arbeitgeber/noch-offen/x/").status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


def test_behind_a_proxy_the_visitor_counts_and_not_what_they_claim(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "1.2.3.4, 203.0.113.9"})
    request.user = AnonymousUser()
    assert source(request) == "ip:203.0.113.9"
