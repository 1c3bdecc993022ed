"""Judged searches: a board of known ads, queries with grades, and how well a list answers them."""

import re
import tomllib
from datetime import timedelta
from decimal import Decimal
from math import log2
from pathlib import Path

from django.utils import timezone
from django.utils.timezone import localdate

from listings.models import Vacancy
from profiles.models import City, Place
from profiles.places import distance_km
from tests.make import make_employer, make_user, make_vacancy

NEAR_KM = 25
GRADES = {"perfect": 3, "good": 2, "fair": 1}


def read(folder: Path) -> tuple[list[dict], list[dict]]:
    """The ads and the queries of a folder; of a query its text, `city` or `near`, and `grades` by the ads' keys."""
    ads = tomllib.loads((folder / "vacancies.toml").read_text())["ads"]
    queries = tomllib.loads((folder / "queries.toml").read_text())["queries"]
    for query in queries:
        query["grades"] = {key: grade for name, grade in GRADES.items() for key in query.pop(name, "").split()}
    return ads, queries


def publish(ads: list[dict]) -> dict[int, str]:
    """Every ad through the real verbs, the first the newest; their keys by id."""
    towns = {name: _town(name).pk for name in {ad["place"] for ad in ads if "place" in ad}}
    owner = make_user("Jana Judith")
    firms: dict[str, object] = {}
    keys, now = {}, timezone.now()
    for number, ad in enumerate(ads):
        fields = {name: text.strip() if isinstance(text, str) else text for name, text in ad.items()}
        key, firm, sector = fields.pop("key"), fields.pop("employer"), fields.pop("sector", "")
        if firm not in firms:
            firms[firm] = make_employer(firm, owner=owner, sector=sector)
        place = fields.pop("place", None)
        hours = fields.pop("hours", None)
        low = hours or (30 if fields.get("working_time") == "both" else 40)
        at = now - timedelta(hours=7 * (number + 1))
        vacancy = make_vacancy(
            firms[firm],
            open=True,
            at=at,
            last_day=localdate(at) + timedelta(days=50),
            place_id=towns[place] if place else None,
            postal_code="",
            hours_low=Decimal(low),
            hours_high=Decimal(hours or 40),
            **fields,
        )
        keys[vacancy.pk] = key
    return keys


def listed(client, text: str) -> list[int]:
    """The ids of the first page that the list answers with, in its order."""
    response = client.get("/stellen/", {"was": text})
    assert response.status_code == 200, text
    return [int(pk) for pk in dict.fromkeys(re.findall(r'href="/stellen/(\d+)-', response.content.decode()))]


def answers(client, ads: list[dict], queries: list[dict]) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """For every query's text the keys of its list, and of these the ones that lie elsewhere than in the town named."""
    keys = publish(ads)
    vacancies = Vacancy.objects.select_related("place", "city").in_bulk(list(keys))
    lists = {query["text"]: listed(client, query["text"]) for query in queries}
    strays = {
        query["text"]: {keys[pk] for pk in lists[query["text"]] if not _is_there(vacancies[pk], query)}
        for query in queries
    }
    return {text: [keys[pk] for pk in found] for text, found in lists.items()}, strays


def _is_there(vacancy: Vacancy, query: dict) -> bool:
    if slug := query.get("city"):
        return vacancy.city_id == City.objects.get(slug=slug).pk
    if name := query.get("near"):
        return vacancy.place is not None and distance_km(vacancy.place, _town(name)) <= NEAR_KM
    return True


def _town(name: str) -> Place:
    """The largest of that name."""
    return max(Place.objects.filter(name=name), key=lambda place: place.population or 0)


def ndcg(found: list[str], grades: dict[str, int], depth: int = 10) -> float:
    """Gain 2^grade − 1, discounted by log2(rank + 1), as a share of the best order there could be."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(key, 0) for key in found[:depth]]) / best


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(rank + 2) for rank, grade in enumerate(grades))


def recall(found: list[str], grades: dict[str, int], depth: int = 20) -> float:
    """The share of the ads of grade 1 and more that stand among the first, of as many as have room there."""
    return sum(key in grades for key in found[:depth]) / min(len(grades), depth)


def report(queries: list[dict], lists: dict[str, list[str]], worst: int = 10) -> str:
    """The means, and the queries that are answered worst."""
    rows = sorted(
        (ndcg(lists[query["text"]], query["grades"]), recall(lists[query["text"]], query["grades"]), query["text"])
        for query in queries
    )
    lines = [f"nDCG@10 {mean(ndcg, queries, lists):.3f}, recall@20 {mean(recall, queries, lists):.3f}"]
    lines += [f"{gain:.2f} {share:.2f} {text}: {' '.join(lists[text][:10])}" for gain, share, text in rows[:worst]]
    return "\n".join(lines)


def mean(measure, queries: list[dict], lists: dict[str, list[str]]) -> float:
    return sum(measure(lists[query["text"]], query["grades"]) for query in queries) / len(queries)
