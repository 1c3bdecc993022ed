"""Settings, checks for operators, and text."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from jobboard import checks
from jobboard.templatetags.board import amount, days_ago, euro, months, number, pay_range, whole_euro
from jobboard.text import fold, german_slug, markdown, paragraphs


def test_the_site_passes_its_checks():
    call_command("check", "--fail-level", "WARNING")


def test_operators_are_told_of_placeholders(settings):
    assert [each.id for each in checks.particulars_are_filled_in(None)] == ["jobboard.W001"]
    settings.OPERATOR = dict.fromkeys(settings.OPERATOR, "ausgefüllt")
    assert checks.particulars_are_filled_in(None) == []


def test_operators_are_told_of_a_demo_plain_http_and_mails_that_stay(settings):
    settings.DEMO, settings.BASE_URL = True, "http://board.example"
    settings.POST_OFFICE = {"BACKENDS": {"default": "django.core.mail.backends.filebased.EmailBackend"}}
    assert checks.demo_is_off(None)
    assert checks.addresses_are_https(None)
    assert checks.mail_leaves_the_house(None)
    settings.DEMO, settings.BASE_URL = False, "https://board.example"
    settings.POST_OFFICE = {"BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}}
    assert not checks.demo_is_off(None) + checks.addresses_are_https(None) + checks.mail_leaves_the_house(None)


def with_environment(code: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "VIRTUAL_ENV", "LANG")}
    return subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", f"from jobboard import settings as s; {code}"],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_names_the_missing_key():
    found = with_environment("", BASE_URL="https://board.example")
    assert "SECRET_KEY is missing" in found.stderr


def test_the_environment_decides():
    found = with_environment(
        "print(s.BASE_URL, s.DEBUG, s.SESSION_COOKIE_SECURE, s.DATABASES['default']['ENGINE'], s.EMAIL_HOST, s.EMAIL_USE_TLS)",
        SECRET_KEY="x",
        PORT="8123",
        DATABASE_URL="postgres://nobody@127.0.0.1/none",
        EMAIL_URL="smtp+tls://post:geheim@mail.example:587",
    )
    assert found.stdout == "http://127.0.0.1:8123 False False django.db.backends.postgresql mail.example True\n", (
        found.stderr
    )
    found = with_environment(
        "print(s.BASE_URL, s.SESSION_COOKIE_SECURE)", SECRET_KEY="x", BASE_URL="https://board.example/"
    )
    assert found.stdout == "https://board.example True\n", found.stderr


def test_an_empty_variable_is_as_good_as_none():
    found = with_environment(
        "print(s.DATABASES['default']['ENGINE'], bool(s.CACHES), s.EMAIL_FILE_PATH[-9:])",
        SECRET_KEY="x",
        DATABASE_URL="",
        CACHE_URL="",
        EMAIL_URL="",
    )
    assert found.stdout == "django.db.backends.sqlite3 True /var/mail\n", found.stderr


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (amount(3500), "3.500"),
        (amount("14.6"), "14,60"),
        (amount(None), ""),
        (euro(42_000), "42.000\u00a0€"),
        (whole_euro("2409.5"), "2.410\u00a0€"),
        (number("38.50"), "38,5"),
        (number("40.00"), "40"),
        (months(24), "2 Jahre"),
        (months(12), "1 Jahr"),
        (months(18), "18 Monate"),
        (pay_range(2800, 3400), "2.800 bis 3.400\u00a0€"),
        (pay_range(2800, None), "ab 2.800\u00a0€"),
        (pay_range(None, 2800), "bis 2.800\u00a0€"),
        (pay_range(2800, 2800), "2.800\u00a0€"),
        (german_slug("Größe & Übung: ERP (m/w/d)"), "groesse-uebung-erp-mwd"),
        (german_slug("!!!", empty="stelle"), "stelle"),
    ],
)
def test_figures_and_words_are_written_the_german_way(shown, expected):
    assert shown == expected


def test_days_are_told_as_people_say_them(time_machine):
    from datetime import date

    time_machine.move_to("2026-11-20T00:30:00+01:00")
    told = [
        days_ago(date(2026, 11, 20)),
        days_ago(date(2026, 11, 19)),
        days_ago(date(2026, 11, 10)),
        days_ago(date(2026, 1, 2)),
    ]
    assert told == ["heute", "gestern", "vor 10 Tagen", "2. Januar 2026"]


@given(st.text(max_size=300))
def test_no_markdown_yields_anything_that_runs(text):
    html = markdown(text)
    for bad in ("<script", "<img", "<iframe", "<style", 'href="javascript:', 'href="data:'):
        assert bad not in html.lower()


@given(st.text(alphabet="aeouäöüßÄ\u0308ſ -S", max_size=12) | st.text(max_size=100))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_paragraphs_are_plain_text():
    source = "Ein **fetter**\nSatz.\n\n- eins\n- [zwei](https://x.example/)\n\n# Drei"
    assert paragraphs(source) == ["Ein fetter Satz.", "eins", "zwei", "Drei"]


def test_operators_are_told_that_workers_count_for_themselves(settings, monkeypatch):
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    assert [each.id for each in checks.workers_count_together(None)] == ["jobboard.W005"]
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    assert checks.workers_count_together(None) == []
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    settings.CACHES = {"default": {"BACKEND": "jobboard.cache.PatientRedisCache"}}
    assert checks.workers_count_together(None) == []


def test_operators_are_told_of_an_admin_behind_a_password_only(settings):
    assert [each.id for each in checks.staff_need_a_second_factor(None)] == ["jobboard.W006"]
    settings.STAFF_SECOND_FACTOR = True
    assert checks.staff_need_a_second_factor(None) == []


@pytest.mark.parametrize(("variables", "expected"), [({}, "True"), ({"DEMO": "1"}, "False"), ({"DEBUG": "1"}, "False")])
def test_editors_need_a_second_factor_in_production(variables, expected):
    found = with_environment("print(s.STAFF_SECOND_FACTOR)", SECRET_KEY="x", **variables)
    assert found.stdout == f"{expected}\n", found.stderr


def test_the_cache_is_shared_where_the_environment_says_so():
    found = with_environment("print(s.CACHES['default'])", SECRET_KEY="x", CACHE_URL="redis://127.0.0.1:6379/3")
    assert found.stdout == (
        "{'BACKEND': 'jobboard.cache.PatientRedisCache', 'LOCATION': 'redis://127.0.0.1:6379/3'}\n"
    ), found.stderr
