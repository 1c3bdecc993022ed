"""Shared fixtures: reference data, the cast, and a client that looks closely at every page."""

import gc
import os
import re
from contextlib import ExitStack, contextmanager
from urllib.parse import unquote_plus

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import settings as hypothesis_settings

from listings.models import Word
from listings.reference import load_concepts, load_rules
from listings.search import spelling
from profiles.reference import load_all
from tests.make import make_colleague, make_editor, make_employer, make_user, make_vacancy

# Playwright's event loop runs in the test's thread; the ORM is still used from that thread alone.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


# What CI finds must not depend on chance; at the desk, chance may find more.
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser):
    parser.addoption("--write-judged-lists", action="store_true", help="keep today's lists as the ones to compare with")


def pytest_collection_finish():
    # What is loaded by now stays: looking through it for cycles again and again would take a tenth of the time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@contextmanager
def _rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test sees the places, facts and five cities, as every board does."""
    with django_db_blocker.unblock():
        load_all()
        load_rules()
        load_concepts()
        with _rolled_back():
            make_vacancy(make_employer("Hasewerk GmbH", sector="Maschinenbau"), open=True)
            words = list(Word.objects.values_list("shown", flat=True))
        spelling.learn(words)  # or each test would store those of its ads
        return {group.name: [each.natural_key() for each in group.permissions.all()] for group in Group.objects.all()}


@pytest.fixture(scope="module")
def build_once(django_db_setup, django_db_blocker):
    """build_once(make): what make() makes, for all tests of a module, in a transaction around those of the tests.

    Each finds it as it was made. For fixtures of modules without transactional tests, with autouse, or what a test
    finds would depend on those before it; objects go to the tests as copies.
    """
    around = ExitStack()

    def build(make):
        with django_db_blocker.unblock():
            around.enter_context(_rolled_back())
            return make()

    yield build
    with django_db_blocker.unblock():
        around.close()


@pytest.fixture
def board(django_db_setup, transactional_db):
    """Roles and reference data again, since tests with transactions leave an empty database behind."""
    spelling._stored.clear()  # this process still takes the words of earlier tests for stored
    for name, permissions in django_db_setup.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.get_by_natural_key(*key) for key in permissions)
    load_all()
    load_rules()
    load_concepts()


@pytest.fixture(autouse=True)
def _plain_settings(settings):
    """Fast hashes, unhashed static names, an empty cache; editors and forms without what only delays tests."""
    settings.STAFF_SECOND_FACTOR = False
    settings.TRAP_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # else every client of every test walks through all static files
    settings.EMAIL_BACKEND = "jobboard.mail.OutboxBackend"  # Django's runner puts its own in its place
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()


class StrictClient(Client):
    """Fails on what no page of this board may hold."""

    # allauth and the admin set these where a form or a login needs them.
    may_set_cookies = re.compile(r"^/(konto|redaktion|arbeitgeber/.)")

    def request(self, **request):
        response = super().request(**request)
        path = request.get("PATH_INFO", "")
        if response.cookies and not self.may_set_cookies.match(path):
            raise AssertionError(f"{path} sets the cookies {list(response.cookies)}")
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            html = response.content.decode()
            assert not re.search(r"<script(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))", html), (
                f"{path}: inline script"
            )
            assert not re.search(r"<style\b|\sstyle=[\"']", html), f"{path}: inline style"
            assert not re.search(r"\son[a-z]+=[\"']", html), f"{path}: inline handler"
            typed = unquote_plus(request.get("QUERY_STRING", ""))  # pages say again what was searched for
            assert not re.search(r"\{\{|\{%", html) or re.search(r"\{\{|\{%", typed), f"{path}: leftover template code"
            assert "Content-Security-Policy" in response.headers, f"{path}: no CSP"
        return response


@pytest.fixture
def client():
    return StrictClient()


@pytest.fixture
def client_of():
    """client_of(user): a strict client that is logged in."""

    def make(user):
        client = StrictClient()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def anna(db):
    return make_user("Anna Adler")


@pytest.fixture
def employer(anna):
    return make_employer("Hasewerk GmbH", owner=anna, sector="Maschinenbau")


@pytest.fixture
def ben(employer):
    """Anna's colleague."""
    return make_colleague(employer)


@pytest.fixture
def eva(db):
    """A stranger with a firm of her own."""
    user = make_user("Eva Ernst")
    make_employer("Fremdwerk GmbH", owner=user)
    return user


@pytest.fixture
def rita(db):
    """An editor."""
    return make_editor()


@pytest.fixture
def editor(client_of, rita):
    """Her browser."""
    return client_of(rita)
