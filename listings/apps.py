"""Vacancies, their employers, and the pages that join them with the cities."""

from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "listings"
    verbose_name = "Stellen"

    def ready(self):
        from listings import checks  # noqa: F401 (registers them)
