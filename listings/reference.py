"""Reference data of this app from fixtures/: what the linter goes by, and the concepts of the search."""

import tomllib
from decimal import Decimal

from django.db import transaction

from listings.models import Concept, ConceptStamp, LinterWord, MinimumWage
from listings.search import spelling
from profiles.reference import FIXTURES


def _take_over(model, identity: str, entries: list[dict], say) -> bool:
    """Make and correct what the file holds and drop what it no longer does; what editors changed stays theirs.

    Whether anything changed.
    """
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
    return bool(new or changed or dropped)


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


@transaction.atomic
def load_concepts(say=lambda line: None) -> None:
    entries = tomllib.loads((FIXTURES / "search" / "concepts.toml").read_text(encoding="utf-8"))["concepts"]
    related = {entry["key"]: entry.get("related", []) for entry in entries}
    words = [
        {
            "key": entry["key"],
            "name": entry["name"],
            "wordings": entry["wordings"].strip(),
            "typed": entry.get("typed", "").strip(),
        }
        for entry in entries
    ]
    is_changed = _take_over(Concept, "key", words, say)
    stored = Concept.objects.exclude(key="")
    ids = {concept.key: concept.pk for concept in stored}
    untouched = [concept for concept in stored if not concept.edited]
    wanted = {(concept.pk, ids[other]) for concept in untouched for other in related.get(concept.key, ())}
    if _relate(untouched, wanted) or is_changed:
        ConceptStamp.objects.renew()
    spelling.learn(entry["wordings"] for entry in words)  # proposed, too, where an ad speaks of the same in other words


def _relate(concepts: list[Concept], wanted: set[tuple[int, int]]) -> bool:
    """Make these the only relations of `concepts`; whether anything changed."""
    links = Concept.related.through.objects
    rows = links.filter(from_concept__in=concepts).values_list("pk", "from_concept", "to_concept")
    stored = {(one, other): pk for pk, one, other in rows}
    links.filter(pk__in=[pk for pair, pk in stored.items() if pair not in wanted]).delete()
    links.bulk_create(
        [links.model(from_concept_id=one, to_concept_id=other) for one, other in sorted(wanted - stored.keys())]
    )
    return wanted != stored.keys()
