"""Nominatim (OpenStreetMap). The public server takes one request a second and no completions: host one for production."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from apps.geo.providers.base import Kind, Provider, text
from apps.geo.values import Address, Budget, Found, Point, Precision, point_of

HOUSES = {"building", "shop", "amenity", "office", "tourism", "leisure"}


class Nominatim(Provider):
    """`/search` and `/reverse` in the `jsonv2` format, where coordinates are texts."""

    name: ClassVar[str] = "nominatim"
    can: ClassVar[frozenset[Kind]] = frozenset({Kind.GEOCODE, Kind.REVERSE})

    def geocode(self, address: Address, budget: Budget) -> Found | None:
        """The best match; an empty list is "not found"."""
        params = {"format": "jsonv2", "q": address.line(), "limit": "1", "addressdetails": "1"}
        if address.country:
            params["countrycodes"] = address.country.lower()
        rows = self.rows(self._get("search", params, budget))
        return self._found(rows[0], address.country) if rows else None

    def reverse(self, point: Point, budget: Budget) -> Found | None:
        """The address there; `{"error": …}` where there is none."""
        params = {"format": "jsonv2", "lat": str(point.lat), "lon": str(point.lng), "addressdetails": "1"}
        row = self.mapping(self._get("reverse", params, budget))
        return None if "error" in row else self._found(row, "")

    def _get(self, path: str, params: dict[str, str], budget: Budget) -> Any:
        headers = {"User-Agent": settings.NOMINATIM_USER_AGENT}
        return self.get(f"{settings.NOMINATIM_URL}/{path}", params, budget, headers=headers)

    def _found(self, row: dict[str, Any], country: str) -> Found | None:
        if "lat" not in row or "lon" not in row:
            raise self.garbage()
        point = point_of(row["lat"], row["lon"], country)
        if point is None:
            return None
        parts = row.get("address") if isinstance(row.get("address"), dict) else {}
        found = _address(parts or {})
        return Found(
            point=point, address=found, label=text(row, "display_name"), precision=_precision(row, found), provider=self.name
        )  # fmt: skip


def _address(parts: dict[str, Any]) -> Address:
    return Address(
        street=text(parts, "road", "pedestrian", "footway"),
        number=text(parts, "house_number"),
        neighbourhood=text(parts, "suburb", "neighbourhood", "quarter", "city_district"),
        city=text(parts, "city", "town", "village", "municipality"),
        state=text(parts, "ISO3166-2-lvl4").rpartition("-")[2] or text(parts, "state"),
        postal_code=text(parts, "postcode"),
        country=text(parts, "country_code").upper(),
    )


def _precision(row: dict[str, Any], found: Address) -> Precision:
    if found.number or row.get("category") in HOUSES:
        return Precision.HOUSE
    return Precision.STREET if found.street else Precision.AREA
