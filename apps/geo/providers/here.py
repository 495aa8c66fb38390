"""HERE: geocode, reverse, suggestions and roads, each on a host of its own. Its terms restrict keeping results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings

from apps.geo.providers.base import Kind, Provider, text
from apps.geo.values import Address, Budget, Found, Point, Precision, Road, Suggestion, point_of

# HERE writes countries with three letters.
COUNTRIES = {"BR": "BRA", "DE": "DEU", "ID": "IDN", "AR": "ARG", "CL": "CHL", "CO": "COL", "MX": "MEX", "PT": "PRT",
             "ES": "ESP", "US": "USA", "AT": "AUT", "CH": "CHE", "PY": "PRY", "UY": "URY", "PE": "PER"}  # fmt: skip
SHORT = {long: short for short, long in COUNTRIES.items()}
TYPES = {
    "houseNumber": Precision.HOUSE,
    "place": Precision.HOUSE,
    "street": Precision.STREET,
    "intersection": Precision.STREET,
}


class Here(Provider):
    """Needs `HERE_API_KEY`."""

    name: ClassVar[str] = "here"
    can: ClassVar[frozenset[Kind]] = frozenset({Kind.GEOCODE, Kind.REVERSE, Kind.SUGGEST, Kind.ROUTE})
    keep: ClassVar[timedelta] = timedelta(hours=1)

    def is_set_up(self) -> bool:
        """Whether there is a key."""
        return bool(settings.HERE_API_KEY)

    def geocode(self, address: Address, budget: Budget) -> Found | None:
        """The best match."""
        params = {"q": address.line(), "limit": "1", **_in(address.country)}
        items = self._items(f"{settings.HERE_GEOCODE_URL}/v1/geocode", params, budget)
        return self._found(items[0], address.country) if items else None

    def reverse(self, point: Point, budget: Budget) -> Found | None:
        """The address nearest to a point."""
        params = {"at": f"{point.lat},{point.lng}", "limit": "1"}
        items = self._items(f"{settings.HERE_REVERSE_URL}/v1/revgeocode", params, budget)
        return self._found(items[0], "") if items else None

    def suggest(self, text_: str, near: Point | None, country: str, limit: int, budget: Budget) -> list[Suggestion]:
        """Completions around a point, which HERE insists on."""
        if near is None:
            return []
        params = {"q": text_, "at": f"{near.lat},{near.lng}", "limit": str(limit), **_in(country)}
        items = self._items(f"{settings.HERE_AUTOSUGGEST_URL}/v1/autosuggest", params, budget)
        return [self._suggestion(item) for item in items if isinstance(item.get("title"), str)]

    def route(self, start: Point, end: Point, budget: Budget) -> Road | None:
        """By scooter; `duration` is in seconds, `length` in metres."""
        params = {
            "transportMode": "scooter", "origin": f"{start.lat},{start.lng}", "destination": f"{end.lat},{end.lng}",
            "return": "summary,polyline", "apiKey": settings.HERE_API_KEY,
        }  # fmt: skip
        body = self.mapping(self.get(f"{settings.HERE_ROUTER_URL}/v8/routes", params, budget))
        routes = self.rows(body.get("routes"))
        if not routes:
            return None
        sections = self.rows(routes[0].get("sections"))
        summaries = [self.mapping(section.get("summary")) for section in sections]
        try:
            metres = sum(float(row["length"]) for row in summaries)
            seconds = sum(float(row["duration"]) for row in summaries)
        except (KeyError, TypeError, ValueError) as error:
            raise self.garbage() from error
        line = sections[0].get("polyline") if len(sections) == 1 else ""
        return Road(
            distance_km=round(metres / 1000, 2), duration_minutes=max(1, round(seconds / 60)),
            polyline=line if isinstance(line, str) else "", provider=self.name,
        )  # fmt: skip

    def _items(self, url: str, params: dict[str, str], budget: Budget) -> list[dict[str, Any]]:
        body = self.mapping(self.get(url, {**params, "apiKey": settings.HERE_API_KEY}, budget))
        return self.rows(body.get("items"))

    def _found(self, item: dict[str, Any], country: str) -> Found | None:
        position = self.mapping(item.get("position"))
        if "lat" not in position or "lng" not in position:
            raise self.garbage()
        point = point_of(position["lat"], position["lng"], country)
        if point is None:
            return None
        precision = TYPES.get(text(item, "resultType"), Precision.AREA)
        return Found(
            point=point, address=_address(item), label=text(item, "title"), precision=precision, provider=self.name
        )

    def _suggestion(self, item: dict[str, Any]) -> Suggestion:
        position = item.get("position") if isinstance(item.get("position"), dict) else {}
        point = point_of((position or {}).get("lat"), (position or {}).get("lng"))
        return Suggestion(label=text(item, "title"), address=_address(item), point=point)


def _in(country: str) -> dict[str, str]:
    known = COUNTRIES.get(country.upper())
    return {"in": f"countryCode:{known}"} if known else {}


def _address(item: dict[str, Any]) -> Address:
    parts = item.get("address") if isinstance(item.get("address"), dict) else {}
    parts = parts or {}
    code = text(parts, "countryCode").upper()
    return Address(
        street=text(parts, "street"), number=text(parts, "houseNumber"), neighbourhood=text(parts, "district"),
        city=text(parts, "city"), state=text(parts, "stateCode", "state"), postal_code=text(parts, "postalCode"),
        country=SHORT.get(code, code[:2]),
    )  # fmt: skip
