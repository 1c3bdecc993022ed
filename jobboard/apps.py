"""The project package as an installed app, and Django's admin under our own name."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class JobboardConfig(AppConfig):
    name = "jobboard"
    verbose_name = "Zugänge"

    def ready(self):
        from jobboard import checks  # noqa: F401 (registers them)


class RedaktionConfig(AdminConfig):
    default_site = "jobboard.redaktion.Redaktion"
