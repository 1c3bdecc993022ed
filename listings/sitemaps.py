"""What search engines find: open vacancies, live city pages, firms with open ads, fixed pages."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from listings.models import Employer, Vacancy
from profiles.models import City


class BoardSitemap(Sitemap):
    limit = 10_000

    def get_protocol(self, protocol=None):
        return settings.BASE_URL.split("://")[0]

    def get_domain(self, site=None):
        return settings.BASE_URL.split("://")[1]


class VacancySitemap(BoardSitemap):
    def items(self):
        return Vacancy.objects.open().only("pk", "title", "changed_at").order_by("pk")

    def lastmod(self, vacancy):
        return vacancy.changed_at


class CitySitemap(BoardSitemap):
    def items(self):
        return City.objects.live().order_by("pk")

    def location(self, city):
        return reverse("listings:city", args=[city.slug])

    def lastmod(self, city):
        return city.published_at


class EmployerSitemap(BoardSitemap):
    def items(self):
        return Employer.objects.filter(vacancies__in=Vacancy.objects.open()).only("slug").distinct().order_by("pk")


class PageSitemap(BoardSitemap):
    def items(self):
        return [
            "listings:home",
            "listings:cities",
            "listings:vacancies",
            "listings:pay_check",
            "listings:for_employers",
            "impressum",
            "datenschutz",
            "barrierefreiheit",
            "terms",
            "kontakt",
            "methodik",
        ]

    def location(self, name):
        return reverse(name)


SITEMAPS = {"stellen": VacancySitemap, "staedte": CitySitemap, "firmen": EmployerSitemap, "seiten": PageSitemap}
