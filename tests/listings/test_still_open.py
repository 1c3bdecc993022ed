"""The page behind "Noch offen?": a signed address, no login, no cookie; GET shows, POST answers."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from listings import tokens
from listings.models import Vacancy
from tests.listings.employer_side import text_of
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(employer):
    vacancy = make_vacancy(employer, open=True, at=timezone.now() - timedelta(days=22))
    vacancy.ask()
    return vacancy


def page_of(vacancy):
    return reverse("listings:still_open", args=[tokens.still_open(vacancy)])


def stored(vacancy):
    return Vacancy.objects.get(pk=vacancy.pk)


def test_looking_changes_nothing_and_sets_no_cookie(client, asked):
    events = asked.events.count()
    response = client.get(page_of(asked))
    assert "Ja, noch offen" in text_of(response)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert stored(asked).asked_on == localdate()
    assert asked.events.count() == events


def test_one_click_confirms_for_the_firm(client, asked):
    response = client.post(page_of(asked), {"antwort": "ja"}, follow=True)
    assert "heute als noch offen bestätigt" in text_of(response)
    assert not response.cookies
    assert (stored(asked).asked_on, stored(asked).confirmed_on) == (None, localdate())
    event = asked.events.last()
    assert (event.step, event.role, event.by) == ("confirm", "employer", None)


def test_one_click_closes_as_filled(client, asked):
    response = client.post(page_of(asked), {"antwort": "besetzt", "filled_here": "yes"}, follow=True)
    assert "Stelle ist besetzt" in text_of(response)
    assert (stored(asked).closed_as, stored(asked).filled_here) == ("filled", "yes")
    assert client.get(asked.get_absolute_url()).status_code == 410


def test_closing_asks_how_it_went(client, asked):
    response = client.post(page_of(asked), {"antwort": "besetzt"})
    assert "Bitte wählen Sie eine der Antworten" in text_of(response)
    assert stored(asked).is_open


def test_an_ad_that_paused_itself_goes_on(client, asked):
    asked.pause(None)
    assert "Anzeige fortsetzen" in text_of(client.get(page_of(asked)))
    client.post(page_of(asked), {"antwort": "ja"})
    assert stored(asked).is_open
    assert stored(asked).asked_on is None


@pytest.mark.parametrize("answer", ["", "nein", "loeschen"])
def test_an_unknown_answer_changes_nothing(client, asked, answer):
    assert client.post(page_of(asked), {"antwort": answer}).status_code == 200
    assert stored(asked).asked_on


@pytest.mark.parametrize("status", ["draft", "in_review", "closed", "removed"])
def test_there_is_nothing_to_answer_about_what_does_not_run(client, employer, status):
    vacancy = make_vacancy(employer, status=status)
    assert 'name="antwort"' not in client.get(page_of(vacancy)).content.decode()
    client.post(page_of(vacancy), {"antwort": "ja"}, follow=True)
    client.post(page_of(vacancy), {"antwort": "besetzt", "filled_here": "no"}, follow=True)
    assert stored(vacancy).status == status


def test_only_our_own_signature_opens_it_and_not_for_ever(client, asked):
    path = page_of(asked)
    assert client.get(path[:-2] + "x/").status_code == 404
    assert client.get(reverse("listings:still_open", args=[str(asked.pk)])).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        assert client.get(path).status_code == 404


def test_the_mail_holds_the_address(asked, settings):
    from post_office.models import Email

    mail = Email.objects.order_by("pk").last()
    for body in (mail.message, mail.html_message):
        assert f"{settings.BASE_URL}/arbeitgeber/noch-offen/" in body
