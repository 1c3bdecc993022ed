"""What an edit of an ad changes, in words: shown to the employer and to the editor alike."""

from decimal import Decimal

from django.db import models
from django.utils.dateparse import parse_date

from jobboard.differences import Row, words
from jobboard.templatetags.board import day, euro, number
from listings.models.revisions import field_of
from profiles.models import Fact, Place

NOTHING = "keine Angabe"
LABELS = {"place": "Ort", "workplace": "Vor Ort oder nicht", "facts": "Merkmale", "pay_unit": "Gehalt für"}
EURO = {"pay_low", "pay_high"}


def rows(changes: dict[str, list]) -> list[Row]:
    """`changes`: column → [before, after] as JSON, as events of edits hold them; in the order of the form."""
    return rows_of_each([changes])[0]


def rows_of_each(many: list[dict[str, list]]) -> list[list[Row]]:
    """rows() of each, with two queries for all of them."""
    places = {value for changes in many for value in changes.get("place", []) if value}
    slugs = {slug for changes in many for value in changes.get("facts", []) for slug in value}
    known: dict[str, dict] = {
        "place": dict(Place.objects.filter(pk__in=places).values_list("pk", "name")) if places else {},
        "facts": dict(Fact.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {},
    }
    return [_rows(changes, known) for changes in many]


def for_events(events, limit: int) -> None:
    """Give the first `limit` of `events` that changed the text their `rows`."""
    edits = [event for event in events if event.data.get("changes")][:limit]
    for event, found in zip(edits, rows_of_each([event.data["changes"] for event in edits]), strict=True):
        event.rows = found


def _rows(changes: dict[str, list], known: dict[str, dict]) -> list[Row]:
    names = ["title", *(field.name for field in field_of("title").model._meta.get_fields())]
    found = []
    for name in sorted(changes, key=names.index):
        before, after = changes[name]
        label = LABELS.get(name) or str(field_of(name).verbose_name)
        is_long = isinstance(field_of(name), models.TextField)
        parts = words(before or "", after or "") if is_long else []
        found.append(Row(name, label, _in_words(name, before, known), _in_words(name, after, known), parts))
    return found


def _in_words(name: str, value, known: dict) -> str:
    field = field_of(name)
    if name == "facts":
        return ", ".join(known["facts"].get(slug, slug) for slug in value) or NOTHING
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if value is None or value == "":
        return NOTHING
    if name == "place":
        return known["place"].get(value, NOTHING)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if name in EURO:
        return euro(Decimal(value))
    if isinstance(field, models.DecimalField):
        return number(value)
    if isinstance(field, models.DateField):
        return day(parse_date(value))
    return str(value)
