"""Places, cities with a page, the editions of that page, and the figures and facts they prove."""

from profiles.models.editions import (
    MAX_AHEAD,
    City,
    CityQuerySet,
    Edition,
    EditionQuerySet,
    LostEvidence,
    Outdated,
    Refused,
    Section,
    city_for,
)
from profiles.models.places import Land, Place, PlaceQuerySet, PostalCode
from profiles.models.proven import CityFact, Fact, Level, Proven, SalaryFigure, slug_validator

__all__ = [
    "MAX_AHEAD",
    "City",
    "CityFact",
    "CityQuerySet",
    "Edition",
    "EditionQuerySet",
    "Fact",
    "Land",
    "Level",
    "LostEvidence",
    "Outdated",
    "Place",
    "PlaceQuerySet",
    "PostalCode",
    "Proven",
    "Refused",
    "SalaryFigure",
    "Section",
    "city_for",
    "slug_validator",
]
