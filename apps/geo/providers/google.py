"""Google Maps: geocode, reverse, completions and roads. Every answer is a 200 with a `status` inside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings

from apps.geo.errors import Failure, ProviderError
from apps.geo.providers.base import Kind, Provider, text
from apps.geo.values import Address, Budget, Found, Point, Precision, Road, Suggestion, point_of

EMPTY = frozenset({"ZERO_RESULTS", "NOT_FOUND"})
FAILURES = {
    "OVER_QUERY_LIMIT": Failure.RATE_LIMITED,
    "OVER_DAILY_LIMIT": Failure.REFUSED,
    "REQUEST_DENIED": Failure.REFUSED,
}
PRECISIONS = {"ROOFTOP": Precision.HOUSE, "RANGE_INTERPOLATED": Precision.HOUSE}


class Google(Provider):
    """Needs `GOOGLE_MAPS_API_KEY`. Its lines are not in the form the clients read, so a road has no polyline."""

    name: ClassVar[str] = "google"
    can: ClassVar[frozenset[Kind]] = frozenset({Kind.GEOCODE, Kind.REVERSE, Kind.SUGGEST, Kind.ROUTE})
    keep: ClassVar[timedelta] = timedelta(hours=1)

    def is_set_up(self) -> bool:
        """Whether there is a key."""
        return bool(settings.GOOGLE_MAPS_API_KEY)

    def geocode(self, address: Address, budget: Budget) -> Found | None:
        """The best match."""
        params = {"address": address.line()}
        if address.country:
            params["components"] = f"country:{address.country.upper()}"
        return self._first("geocode", params, budget, address.country)

    def reverse(self, point: Point, budget: Budget) -> Found | None:
        """The address at a point."""
        return self._first("geocode", {"latlng": f"{point.lat},{point.lng}"}, budget, "")

    def suggest(self, text_: str, near: Point | None, country: str, limit: int, budget: Budget) -> list[Suggestion]:
        """Completions; they carry no point."""
        params = {"input": text_}
        if country:
            params["components"] = f"country:{country.lower()}"
        if near is not None:
            params |= {"location": f"{near.lat},{near.lng}", "radius": "30000"}
        body = self._ask("place/autocomplete", params, budget)
        rows = self.rows(body.get("predictions")) if body else []
        found = [text(row, "description") for row in rows]
        return [Suggestion(label=label, address=Address(text=label)) for label in found if label][:limit]

    def route(self, start: Point, end: Point, budget: Budget) -> Road | None:
        """By car: `distance.value` is in metres, `duration.value` in seconds."""
        params = {"origin": f"{start.lat},{start.lng}", "destination": f"{end.lat},{end.lng}"}
        body = self._ask("directions", params, budget)
        if body is None:
            return None
        try:
            leg = body["routes"][0]["legs"][0]
            metres, seconds = float(leg["distance"]["value"]), float(leg["duration"]["value"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise self.garbage() from error
        return Road(
            distance_km=round(metres / 1000, 2), duration_minutes=max(1, round(seconds / 60)), provider=self.name
        )

    def _ask(self, path: str, params: dict[str, str], budget: Budget) -> dict[str, Any] | None:
        """The body of an `OK`; None where there is nothing."""
        url = f"{settings.GOOGLE_MAPS_URL}/maps/api/{path}/json"
        body = self.mapping(self.get(url, {**params, "key": settings.GOOGLE_MAPS_API_KEY}, budget))
        status = body.get("status")
        if not isinstance(status, str):
            raise self.garbage()
        if status in EMPTY:
            return None
        if status != "OK":
            raise ProviderError(self.name, FAILURES.get(status, Failure.BROKEN), retry_after=30)
        return body

    def _first(self, path: str, params: dict[str, str], budget: Budget, country: str) -> Found | None:
        body = self._ask(path, params, budget)
        rows = self.rows(body.get("results")) if body else []
        if not rows:
            return None
        row = rows[0]
        geometry = self.mapping(row.get("geometry"))
        location = self.mapping(geometry.get("location"))
        if "lat" not in location or "lng" not in location:
            raise self.garbage()
        point = point_of(location["lat"], location["lng"], country)
        if point is None:
            return None
        found = _address(row)
        precision = PRECISIONS.get(
            text(geometry, "location_type"), Precision.STREET if found.street else Precision.AREA
        )
        return Found(
            point=point, address=found, label=text(row, "formatted_address"), precision=precision, provider=self.name
        )


def _address(row: dict[str, Any]) -> Address:
    parts: dict[str, str] = {}
    for component in row.get("address_components") or []:
        if isinstance(component, dict) and isinstance(component.get("types"), list):
            for kind in component["types"]:
                name = "short_name" if kind in {"country", "administrative_area_level_1"} else "long_name"
                parts.setdefault(str(kind), text(component, name))
    return Address(
        street=parts.get("route", ""), number=parts.get("street_number", ""),
        neighbourhood=parts.get("sublocality_level_1") or parts.get("sublocality") or parts.get("neighborhood", ""),
        city=parts.get("administrative_area_level_2") or parts.get("locality", ""),
        state=parts.get("administrative_area_level_1", ""), postal_code=parts.get("postal_code", ""),
        country=parts.get("country", ""),
    )  # fmt: skip
