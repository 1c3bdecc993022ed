"""Regions without borders of their own on our map ("Ruhrgebiet"), and which towns lie in them."""

import re
import tomllib
from functools import cache

from django.conf import settings

from jobboard.text import fold
from profiles.models import Land, Place


def regions_of(place: Place) -> list[str]:
    return [name for name, towns in _regions().items() if (place.land, place.folded) in towns]


@cache
def _regions() -> dict[str, set[tuple[str, str]]]:
    data = tomllib.loads((settings.BASE_DIR / "fixtures/search/regions.toml").read_text(encoding="utf-8"))
    return {
        region["name"]: {(Land[region["land"]], fold(town)) for town in re.split(r"[,\n]", region["towns"].strip())}
        for region in data["regions"]
    }
