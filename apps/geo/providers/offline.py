"""A table of the demo cities: no network, no key. Development and the demo stores work with it, and it is never down.

It knows the addresses of the demo stores and their customers to the door, and a few parts of their cities. A place that is
not in it is not found: a guess in the middle of a city would be charged as a distance.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from apps.geo.providers.base import Kind, Provider
from apps.geo.values import Address, Budget, Found, Point, PostalCode, Precision, Suggestion, cep_of, distance_km, fold

FILE = Path(__file__).resolve().parent.parent / "offline" / "places.json"
NEARBY_KM = 1.5
SECTOR = 5  # digits of a CEP that name a part of a city


class Place:
    """A row of the table with its names made comparable."""

    def __init__(self, row: dict[str, Any]) -> None:
        point = row.get("point")
        self.point = Point(lat=point[0], lng=point[1]) if point else None
        self.address = Address(**{name: value for name, value in row.items() if name != "point"})
        self.street, self.number = fold(self.address.street), fold(self.address.number)
        self.neighbourhood, self.city = fold(self.address.neighbourhood), fold(self.address.city)
        self.code = "".join(filter(str.isdigit, self.address.postal_code))


@lru_cache(maxsize=1)
def table() -> tuple[Place, ...]:
    """All rows."""
    return tuple(Place(row) for row in json.loads(FILE.read_text()))


class Offline(Provider):
    """Everything but roads."""

    name: ClassVar[str] = "offline"
    can: ClassVar[frozenset[Kind]] = frozenset({Kind.GEOCODE, Kind.REVERSE, Kind.SUGGEST, Kind.POSTAL_CODE})

    def geocode(self, address: Address, budget: Budget) -> Found | None:
        """The door, else the street, else the CEP, else the part of town."""
        rows = [row for row in table() if row.point is not None and _fits(row, address)]
        asked = _Asked(address)
        for precision, matches in asked.steps():
            found = next(filter(matches, rows), None)
            if found is not None and found.point is not None:
                return self._found(found, found.point, precision)
        return None

    def reverse(self, point: Point, budget: Budget) -> Found | None:
        """The nearest row, if there is one nearby."""
        near = [(distance_km(row.point, point), index) for index, row in enumerate(table()) if row.point is not None]
        far, index = min(near)
        row = table()[index]
        if far > NEARBY_KM or row.point is None:
            return None
        return self._found(row, row.point, Precision.STREET if row.street else Precision.AREA)

    def suggest(self, text: str, near: Point | None, country: str, limit: int, budget: Budget) -> list[Suggestion]:
        """Rows that have every word of the text, those that begin with it first."""
        words = fold(text).split()
        rows = [row for row in table() if words and all(word in fold(row.address.line()) for word in words)]
        rows = [row for row in rows if not country or row.address.country == country.upper()]
        rows.sort(key=lambda row: (not fold(row.address.line()).startswith(" ".join(words)), _far(row, near)))
        return [Suggestion(label=row.address.line(), address=row.address, point=row.point) for row in rows[:limit]]

    def postal_code(self, code: str, budget: Budget) -> PostalCode | None:
        """A CEP of the table."""
        row = next((row for row in table() if row.code == code and row.address.country == "BR"), None)
        if row is None:
            return None
        found = row.address
        return PostalCode(
            code=code, street=found.street, neighbourhood=found.neighbourhood, city=found.city, state=found.state,
            point=row.point, provider=self.name,
        )  # fmt: skip

    def _found(self, row: Place, point: Point, precision: Precision) -> Found:
        exact = precision if row.street else Precision.AREA
        return Found(point=point, address=row.address, label=row.address.line(), precision=exact, provider=self.name)


def _far(row: Place, near: Point | None) -> float:
    return distance_km(row.point, near) if near is not None and row.point is not None else 0.0


def _fits(row: Place, address: Address) -> bool:
    """Whether city and country do not say otherwise."""
    if address.country and address.country.upper() != row.address.country:
        return False
    city = fold(address.city)
    return not city or city == row.city


class _Asked:
    """An address as it is looked for: one line of words, and what is known by name."""

    def __init__(self, address: Address) -> None:
        self.line = f" {fold(address.line())} "
        self.neighbourhood = fold(address.neighbourhood)
        self.code = cep_of(address.postal_code) or "".join(filter(str.isdigit, address.postal_code))
        # A line without a named city has to say the city itself, or a street of the same name elsewhere would do.
        self.has_city = bool(address.city)

    def steps(self) -> Iterable[tuple[Precision, Callable[[Place], bool]]]:
        """How exact, and which rows, best first."""
        yield Precision.HOUSE, lambda row: self._says(row.street) and self._says(row.number) and self._in_city(row)
        yield Precision.STREET, lambda row: self._says(row.street) and self._in_city(row)
        yield Precision.STREET, lambda row: bool(row.code) and row.code == self.code
        yield Precision.AREA, self._same_part
        yield (
            Precision.AREA,
            lambda row: len(self.code) == 8 and row.address.country == "BR" and row.code[:SECTOR] == self.code[:SECTOR],
        )

    def _says(self, words: str) -> bool:
        return bool(words) and f" {words} " in self.line

    def _in_city(self, row: Place) -> bool:
        return self.has_city or self._says(row.city) or (bool(row.code) and row.code == self.code)

    def _same_part(self, row: Place) -> bool:
        if self.neighbourhood:
            return row.neighbourhood == self.neighbourhood and self._in_city(row)
        return self._says(row.neighbourhood) and self._in_city(row)
