"""What each provider answers, in its own form, made from the offline table; and what it says to a question it cannot read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.geo.providers.here import COUNTRIES
from apps.geo.providers.offline import Offline
from apps.geo.values import Address, Budget, Found, Point, distance_km, point_of

Params = Mapping[str, str]
ROAD_FACTOR = 1.3
METRES_PER_SECOND = 7.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `body` is sent as it is when it is a text, else as JSON."""

    status: int
    body: Any
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def answer(provider: str, path: str, params: Params, agent: str, *, here_key: str, google_key: str) -> Reply:
    """The answer of a provider to a question."""
    if provider.startswith("here"):
        if params.get("apiKey") != here_key:
            return Reply(401, {"error": "Unauthorized", "error_description": "apiKey invalid. apiKey not found."})
        return _within(HERE, path, params)
    if provider == "google":
        if params.get("key") != google_key:
            return Reply(
                200, {"status": "REQUEST_DENIED", "error_message": "The provided API key is invalid.", "results": []}
            )
        return _within(GOOGLE, path, params)
    if provider == "nominatim":
        if not agent or agent.startswith("python-requests"):
            return Reply(403, "usage policy: say who you are", kind="text/plain")
        return _within(NOMINATIM, path, params)
    if provider == "viacep":
        return _viacep(path)
    return _brasilapi(path) if provider == "brasilapi" else Reply(404, {"error": "no such provider"})


Endpoint = tuple[frozenset[str], frozenset[str], Callable[[Params], Reply]]


def _within(endpoints: Mapping[str, Endpoint], path: str, params: Params) -> Reply:
    """400 with the field's name for one that is missing or that the provider does not have."""
    found = endpoints.get(path)
    if found is None:
        return Reply(404, {"error": f"no such path: {path}"})
    needed, known, call = found
    for name in sorted(needed - set(params)):
        return Reply(400, {"error": f"missing: {name}"})
    for name in sorted(set(params) - needed - known):
        return Reply(400, {"error": f"unknown: {name}"})
    return call(params)


def _find(text: str, country: str = "") -> Found | None:
    return Offline().geocode(Address(text=text, country=country), Budget(1))


def _near(at: str) -> Found | None:
    point = _point(at)
    return Offline().reverse(point, Budget(1)) if point else None


def _point(at: str) -> Point | None:
    lat, _comma, lng = at.partition(",")
    return point_of(lat, lng)


def _nominatim_row(row: Found) -> dict[str, Any]:
    parts = {
        "road": row.address.street, "house_number": row.address.number, "suburb": row.address.neighbourhood,
        "city": row.address.city, "postcode": row.address.postal_code, "country_code": row.address.country.lower(),
    }  # fmt: skip
    return {
        "place_id": 1, "lat": str(row.point.lat), "lon": str(row.point.lng), "display_name": row.label, "importance": 0.5,
        "category": "place", "type": "house", "address": {name: value for name, value in parts.items() if value},
    }  # fmt: skip


def _nominatim_search(params: Params) -> Reply:
    row = _find(params["q"], params.get("countrycodes", ""))
    return Reply(200, [_nominatim_row(row)] if row else [])


def _nominatim_reverse(params: Params) -> Reply:
    row = _near(f"{params['lat']},{params['lon']}")
    return Reply(200, _nominatim_row(row) if row else {"error": "Unable to geocode"})


NOMINATIM: dict[str, Endpoint] = {
    "search": (frozenset({"format", "q"}), frozenset({"limit", "addressdetails", "countrycodes"}), _nominatim_search),
    "reverse": (frozenset({"format", "lat", "lon"}), frozenset({"addressdetails"}), _nominatim_reverse),
}


def _here_item(row: Found) -> dict[str, Any]:
    parts = {
        "countryCode": COUNTRIES.get(row.address.country, ""), "stateCode": row.address.state, "city": row.address.city,
        "district": row.address.neighbourhood, "street": row.address.street, "houseNumber": row.address.number,
        "postalCode": row.address.postal_code,
    }  # fmt: skip
    kinds = {"house": "houseNumber", "street": "street", "area": "locality"}
    return {
        "title": row.label, "id": "here:af:1", "resultType": kinds[row.precision],
        "position": {"lat": row.point.lat, "lng": row.point.lng}, "access": [], "scoring": {"queryScore": 1.0},
        "address": {name: value for name, value in parts.items() if value},
    }  # fmt: skip


def _here_items(row: Found | None) -> Reply:
    return Reply(200, {"items": [_here_item(row)] if row else []})


def _country(params: Params) -> str:
    long = params.get("in", "").partition(":")[2]
    return next((short for short, name in COUNTRIES.items() if name == long), "")


def _here_suggest(params: Params) -> Reply:
    limit = int(params.get("limit", "5"))
    rows = Offline().suggest(params["q"], _point(params["at"]), _country(params), limit, Budget(1))
    return Reply(200, {"items": [
        {"title": row.label, "id": "here:af:1", "address": {"label": row.label, "street": row.address.street, "city": row.address.city,
         "district": row.address.neighbourhood, "postalCode": row.address.postal_code},
         "position": {"lat": row.point.lat, "lng": row.point.lng} if row.point else None} for row in rows
    ]})  # fmt: skip


