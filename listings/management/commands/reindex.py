"""Read anew what the ads say, for the search."""

from django.core.management.base import BaseCommand

from listings import search
from listings.models import Vacancy
from listings.search import spelling

TOLD_EVERY = 500  # ads


def read_again(say, vacancies=None) -> None:
    """Read those that are due, or all of a queryset, and say how far it has come."""
    total = (search.due() if vacancies is None else vacancies).count()
    done = told = 0
    for count in search.index_again(vacancies):
        done += count
        if done >= told + TOLD_EVERY and done < total:
            told = done
            say(f"{done} von {total} Anzeigen neu gelesen")
    if total:
        say(f"{done} Anzeigen neu gelesen")


class Command(BaseCommand):
    help = (
        "Reads anew, the newest first, the ads that analyser or concepts understand differently by now."
        " May be broken off and begun again, and run while the site is used."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--all",
            action="store_true",
            help="every ad, whether it is due or not; forgets words that none uses any more",
        )

    def handle(self, **options):
        read_again(self.stdout.write, Vacancy.objects.all() if options["all"] else None)
        if options["all"]:
            gone = spelling.rebuild(search.everything_said())
            self.stdout.write(f"{gone} Wörter vergessen, die keine Anzeige mehr gebraucht")
        if left := search.due().count():
            self.stdout.write(f"{left} Anzeigen warten noch: Begriffe haben sich inzwischen geändert.")
        else:
            self.stdout.write("Die Suche kennt alle Anzeigen, wie sie jetzt sind.")
