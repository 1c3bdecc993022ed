"""Signed addresses in mails: they open one page about one ad without a login."""

from datetime import timedelta

from django.core import signing

MAX_AGE = timedelta(days=60)


def still_open(vacancy) -> str:
    """For answering whether the job of `vacancy` is still open."""
    return signing.dumps(vacancy.pk, salt="listings.still_open")


def read_still_open(token: str) -> int | None:
    """The ad's id, or None where the token is not ours or too old."""
    try:
        return signing.loads(token, salt="listings.still_open", max_age=MAX_AGE)
    except signing.BadSignature:
        return None
