"""The project package as an installed app, and Django's admin under our own name."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.forms import Field


class JobboardConfig(AppConfig):
    name = "jobboard"
    verbose_name = "Zugänge"

    def ready(self):
        from jobboard import checks  # noqa: F401 (registers them)

        # Django's German says "zwingend erforderlich" wherever a form has no words of its own, as allauth's have not.
        Field.default_error_messages = {**Field.default_error_messages, "required": "Bitte füllen Sie dieses Feld aus."}


class RedaktionConfig(AdminConfig):
    default_site = "jobboard.redaktion.Redaktion"
