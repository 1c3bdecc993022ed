"""Do what is due today; once a day, in the small hours, and once more whenever something was in the way."""

import logging

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from listings.daily import JOBS

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does what is due every day: asks, reminds, pauses, closes, forgets. Safe to run again or twice at once."

    def handle(self, **options):
        at, failed = timezone.now(), []
        for what, job in JOBS.items():
            try:
                self.stdout.write(f"{job(at)} {what}")
            except Exception:  # one job in trouble must not keep the others from running
                logger.exception("daily: %s", job.__name__)
                failed.append(job.__name__)
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")