def _metres(start: str, end: str) -> int | None:
    a, b = _point(start), _point(end)
    return round(distance_km(a, b) * ROAD_FACTOR * 1000) if a and b else None


def _here_route(params: Params) -> Reply:
    metres = _metres(params["origin"], params["destination"])
    if metres is None:
        return Reply(400, {"title": "Malformed request"})
    summary = {"duration": round(metres / METRES_PER_SECOND), "length": metres}
    return Reply(
        200, {"routes": [{"id": "r", "sections": [{"summary": summary, "polyline": "BFoz5xJ67i1B1B7PzIhaxL7Y"}]}]}
    )


HERE: dict[str, Endpoint] = {
    "v1/geocode": (
        frozenset({"q", "apiKey"}), frozenset({"in", "limit"}), lambda params: _here_items(_find(params["q"], _country(params))),
    ),
    "v1/revgeocode": (frozenset({"at", "apiKey"}), frozenset({"limit"}), lambda params: _here_items(_near(params["at"]))),
    "v1/autosuggest": (frozenset({"q", "at", "apiKey"}), frozenset({"limit", "in"}), _here_suggest),
    "v8/routes": (frozenset({"transportMode", "origin", "destination", "return", "apiKey"}), frozenset(), _here_route),
}  # fmt: skip


def _google_geocode(params: Params) -> Reply:
    country = params.get("components", "").partition(":")[2]
    row = _near(params["latlng"]) if "latlng" in params else _find(params.get("address", ""), country)
    if row is None:
        return Reply(200, {"status": "ZERO_RESULTS", "results": []})
    names = {
        "street_number": row.address.number, "route": row.address.street, "sublocality_level_1": row.address.neighbourhood,
        "administrative_area_level_2": row.address.city, "postal_code": row.address.postal_code, "country": row.address.country,
    }  # fmt: skip
    parts = [{"long_name": value, "short_name": value, "types": [name]} for name, value in names.items() if value]
    kinds = {"house": "ROOFTOP", "street": "GEOMETRIC_CENTER", "area": "APPROXIMATE"}
    geometry = {"location": {"lat": row.point.lat, "lng": row.point.lng}, "location_type": kinds[row.precision]}
    result = {"formatted_address": row.label, "place_id": "1", "geometry": geometry, "address_components": parts}
    return Reply(200, {"status": "OK", "results": [result]})


def _google_complete(params: Params) -> Reply:
    country = params.get("components", "").partition(":")[2]
    rows = Offline().suggest(params["input"], None, country, 5, Budget(1))
    found = [{"description": row.label, "place_id": "1"} for row in rows]
    return Reply(200, {"status": "OK" if found else "ZERO_RESULTS", "predictions": found})


def _google_route(params: Params) -> Reply:
    metres = _metres(params["origin"], params["destination"])
    if metres is None:
        return Reply(200, {"status": "INVALID_REQUEST", "routes": []})
    leg = {"distance": {"value": metres}, "duration": {"value": round(metres / METRES_PER_SECOND)}}
    return Reply(200, {"status": "OK", "routes": [{"legs": [leg], "overview_polyline": {"points": "abc"}}]})


GOOGLE: dict[str, Endpoint] = {
    "maps/api/geocode/json": (frozenset({"key"}), frozenset({"address", "latlng", "components"}), _google_geocode),
    "maps/api/place/autocomplete/json": (
        frozenset({"key", "input"}), frozenset({"components", "location", "radius"}), _google_complete,
    ),
    "maps/api/directions/json": (frozenset({"key", "origin", "destination"}), frozenset(), _google_route),
}  # fmt: skip


def _viacep(path: str) -> Reply:
    code = path.removeprefix("ws/").removesuffix("/json/")
    if not (len(code) == 8 and code.isascii() and code.isdigit()) or path != f"ws/{code}/json/":
        return Reply(400, "<h1>Bad Request</h1>", kind="text/html")
    row = Offline().postal_code(code, Budget(1))
    if row is None:
        return Reply(200, {"erro": "true"})
    return Reply(200, {
        "cep": f"{code[:5]}-{code[5:]}", "logradouro": row.street, "complemento": "", "bairro": row.neighbourhood,
        "localidade": row.city, "uf": row.state, "ddd": "63", "ibge": "", "gia": "", "siafi": "",
    })  # fmt: skip


def _brasilapi(path: str) -> Reply:
    code = path.removeprefix("api/cep/v2/")
    if not (len(code) == 8 and code.isascii() and code.isdigit()):
        return Reply(400, {"name": "CepPromiseError", "type": "validation_error"})
    row = Offline().postal_code(code, Budget(1))
    if row is None:
        return Reply(404, {"name": "CepPromiseError", "type": "service_error"})
    place = {"longitude": str(row.point.lng), "latitude": str(row.point.lat)} if row.point else {}
    return Reply(200, {
        "cep": code, "state": row.state, "city": row.city, "neighborhood": row.neighbourhood or None, "street": row.street or None,
        "service": "fake", "timezoneName": "America/Araguaina", "location": {"type": "Point", "coordinates": place},
    })  # fmt: skip
