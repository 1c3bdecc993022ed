"""The outbox: mails are rows first, rolled back with whatever else fails, and sent by `manage.py send_mail`."""

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


class OutboxBackend(BaseEmailBackend):
    """Rows instead of post_office's own backend, which would run each text through Django's template
    language once more: a firm named "{% now %}" must arrive as it was typed."""

    def send_messages(self, email_messages):
        for message in email_messages:
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
            message.outbox_row = row
        return len(email_messages)


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
    message = EmailMultiAlternatives(subject, render_to_string(f"email/{purpose}_body.txt", context), to=to)
    message.attach_alternative(render_to_string(f"email/{purpose}_body.html", {"subject": subject, **context}), "text/html")
    message.send()
    key.email = message.outbox_row
    key.save(update_fields=["email"])
    return True


def send_outbox() -> tuple[int, int]:
    """Send what is due; (sent, failed). One sender at a time: a second one leaves with (0, 0)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("select pg_try_advisory_lock(%s)", [SENDER_LOCK])
            if not cursor.fetchone()[0]:
                return 0, 0
        try:
            sent, failed, requeued = send_queued()
            # Bodies hold links that open accounts: nothing of them stays once they are delivered.
            Email.objects.filter(status=STATUS.sent).exclude(message="").update(message="", html_message="", headers=None)
        finally:
            if connection.vendor == "postgresql":
                cursor.execute("select pg_advisory_unlock(%s)", [SENDER_LOCK])
    return sent, failed + requeued
