"""The shared cache may be away: people log in all the same, and the log says that limits do not count."""

import logging

import pytest
from django.core.cache import cache

from jobboard.ratelimit import within
from tests.jobboard.test_accounts import LOGIN, RESET, SIGNUP, registration
from tests.make import PASSWORD, make_user, make_vacancy

NOBODY_LISTENS = "redis://127.0.0.1:9/0"


@pytest.fixture(autouse=True)
def redis_is_away(settings):
    settings.CACHES = {"default": {"BACKEND": "jobboard.cache.PatientRedisCache", "LOCATION": NOBODY_LISTENS}}


def test_nothing_is_found_nothing_is_kept_and_nothing_is_raised(caplog):
    assert cache.add("a", 1) is True
    cache.set("a", 1)
    cache.set_many({"a": 1})
    assert cache.get("a") is None
    assert cache.get("a", 7) == 7
    assert cache.get_many(["a"]) == {}
    assert cache.get_or_set("a", 3) == 3
    assert "a" not in cache
    assert not cache.touch("a")
    assert not cache.delete("a")
    cache.delete_many(["a"])
    assert not cache.clear()
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")
    assert "rate limits do not count" in caplog.text
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_a_limit_lets_everybody_through():
    assert all(within("test", 1, 60) for _ in range(3))


@pytest.mark.django_db
def test_people_register_and_log_in(client):
    user = make_user("Nora Neu")
    user.set_password(PASSWORD)
    user.save()
    assert client.post(LOGIN, {"login": user.email, "password": "falsch"}).status_code == 200
    assert client.post(LOGIN, {"login": user.email, "password": PASSWORD}).url == "/arbeitgeber/stellen/"
    client.logout()
    assert client.post(SIGNUP, registration(email="neu@firma.example")).status_code == 302
    assert client.post(RESET, registration()).status_code == 302


@pytest.mark.django_db
def test_readers_are_counted(client):
    vacancy = make_vacancy(open=True)
    path = f"{vacancy.get_absolute_url()}gesehen/"
    assert client.post(path, headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}).status_code == 204
    assert vacancy.daily_counts.get().views == 1
