"""Send what waits in the outbox, once or every few seconds."""

import time

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from jobboard.mail import send_outbox


class Command(BaseCommand):
    help = "Sends the mails that wait in the outbox."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="stay and look again and again")

    def handle(self, *, every, **options):
        while True:
            try:
                sent, failed = send_outbox()
                if sent or failed or not every:
                    self.stdout.write(f"{sent} mails sent, {failed} failed (they are tried again for five days)")
            except OperationalError as error:
                if not every:
                    raise
                self.stderr.write(f"database not reachable, trying again: {error}")
            if not every:
                return
            close_old_connections()
            time.sleep(every)
