"""What happens to accounts as time goes by; called by the daily run."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from jobboard.models import User

KEPT_UNCONFIRMED = timedelta(days=7)


def forget_unconfirmed(at: datetime) -> int:
    """Delete accounts whose address nobody has confirmed within a week; how many."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    unconfirmed = User.objects.filter(
        ~Exists(confirmed), date_joined__lt=at - KEPT_UNCONFIRMED, last_login=None, is_staff=False
    )
    forgotten = 0
    for pk in list(unconfirmed.values_list("pk", flat=True)):
        with transaction.atomic():
            # Whoever confirms at this moment writes into this row: they are waited for, and asked about once more.
            list(EmailAddress.objects.select_for_update().filter(user=pk))
            forgotten += unconfirmed.filter(pk=pk).delete()[1].get("jobboard.User", 0)
    return forgotten


def forget_sessions(at: datetime) -> int:
    """Delete sessions that are over; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]
