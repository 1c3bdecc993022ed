"""The linter: each rule with what it finds and what it leaves alone, and what it does to an ad's life."""

import pytest
from django.core.exceptions import ValidationError

from listings.linter import blocking, lint
from listings.models import Status, Vacancy, WrongStatus
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db


def hits(rule, **fields):
    return [hit for hit in lint(Vacancy(**fields)) if hit.rule == rule]


def test_an_unsaved_ad_without_anything_can_be_read(django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert {hit.rule for hit in lint(Vacancy())} == {"L03", "L09"}


def test_the_default_ad_of_the_tests_has_no_errors():
    assert not blocking(lint(make_vacancy()))


def test_an_error_keeps_an_ad_from_being_submitted(anna, employer):
    vacancy = make_vacancy(employer, title="Projektleiter")
    with pytest.raises(ValidationError) as caught:
        vacancy.submit(anna)
    assert "title" in caught.value.message_dict
    vacancy.refresh_from_db()
    assert vacancy.status == Status.DRAFT


def test_an_editor_lets_an_error_pass_for_these_words_only(anna, employer, rita):
    vacancy = make_vacancy(employer, title="Projektleiter")
    vacancy.override(rita, "L01", "Projektleiter", "Eigenname des Programms.")
    [hit] = [hit for hit in lint(vacancy) if hit.rule == "L01"]
    assert hit.overridden
    event = vacancy.events.get(step="override")
    assert (event.rule, event.reason, event.by, event.role) == ("L01", "Eigenname des Programms.", rita, "editor")
    assert event.data == {"field": "title", "found": "Projektleiter"}
    vacancy.submit(anna)
    assert vacancy.status == Status.IN_REVIEW
    vacancy.title = "Projektmanager"
    assert blocking(lint(vacancy))


def test_an_override_needs_a_reason_and_something_to_let_pass(employer, rita):
    vacancy = make_vacancy(employer, title="Projektleiter")
    with pytest.raises(ValidationError):
        vacancy.override(rita, "L01", "Projektleiter", " ")
    with pytest.raises(WrongStatus):
        vacancy.override(rita, "L04", "Projektleiter", "Warum nicht.")
