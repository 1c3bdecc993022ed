"""Load roles, places, postal codes, facts and the cities' first editions."""

from django.core.management.base import BaseCommand

from jobboard import roles
from listings.models import Vacancy
from profiles.reference import load_all


class Command(BaseCommand):
    help = "Loads the reference data; what editors changed stays as it is, and a second time changes nothing."

    def handle(self, **options):
        roles.load()
        load_all(self.stdout.write)
        if connected := Vacancy.objects.connect_cities():
            self.stdout.write(f"{connected} Anzeigen gehören jetzt zu einer anderen Stadtseite")
