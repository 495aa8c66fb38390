"""The words of this room: what is asked and what is answered, whichever provider answers. Values only."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
# Where a country can be at most, as (south, north, west, east): what lies outside is a provider's mistake.
BOXES = {"BR": (-34.0, 5.3, -74.0, -28.0)}


class Precision(StrEnum):
    """How exactly a point was found: the door, somewhere in the street, or only the part of town."""

    HOUSE = "house"
    STREET = "street"
    AREA = "area"


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A place in degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An address as far as it is known. `text` is one line somebody typed; `country` is ISO 3166-1 alpha-2."""

    text: str = ""
    street: str = ""
    number: str = ""
    neighbourhood: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""

    def line(self) -> str:
        """The address on one line, for providers that read a line."""
        door = f"{self.street}, {self.number}" if self.street and self.number else self.street
        parts = (self.text, door, self.neighbourhood, self.city, self.state, self.postal_code)
        return ", ".join(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Where an address is, or what is at a point."""

    point: Point
    address: Address
    label: str
    precision: Precision
    provider: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What somebody may be about to type. `point` where the provider tells it."""

    label: str
    address: Address
    point: Point | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Road:
    """A way by road. `polyline` is HERE's flexible polyline, empty where there is none."""

    distance_km: float
    duration_minutes: int
    polyline: str = ""
    provider: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalCode:
    """What a Brazilian CEP stands for. One that ends in 000 is a whole city and has no street."""

    code: str
    street: str = ""
    neighbourhood: str = ""
    city: str = ""
    state: str = ""
    point: Point | None = None
    provider: str = ""


class Budget:
    """How much longer somebody is willing to wait, over however many questions."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds; never below zero."""
        return max(0.0, self._end - time.monotonic())


def distance_km(a: Point, b: Point) -> float:
    """The great circle between two points."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    north, east = (lat_b - lat_a) / 2, radians(b.lng - a.lng) / 2
    chord = sin(north) ** 2 + cos(lat_a) * cos(lat_b) * sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def point_of(lat: object, lng: object, country: str = "") -> Point | None:
    """A point from what a provider sent, numbers or texts; None for what cannot be one, or not in that country."""
    if isinstance(lat, bool) or isinstance(lng, bool):
        return None
    try:
        north, east = float(str(lat)), float(str(lng))
    except ValueError:
        return None
    if not (isfinite(north) and isfinite(east)) or (north, east) == (0, 0) or abs(north) > 90 or abs(east) > 180:
        return None
    south, top, west, right = BOXES.get(country.upper(), (-90.0, 90.0, -180.0, 180.0))
    return Point(lat=north, lng=east) if south <= north <= top and west <= east <= right else None


def cep_of(text: str) -> str | None:
    """The eight digits of a CEP; None for what is none."""
    digits = re.sub(r"[\s.-]", "", text)
    return digits if re.fullmatch(r"[0-9]{8}", digits) and digits != "00000000" else None


def fold(text: str) -> str:
    """Text for comparing: lower case, no accents, anything but letters and digits is one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", kept).strip()
