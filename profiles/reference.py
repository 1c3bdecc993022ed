"""Reference data from fixtures/: places, postal codes, facts and the first editions of the cities."""

import csv
import math
import tomllib
from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jobboard.text import fold
from profiles.models import City, CityFact, Edition, Fact, Place, PostalCode, SalaryFigure, Section
from profiles.places import distance_km

FIXTURES = settings.BASE_DIR / "fixtures"
# GeoNames calls these two by their English names.
GERMAN_NAMES = {2867714: "München", 2861650: "Nürnberg"}
BATCH = 2000


def _upsert(model, rows: list, fields: list[str], say) -> None:
    """Write only the rows that are new or differ from what is stored."""
    attnames = [model._meta.get_field(field).attname for field in fields]
    stored = {pk: tuple(values) for pk, *values in model.objects.values_list("pk", *fields)}
    rows = [row for row in rows if stored.get(row.pk) != tuple(getattr(row, name) for name in attnames)]
    for start in range(0, len(rows), BATCH):
        model.objects.bulk_create(
            rows[start : start + BATCH],
            update_conflicts=True,
            unique_fields=[model._meta.pk.name],
            update_fields=fields,
        )
        say(f"{model._meta.verbose_name_plural}: {min(start + BATCH, len(rows))} von {len(rows)}")


@transaction.atomic
def load_places(say) -> None:
    with (FIXTURES / "places.csv").open(encoding="utf-8") as file:
        places = []
        for row in csv.DictReader(file):
            pk = int(row["geonames_id"])
            name = GERMAN_NAMES.get(pk, row["name"])
            places.append(
                Place(
                    id=pk,
                    name=name,
                    folded=fold(name),
                    land=row["state_code"].zfill(2),
                    population=int(row["population"]) or None,
                    latitude=float(row["latitude"]),
                    longitude=float(row["longitude"]),
                )
            )
    edited = set(Place.objects.filter(edited=True).values_list("pk", flat=True))
    places = [place for place in places if place.pk not in edited]
    _upsert(Place, places, ["name", "folded", "land", "population", "latitude", "longitude"], say)

    # A grid of tenths of a degree, more than six kilometres each: the nearest place is looked for in the cells around.
    grid = defaultdict(list)
    for place in places:
        grid[round(place.latitude * 10), round(place.longitude * 10)].append(place)

    def nearest(point):
        y, x = round(point.latitude * 10), round(point.longitude * 10)
        for reach in range(1, 40):
            near = [
                (distance_km(point, place), place.pk)
                for dy in range(-reach, reach + 1)
                for dx in range(-reach, reach + 1)
                for place in grid.get((y + dy, x + dx), ())
            ]
            distance, pk = min(near, default=(math.inf, None))
            if distance <= 6 * reach:  # beyond, one outside may be nearer
                return pk
        raise ValueError(f"no place near {point}")

    with (FIXTURES / "postal_codes.csv").open(encoding="utf-8") as file:
        codes = []
        for row in csv.DictReader(file):
            code = PostalCode(
                code=row["postal_code"].zfill(5), latitude=float(row["latitude"]), longitude=float(row["longitude"])
            )
            codes.append(code)
    stored = dict(PostalCode.objects.values_list("pk", "place_id"))
    for code in codes:
        code.place_id = stored.get(code.pk) or nearest(code)
    _upsert(PostalCode, codes, ["latitude", "longitude", "place"], say)


@transaction.atomic
def load_facts(say=lambda line: None) -> None:
    """Facts that are missing, and the wordings of those that no editor has touched; names belong to the editors."""
    entries = tomllib.loads((FIXTURES / "facts.toml").read_text(encoding="utf-8"))["facts"]
    stored = {fact.slug: fact for fact in Fact.objects.all()}
    new, changed = [], 0
    for entry in entries:
        entry |= {name: entry.get(name, "").strip() for name in ("wordings", "exceptions")}
        fact = stored.get(entry["slug"])
        if fact is None:
            new.append(Fact(**entry))
        elif not fact.edited and (fact.wordings, fact.exceptions) != (entry["wordings"], entry["exceptions"]):
            changed += Fact.objects.filter(pk=fact.pk, edited=False).update(
                wordings=entry["wordings"], exceptions=entry["exceptions"], is_followed=False
            )
    Fact.objects.bulk_create(new)
    if new or changed:
        say(f"Merkmale: {len(new)} neu, {changed} geändert")


@transaction.atomic
def load_city(path: Path, say) -> None:
    """The first edition of a city; a city that is there already belongs to the editors and stays untouched."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    city, created = City.objects.get_or_create(
        slug=data["slug"], defaults={"place_id": data["place"], "radius_km": data["radius_km"]}
    )
    if not created:
        return
    edition = Edition.objects.create(city=city, number=1, lead=data["lead"], note="Erste Ausgabe")
    sections = {
        entry["slug"]: Section.objects.create(
            edition=edition, order=10 * order, heading=entry["heading"], slug=entry["slug"], body=entry["body"].strip()
        )
        for order, entry in enumerate(data["sections"], 1)
    }
    facts = {fact.slug: fact for fact in Fact.objects.all()}
    for order, entry in enumerate(data["figures"], 1):
        SalaryFigure.objects.create(
            edition=edition, order=10 * order, **{**entry, "section": sections[entry["section"]]}
        )
    for entry in data["facts"]:
        CityFact.objects.create(
            edition=edition, fact=facts[entry["slug"]], section=sections[entry["section"]], evidence=entry["evidence"]
        )
    edition.publish(by=None)
    say(f"Stadtseite {city}: {len(sections)} Abschnitte, {len(data['figures'])} Zahlen, {len(data['facts'])} Merkmale")


def load_all(say=lambda line: None) -> None:
    """Everything under fixtures/ that every board needs; a second time changes nothing."""
    load_places(say)
    load_facts(say)
    for path in sorted((FIXTURES / "cities").glob("*.toml")):
        load_city(path, say)
