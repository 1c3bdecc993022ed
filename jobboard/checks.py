"""What operators are told before they deploy."""

import os

from django.conf import settings
from django.core import checks
from django.core.checks import Tags, register


@register(Tags.security, deploy=True)
def particulars_are_filled_in(app_configs, **kwargs):
    missing = [f"OPERATOR_{key.upper()}" for key, value in settings.OPERATOR.items() if value == settings.PLACEHOLDER]
    if not missing:
        return []
    return [
        checks.Warning(
            f"The law pages still show placeholders: {', '.join(missing)}.",
            hint="DDG § 5 and MStV § 18 ask for these particulars; set them in the environment.",
            id="jobboard.W001",
        )
    ]


@register(Tags.security, deploy=True)
def demo_is_off(app_configs, **kwargs):
    if not settings.DEMO:
        return []
    return [checks.Warning("DEMO=1 shows fictitious ads and publishes logins.", id="jobboard.W002")]


@register(Tags.security, deploy=True)
def addresses_are_https(app_configs, **kwargs):
    if settings.BASE_URL.startswith("https://"):
        return []
    return [checks.Warning("BASE_URL does not start with https://; cookies travel in the clear.", id="jobboard.W003")]


@register(Tags.security, deploy=True)
def mail_leaves_the_house(app_configs, **kwargs):
    if "filebased" not in settings.POST_OFFICE["BACKENDS"]["default"]:
        return []
    return [checks.Warning("EMAIL_URL is not set: mails are only written to files.", id="jobboard.W004")]


@register(Tags.security, deploy=True)
def workers_count_together(app_configs, **kwargs):
    alone = os.environ.get("WEB_CONCURRENCY") == "1"  # what gunicorn reads its number of workers from
    own_memory = settings.CACHES["default"]["BACKEND"].rpartition(".")[2] in ("LocMemCache", "DummyCache")
    if alone or not own_memory:
        return []
    return [
        checks.Warning(
            "Each worker counts rate limits and used one-time codes for itself: CACHE_URL is not set.",
            hint="Set CACHE_URL=redis://127.0.0.1:6379/0, or WEB_CONCURRENCY=1 where one worker is all there is.",
            id="jobboard.W005",
        )
    ]


@register(Tags.security, deploy=True)
def staff_need_a_second_factor(app_configs, **kwargs):
    if settings.STAFF_SECOND_FACTOR:
        return []
    return [checks.Warning("STAFF_SECOND_FACTOR is off: a password alone opens the admin.", id="jobboard.W006")]
