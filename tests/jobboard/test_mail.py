"""The outbox: nothing lost, nothing doubled, nothing rewritten, nothing kept."""

import pytest
from django.core import mail as django_mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from jobboard.mail import enqueue, send_outbox
from jobboard.models import MailKey
from tests.make import make_vacancy

pytestmark = pytest.mark.django_db


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


@pytest.fixture
def delivered(settings):
    """What reaches the mail server."""
    backends = {"default": "django.core.mail.backends.locmem.EmailBackend"}
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": backends, "LOG_LEVEL": 0}
    django_mail.outbox = []
    return lambda: django_mail.outbox


@pytest.fixture
def no_server(settings):
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": {"default": "tests.jobboard.test_mail.Broken"}}


def write(subject="Betreff {{ x }} {% now 'Y' %}", body="Text {{ x }} {% load nichts %}"):
    message = EmailMultiAlternatives(subject, body, to=["anna@firma.example"], reply_to=["post@firma.example"])
    message.attach_alternative(f"<p>{body}</p>", "text/html")
    message.send()
    return Email.objects.latest("pk")


def test_what_django_sends_waits_in_the_outbox(delivered):
    row = write()
    assert row.status == STATUS.queued
    assert delivered() == []


def test_texts_arrive_letter_by_letter(delivered):
    write()
    assert send_outbox() == (1, 0)
    (message,) = delivered()
    assert message.subject == "Betreff {{ x }} {% now 'Y' %}"
    assert message.body == "Text {{ x }} {% load nichts %}"
    assert message.alternatives[0][0] == "<p>Text {{ x }} {% load nichts %}</p>"
    assert message.reply_to == ["post@firma.example"] or message.extra_headers["Reply-To"] == "post@firma.example"


def test_a_line_break_in_a_subject_is_refused_before_it_is_stored(db):
    with pytest.raises(BadHeaderError):
        EmailMessage("Eins\nBcc: zwei@firma.example", "Text", to=["anna@firma.example"]).send()
    assert not Email.objects.exists()


def test_bodies_are_emptied_once_they_are_delivered(delivered):
    row = write()
    send_outbox()
    row.refresh_from_db()
    assert (row.status, row.message, row.html_message) == (STATUS.sent, "", "")
    assert not row.headers
    assert row.to == ["anna@firma.example"]


def test_nothing_is_sent_twice(delivered):
    write()
    send_outbox()
    assert send_outbox() == (0, 0)
    assert len(delivered()) == 1


def test_a_missing_server_loses_nothing_and_the_second_try_is_the_same_message(no_server, settings):
    row = write()
    name = row.message_id
    assert name.endswith("@127.0.0.1>")
    send_outbox()
    row.refresh_from_db()
    assert row.status == STATUS.requeued
    assert row.message
    assert row.scheduled_time > timezone.now()
    Email.objects.update(scheduled_time=timezone.now())
    backends = {"default": "django.core.mail.backends.locmem.EmailBackend"}
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": backends}
    django_mail.outbox = []
    assert send_outbox() == (1, 0)
    (message,) = django_mail.outbox
    assert message.message()["Message-ID"] == name
    row.refresh_from_db()
    assert row.message == ""


def test_the_command_sends_and_says_so(delivered, capsys):
    write()
    call_command("send_mail")
    assert "1 mails sent, 0 failed" in capsys.readouterr().out


def test_a_purpose_is_written_once_for_one_object_and_period(employer):
    vacancy = make_vacancy(employer, status="in_review")
    event = vacancy.events.last()
    context = {"vacancy": vacancy, "event": event, "public_url": "", "own_url": "https://koordinaten.example/x/"}
    about = {"about": f"vacancy:{vacancy.pk}", "to": ["anna@firma.example"], "context": context}
    assert enqueue("vacancy_paused", period="1", **about)
    assert not enqueue("vacancy_paused", period="1", **about)
    assert enqueue("vacancy_paused", period="2", **about)
    assert Email.objects.filter(subject__startswith="Angehalten").count() == 2


def test_a_mail_to_nobody_is_not_written():
    assert not enqueue("vacancy_paused", about="x", period="1", to=[], context={})
    assert not MailKey.objects.exists()


def test_a_mail_is_rolled_back_with_what_it_was_about(employer, rita):
    vacancy = make_vacancy(employer, status="in_review")
    before = (Email.objects.count(), MailKey.objects.count())
    with transaction.atomic():
        vacancy.publish(rita, vacancy.version)
        transaction.set_rollback(True)
    assert (Email.objects.count(), MailKey.objects.count()) == before
