"""Mails about ads: one for each step, saying what the ad says."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from post_office.models import Email

from jobboard.models import MailKey
from jobboard.templatetags.board import day
from listings import emails
from listings.models import Vacancy
from tests.make import make_employer, make_vacancy

pytestmark = pytest.mark.django_db
EVIL = "Koordination „A“ & 'B' \"C\" <b>\r\nBcc: alle@firma.example {{ secret }} {% now 'Y' %}"


@pytest.fixture
def walked(employer, ben, anna, rita):
    """walked("publish"): an ad led to that step, and the mail about it."""

    def walk(step, **fields):
        vacancy = make_vacancy(employer, **fields)
        steps = {
            "submit": lambda: vacancy.submit(anna),
            "take_back": lambda: vacancy.take_back(ben),
            "send_back": lambda: vacancy.send_back(rita, "Bitte nennen Sie den Ort.\n\nUnd die Stunden."),
            "publish": lambda: vacancy.publish(rita, vacancy.version),
            "pause": lambda: vacancy.pause(anna),
            "resume": lambda: vacancy.resume(anna),
            "close": lambda: vacancy.close(anna, Vacancy.ClosedAs.FILLED),
            "remove": lambda: vacancy.remove(rita, "Die Stelle gibt es nicht."),
            "restore": lambda: vacancy.restore(rita),
            "ask": lambda: vacancy.ask(),
            "confirm": lambda: vacancy.confirm(anna),
            "extend": lambda: vacancy.extend(anna),
            "edit": lambda: vacancy.edit(anna, {"offer": "Eine Probezeit von drei Monaten."}, vacancy.version),
            "propose": lambda: vacancy.edit(anna, {"pay_high": "4200"}, vacancy.version),
            "withdraw": lambda: vacancy.withdraw_revision(anna),
            "accept": lambda: vacancy.accept_revision(rita, 1),
            "return": lambda: vacancy.return_revision(rita, "Bitte nennen Sie den Zeitraum.", 1),
        }
        way = {"take_back": ["submit"], "send_back": ["submit"], "publish": ["submit"]}.get(step, ["submit", "publish"])
        before = {
            "resume": "pause",
            "restore": "remove",
            "withdraw": "propose",
            "accept": "propose",
            "return": "propose",
        }
        way = [] if step == "submit" else [*way, before.get(step)]
        for each in filter(None, [*way, step]):
            steps[each]()
        return vacancy, Email.objects.order_by("pk").last()

    return walk


def bodies(mail):
    return [mail.message, mail.html_message]


SAYS = {
    "submit": ("Eingereicht: ", "liest sie"),
    "take_back": ("Zurückgenommen: ", "wieder ein Entwurf"),
    "send_back": ("Bitte noch einmal ansehen: ", "noch nicht veröffentlichen"),
    "publish": ("Online: ", "online"),
    "pause": ("Angehalten: ", "Niemand sieht sie"),
    "resume": ("Wieder online: ", "wieder zu sehen"),
    "close": ("Geschlossen: ", "besetzt"),
    "remove": ("Entfernt: ", "Die Stelle gibt es nicht."),
    "restore": ("Wiederhergestellt: ", "wieder zu sehen"),
    "ask": ("Noch offen? ", "noch zu haben"),
    "confirm": ("Noch offen: ", "als noch offen bestätigt"),
    "extend": ("Verlängert: ", "läuft jetzt bis zum"),
    "edit": ("Geändert: ", "sehen schon die neue Fassung"),
    "propose": ("Änderung eingereicht: ", "bleibt die bisherige Fassung stehen"),
    "withdraw": ("Änderung zurückgezogen: ", "bleibt, wie sie war"),
    "accept": ("Änderung übernommen: ", "geprüft und übernommen"),
    "return": ("Änderung nicht übernommen: ", "Bitte nennen Sie den Zeitraum."),
}


def test_there_are_words_for_every_step():
    assert set(SAYS) == set(Vacancy.LIFECYCLE)


@pytest.mark.parametrize("step", SAYS)
def test_each_step_writes_one_mail_to_everybody_of_the_firm(step, walked, anna, ben, rita, eva, settings):
    settings.BASE_URL = "https://koordinaten.example"
    vacancy, mail = walked(step)
    subject, says = SAYS[step]
    assert mail.subject == subject + vacancy.title
    assert sorted(mail.to) == sorted([anna.email, ben.email])
    for body in bodies(mail):
        assert "Guten Tag" in body
        assert vacancy.title in body
        assert says in body
        own, public = f"https://koordinaten.example/arbeitgeber/stellen/{vacancy.pk}/", vacancy.get_absolute_url()
        assert own in body or f"https://koordinaten.example{public}" in body
        assert "/impressum/" in body
        assert "127.0.0.1" not in body
        assert "{{" not in body
        assert "{%" not in body
        assert rita.name not in body
    assert Email.objects.filter(subject=mail.subject).count() == 1
    assert MailKey.objects.filter(email=mail, about=f"vacancy:{vacancy.pk}").count() == 1


@pytest.mark.parametrize("step", ["publish", "pause", "resume"])
def test_the_mail_promises_the_last_day_of_the_ad(step, walked):
    vacancy, mail = walked(step, last_day=localdate() + timedelta(days=17))
    for body in bodies(mail):
        assert day(vacancy.last_day) in body


def test_an_ad_that_begins_later_is_not_called_online(walked):
    vacancy, mail = walked("publish", first_day=localdate() + timedelta(days=5))
    assert mail.subject.startswith("Geprüft: ")
    for body in bodies(mail):
        assert f"erscheint am {day(vacancy.first_day)}" in body
        assert "ist online" not in body


def test_resuming_an_ad_after_its_last_day_promises_nothing(walked, anna):
    vacancy, _ = walked("pause")
    yesterday = localdate() - timedelta(days=1)
    Vacancy.objects.filter(pk=vacancy.pk).update(first_day=yesterday, last_day=yesterday)
    Vacancy.objects.get(pk=vacancy.pk).resume(anna)
    mail = Email.objects.order_by("pk").last()
    assert mail.subject.startswith("Fortgesetzt, aber abgelaufen: ")
    for body in bodies(mail):
        assert "wieder zu sehen" not in body


def test_sending_back_gives_the_reason_the_person_and_the_way_to_object(walked):
    _, mail = walked("send_back")
    assert "Bitte nennen Sie den Ort.\n\nUnd die Stunden." in mail.message
    assert "Bitte nennen Sie den Ort.<br><br>Und die Stunden." in mail.html_message
    for body in bodies(mail):
        assert "Entschieden hat das ein Mensch" in body
        assert "antworten Sie auf diese E-Mail" in body
        assert "/kontakt/" in body


def test_a_rule_is_named(walked):
    vacancy, _ = walked("send_back")
    event = vacancy.events.last()
    event.rule = "L03"
    MailKey.objects.all().delete()
    emails.vacancy_sent_back(vacancy, event)
    for body in bodies(Email.objects.order_by("pk").last()):
        assert "(Regel L03)" in body


@pytest.mark.parametrize("step", SAYS)
def test_what_people_typed_arrives_as_typed_and_breaks_nothing(step, walked, anna):
    anna.name = "Anna {{ secret }} <script>"
    anna.save()
    _, mail = walked(step, title=EVIL)
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert mail.subject.endswith(" ".join(EVIL.split()))
    assert EVIL in mail.message
    assert "{{ secret }} {% now &#x27;Y&#x27; %}" in mail.html_message
    assert "<b>" not in mail.html_message
    assert "<script>" not in mail.html_message
    message = mail.prepare_email_message().message()
    assert message["Bcc"] is None
    assert message["To"]


def test_one_event_writes_one_mail_however_often_it_is_told(walked):
    vacancy, _ = walked("submit")
    count = Email.objects.count()
    emails.vacancy_submitted(vacancy, vacancy.events.last())
    assert Email.objects.count() == count


def test_a_firm_without_anybody_active_writes_to_nobody(rita):
    employer = make_employer()
    vacancy = make_vacancy(employer, status="in_review")
    Email.objects.all().delete()
    employer.members.update(is_active=False)
    vacancy.publish(rita, vacancy.version)
    assert not Email.objects.exists()
