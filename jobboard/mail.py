"""The outbox: mails are rows first, rolled back with whatever else fails, and sent by `manage.py send_mail`."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.template.loader import render_to_string
from post_office.mail import send_queued
from post_office.models import PRIORITY, STATUS, Email

from jobboard.models import MailKey

# Any number that no other user of the database's advisory locks takes.
SENDER_LOCK = 4_905_110
KEPT_DAYS = 30


def write(message) -> Email:
    """The row for a Django e-mail message.

    Not post_office's own backend, which would run each text through Django's template language once more:
    a firm named "{% now %}" must arrive as it was typed.
    """
    message.message()  # a line break in a subject is refused here and not when it is sent
    html = next((content for content, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
    headers = dict(message.extra_headers)
    if message.reply_to:
        headers["Reply-To"] = ", ".join(map(str, message.reply_to))
    row = Email(
        from_email=message.from_email,
        to=message.to,
        cc=message.cc,
        bcc=message.bcc,
        subject=message.subject,
        message=message.body,
        html_message=html,
        headers=headers,
        message_id=make_msgid(domain=settings.POST_OFFICE["MESSAGE_ID_FQDN"]),
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
    row.save()
    return row


class OutboxBackend(BaseEmailBackend):
    """EMAIL_BACKEND of the board: what Django and allauth send goes through the outbox as well."""

    def send_messages(self, email_messages):
        return len([write(message) for message in email_messages])


@transaction.atomic
def enqueue(purpose: str, *, about: str, period: str, to: list[str], context: dict) -> bool:
    """Write the mail `purpose` (templates email/<purpose>_{subject,body}.txt) to the outbox.

    False if a mail for this purpose, object and period was written before.
    """
    if not to:
        return False
    key, created = MailKey.objects.get_or_create(purpose=purpose, about=about, period=period)
    if not created:
        return False
    context = {"base_url": settings.BASE_URL, **context}
    subject = " ".join(render_to_string(f"email/{purpose}_subject.txt", context).split())
    text = re.sub(r"\n{3,}", "\n\n", render_to_string(f"email/{purpose}_body.txt", context))  # where parts are left out
    message = EmailMultiAlternatives(subject, text, to=to)
    message.attach_alternative(
        render_to_string(f"email/{purpose}_body.html", {"subject": subject, **context}), "text/html"
    )
    key.email = write(message)
    key.save(update_fields=["email"])
    return True


@contextmanager
def only_sender() -> Iterator[bool]:
    """True for one process at a time: per database on PostgreSQL, per machine on SQLite, whose file is on one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [SENDER_LOCK])
            locked = cursor.fetchone()[0]
            try:
                yield locked
            finally:
                if locked:
                    cursor.execute("select pg_advisory_unlock(%s)", [SENDER_LOCK])
    else:
        with (settings.VAR_DIR / "send_mail.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def send_outbox() -> tuple[int, int]:
    """Send what is due; (sent, failed). A second sender leaves with (0, 0)."""
    with only_sender() as alone:
        if not alone:
            return 0, 0
        sent, failed, requeued = send_queued()
        # Bodies hold links that open accounts: nothing of them stays once they are delivered, or given up.
        done = Email.objects.filter(status__in=[STATUS.sent, STATUS.failed]).exclude(message="")
        done.update(message="", html_message="", headers=None)
        return sent, failed + requeued


def forget_old_mails(at: datetime) -> int:
    """Rows of mails a month old; that they were written (MailKey) stays, so that none is written twice."""
    return Email.objects.filter(created__lt=at - timedelta(days=KEPT_DAYS)).delete()[1].get("post_office.Email", 0)
