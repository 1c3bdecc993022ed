"""Reference data of this app from fixtures/: what the linter goes by."""

import tomllib
from decimal import Decimal

from django.db import transaction

from listings.models import LinterWord, MinimumWage
from profiles.reference import FIXTURES


def _take_over(model, identity: str, entries: list[dict], say) -> None:
    """Make and correct what the file holds and drop what it no longer does; what editors changed stays theirs."""
    stored = {
        getattr(row, identity): row for row in model.objects.exclude(**({"key": ""} if identity == "key" else {}))
    }
    new, changed = [], 0
    for entry in entries:
        row = stored.pop(entry[identity], None)
        if row is None:
            new.append(model(**entry))
        elif not row.edited:
            fields = {name: value for name, value in entry.items() if getattr(row, name) != value}
            changed += model.objects.filter(pk=row.pk, edited=False).update(**fields) if fields else 0
    model.objects.bulk_create(new)
    dropped, _ = model.objects.filter(pk__in=[row.pk for row in stored.values()], edited=False).delete()
    if new or changed or dropped:
        say(f"{model._meta.verbose_name_plural}: {len(new)} neu, {changed} geändert, {dropped} entfallen")


@transaction.atomic
def load_rules(say=lambda line: None) -> None:
    data = tomllib.loads((FIXTURES / "linter.toml").read_text(encoding="utf-8"))
    empty = {"exceptions": "", "unless_denied": False, "neutral": False, "why": "", "better": ""}
    words = [
        {**empty, **entry, **{name: entry.get(name, "").strip() for name in ("words", "exceptions")}}
        for entry in data["words"]
    ]
    _take_over(LinterWord, "key", words, say)
    wages = [{**entry, "amount": Decimal(entry["amount"])} for entry in data["minimum_wages"]]
    _take_over(MinimumWage, "valid_from", wages, say)
