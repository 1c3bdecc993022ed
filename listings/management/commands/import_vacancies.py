"""Take over a firm's ads from a file of another system."""

import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from jobboard.forms import GermanDecimalField
from jobboard.templatetags.board import amount
from listings.importing import job_posting, report
from listings.importing.places import Places
from listings.importing.postings import Broken, load
from listings.importing.storing import Import
from listings.models import Employer
from profiles.models import Place


class Command(BaseCommand):
    help = (
        "Takes over ads from schema.org JobPosting (JSON-LD, also within an HTML page); again changes only what is new."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--employer", required=True, metavar="SLUG", help="the firm that the ads belong to")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="submit what is complete; of a trusted firm it is published if the linter finds nothing",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, tell what would happen")
        parser.add_argument(
            "--place",
            action="append",
            default=[],
            metavar="NAME=NUMBER",
            help="which place a name in the file means, by its GeoNames number; may be repeated",
        )
        parser.add_argument(
            "--full-time-hours", metavar="HOURS", help="weekly hours of a full-time ad that does not state them"
        )

    def handle(self, *, file, employer, publish, dry_run, place, full_time_hours, verbosity, **options):
        try:
            firm = Employer.objects.get(slug=employer)
        except Employer.DoesNotExist as error:
            near = get_close_matches(employer, Employer.objects.values_list("slug", flat=True))
            hint = f" Vielleicht ist gemeint: {', '.join(near)}." if near else ""
            raise CommandError(f"Eine Firma mit der Adresse „{employer}“ gibt es nicht.{hint}") from error
        places, hours = Places(self.answers(place)), self.hours(full_time_hours)
        try:
            postings = job_posting.read(load(file), self.progress("gelesen"))
        except Broken as error:
            raise CommandError(f"{error} Nichts übernommen.") from error
        job = Import(firm, postings, places, publish=publish, full_time_hours=hours)
        job.settle_places()
        if sys.stdin.isatty() and self.stdout.isatty():
            self.ask(places)
        try:
            job.run(dry_run=dry_run, progress=self.progress("geprüft" if dry_run else "übernommen"))
        except KeyboardInterrupt as error:
            raise CommandError(
                f"Abgebrochen nach {amount(len(job.outcomes))} von {amount(len(job.postings))}. Was übernommen ist, "
                "bleibt; derselbe Aufruf macht dort weiter.",
                returncode=130,
            ) from error
        for line in report.lines(job, dry_run=dry_run, everything=verbosity > 1):
            self.stdout.write(line)

    def answers(self, options) -> dict[str, Place]:
        found = {}
        for option in options:
            name, _, number = option.rpartition("=")
            digits = number.strip()
            known = Place.objects.filter(pk=int(digits)).first() if digits.isdecimal() and len(digits) < 10 else None
            if not name.strip() or known is None:
                raise CommandError(f"--place „{option}“: gemeint ist NAME=NUMMER, mit der GeoNames-Nummer eines Ortes.")
            found[name] = known
        return found

    def hours(self, text):
        if text is None:
            return None
        try:
            return GermanDecimalField(min_value=30, max_value=48, decimal_places=2).clean(text)
        except ValidationError as error:
            raise CommandError(f"--full-time-hours: {' '.join(error.messages)}") from error

    def ask(self, places: Places) -> None:
        for where, times, choices in places.questions():
            if not choices:
                continue
            self.stdout.write(f"Welcher Ort ist mit „{where}“ gemeint ({times}-mal in der Datei)?")
            for number, (_, words) in enumerate(choices, 1):
                self.stdout.write(f"  {number}  {words}")
            self.stdout.write("Nummer, oder Eingabetaste zum Weglassen: ", ending="")
            self.stdout.flush()
            answer = sys.stdin.readline().strip()
            if answer.isdecimal() and len(answer) < 3 and 0 < int(answer) <= len(choices):
                places.answer(where, choices[int(answer) - 1][0])

    def progress(self, words: str) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            if total > 1000 and (done % 1000 == 0 or done == total):
                self.stderr.write(f"{amount(done)} von {amount(total)} {words}")

        return tell
