"""What happens to accounts as time goes by; called by the daily run."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from jobboard.models import User

KEPT_UNCONFIRMED = timedelta(days=7)


def forget_unconfirmed(at: datetime) -> int:
    """Delete accounts whose address nobody has confirmed within a week; how many."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    forgotten = User.objects.filter(
        ~Exists(confirmed), date_joined__lt=at - KEPT_UNCONFIRMED, last_login=None, is_staff=False
    )
    return forgotten.delete()[1].get("jobboard.User", 0)


def forget_sessions(at: datetime) -> int:
    """Delete sessions that are over; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]
