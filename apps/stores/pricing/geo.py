"""Places on a map and names of places: great circles, polygons and neighbourhood names, without any service."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from .rounding import round_half_up

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (data/README.md Arithmetic 6)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A place in degrees."""

    lat: float
    lng: float


def distance_km(a: Point, b: Point) -> Decimal:
    """The great circle between two points, rounded half-up to 0.01 km."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    north, east = (lat_b - lat_a) / 2, radians(b.lng - a.lng) / 2
    chord = sin(north) ** 2 + cos(lat_a) * cos(lat_b) * sin(east) ** 2
    return round_half_up(Decimal(2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))), 2)


def holds(polygon: Sequence[Point], point: Point) -> bool:
    """Whether the polygon holds the point; its edge and corners belong to it. Fewer than 3 corners hold nothing."""
    if len(polygon) < 3:
        return False
    inside = False
    for a, b in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if _on_edge(a, b, point):
            return True
        if (a.lat > point.lat) != (b.lat > point.lat):
            crossing = a.lng + (point.lat - a.lat) / (b.lat - a.lat) * (b.lng - a.lng)
            inside ^= point.lng < crossing
    return inside


def _on_edge(a: Point, b: Point, point: Point) -> bool:
    """Tolerance is about a millimetre: coordinates have far fewer digits than a float."""
    cross = (point.lng - a.lng) * (b.lat - a.lat) - (point.lat - a.lat) * (b.lng - a.lng)
    if abs(cross) > 1e-12:
        return False
    within_lat = min(a.lat, b.lat) <= point.lat <= max(a.lat, b.lat)
    return within_lat and min(a.lng, b.lng) <= point.lng <= max(a.lng, b.lng)


def fold(text: str) -> str:
    """Text for comparing names: lower case, no accents, anything but letters and digits is one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", kept).strip()
