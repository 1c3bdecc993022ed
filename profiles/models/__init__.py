"""Places, cities with a page, the editions of that page, and the figures and facts they prove."""

from profiles.models.editions import City, CityQuerySet, Edition, EditionQuerySet, LostEvidence, Section, city_for
from profiles.models.places import Land, Place, PlaceQuerySet, PostalCode
from profiles.models.proven import CityFact, Fact, Level, Proven, SalaryFigure, slug_validator

__all__ = [
    "City",
    "CityFact",
    "CityQuerySet",
    "Edition",
    "EditionQuerySet",
    "Fact",
    "Land",
    "Level",
    "LostEvidence",
    "Place",
    "PlaceQuerySet",
    "PostalCode",
    "Proven",
    "SalaryFigure",
    "Section",
    "city_for",
    "slug_validator",
]
