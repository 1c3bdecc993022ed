"""Vacancies, their employers, and the pages that join them with the cities."""

from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "listings"
    verbose_name = "Stellen"
