"""Load places, postal codes, facts, the cities' first editions, what the linter goes by and the concepts of the search."""

from django.core.management.base import BaseCommand

from listings.management.commands.reindex import read_again
from listings.models import Employer, Vacancy
from listings.reference import load_concepts, load_rules
from profiles.reference import load_all


class Command(BaseCommand):
    help = "Loads the reference data; what editors changed stays as it is, and a second time changes nothing."

    def handle(self, **options):
        load_all(self.stdout.write)
        load_rules(self.stdout.write)
        load_concepts(self.stdout.write)
        if derived := Employer.objects.derive():
            self.stdout.write(f"{derived} Firmen sind jetzt an Name und Website wiederzuerkennen")
        if connected := Vacancy.objects.connect_cities():
            self.stdout.write(f"{connected} Anzeigen gehören jetzt zu einer anderen Stadtseite")
        read_again(self.stdout.write)  # by the analyser and the concepts that have come just now
