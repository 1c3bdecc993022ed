"""Distances on the globe, and which town somebody means."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371.0
KM_PER_DEGREE = 111.2


class Spot(NamedTuple):
    latitude: float
    longitude: float


def distance_km(a, b) -> float:
    """Great-circle distance of two things with latitude and longitude in degrees."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def box(centre, km: float) -> dict:
    """Lookups for the rectangle of latitudes and longitudes that holds the circle."""
    lat, lon = km / KM_PER_DEGREE, km / (KM_PER_DEGREE * cos(radians(centre.latitude)))
    return {
        "latitude__range": (centre.latitude - lat, centre.latitude + lat),
        "longitude__range": (centre.longitude - lon, centre.longitude + lon),
    }
