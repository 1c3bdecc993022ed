"""Tags and filters for all templates (a builtin): German figures, Markdown, a block once more."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template.defaultfilters import date as date_format
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.timezone import localdate

from jobboard import text

register = template.Library()
register.filter("markdown", text.markdown)

NARROW = "\u202f"
NBSP = "\u00a0"


@register.simple_tag(takes_context=True)
def again(context, name: str) -> str:
    """What this page puts into the block `name`, for a second place that says the same."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context)


@register.filter
def amount(value) -> str:
    """3500 → 3.500; 14.6 → 14,60; whole euro where nothing stands behind the comma."""
    if value is None or value == "":
        return ""
    value = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    digits = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    return digits.translate(str.maketrans(",.", ".,"))


@register.filter
def euro(value) -> str:
    return f"{amount(value)}{NBSP}€" if value not in (None, "") else ""


@register.filter
def whole_euro(value) -> str:
    """Rounded half up, as the page shows converted pay."""
    if value is None:
        return ""
    return euro(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


@register.simple_tag
def pay_range(low, high) -> str:
    """Whole euro: 2.800 bis 3.400 €; one end may be missing."""
    if low is None:
        return f"bis {whole_euro(high)}"
    if high is None:
        return f"ab {whole_euro(low)}"
    if whole_euro(low) == whole_euro(high):
        return whole_euro(low)
    return f"{whole_euro(low).removesuffix(f'{NBSP}€')} bis {whole_euro(high)}"


@register.filter
def number(value) -> str:
    """38.50 → 38,5; 40.0 → 40."""
    if value is None or value == "":
        return ""
    return f"{Decimal(value).normalize():f}".replace(".", ",")


@register.filter
def day(value) -> str:
    """20. November 2026"""
    return date_format(value, "j. F Y") if value else ""


@register.filter
def months(value) -> str:
    """24 → 2 Jahre; 18 → 18 Monate."""
    count, unit = (value, "Monat") if value % 12 else (value // 12, "Jahr")
    return f"{count} {unit}{'' if count == 1 else 'e'}"


@register.filter
def days_ago(value) -> str:
    """heute, gestern, vor 5 Tagen; nach vier Wochen das Datum."""
    days = (localdate() - value).days
    if days < 0 or days > 28:
        return day(value)
    return {0: "heute", 1: "gestern"}.get(days, f"vor {days} Tagen")


@register.filter
def waiting(since) -> str:
    """How long, within a sentence: seit 5 Stunden, seit einem Tag, seit 3 Wochen."""
    minutes = max(int((timezone.now() - since).total_seconds() // 60), 0)
    days = minutes // 1440
    count, one, many = (
        (minutes, "einer Minute", "Minuten")
        if minutes < 60
        else (minutes // 60, "einer Stunde", "Stunden")
        if not days
        else (days, "einem Tag", "Tagen")
        if days < 21
        else (days // 7, "einer Woche", "Wochen")
        if days < 90
        else (days // 30, "einem Monat", "Monaten")
    )
    return "seit eben" if not count else f"seit {one if count == 1 else f'{count} {many}'}"


@register.filter
def roughly(value) -> str:
    """A length of time as people say it: unter einer Stunde, etwa 5 Stunden, etwa einen Tag."""
    hours = value.total_seconds() / 3600
    if hours < 1:
        return "unter einer Stunde"
    if hours < 20:
        count = round(hours)
        return "etwa eine Stunde" if count == 1 else f"etwa {count} Stunden"
    count = max(1, round(hours / 24))
    return "etwa einen Tag" if count == 1 else f"etwa {count} Tage"


@register.filter
def coordinates(place) -> str:
    """52° 16′ N · 8° 03′ O"""
    return " · ".join(
        f"{int(abs(degrees))}°{NARROW}{int(abs(degrees) % 1 * 60):02d}′{NARROW}{side}"
        for degrees, side in ((place.latitude, "N"), (place.longitude, "O"))
    )
