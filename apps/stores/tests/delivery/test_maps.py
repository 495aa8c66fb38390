"""The map endpoints: route, suggestions, geocoding both ways, CEPs, the list of zones; their limits and their trouble."""

from typing import Any

import pytest

from apps.geo.fake.server import FakeProviders
from apps.stores.api.views import delivery, maps
from apps.stores.models import Store
from apps.stores.tests.delivery.conftest import NEAR_POINT
from apps.stores.tests.fixtures import Shop
from apps.users.services.attempts import MINUTES as MINUTE
from apps.users.services.attempts import Limit

pytestmark = pytest.mark.django_db
MAPS = "/api/v1/stores/maps/"


def test_the_way_is_by_road_where_somebody_knows_roads(
    shop: Shop, by_distance: None, providers: FakeProviders, settings: Any
) -> None:
    settings.GEO_PROVIDERS = ["here"]
    body = shop.get("route/", dest_lat=NEAR_POINT["lat"], dest_lng=NEAR_POINT["lng"]).json()
    assert (body["distance_km"], body["duration_minutes"], body["is_estimate"]) == (1.27, 3, False)
    assert body["polyline"]


@pytest.mark.parametrize("trouble", [False, True])
def test_the_way_is_estimated_where_nobody_can_say(
    shop: Shop, by_distance: None, providers: FakeProviders, settings: Any, trouble: bool
) -> None:
    settings.GEO_PROVIDERS = ["here"] if trouble else ["offline"]
    providers.play("here", "error")
    answer = shop.get("route/", dest_lat=NEAR_POINT["lat"], dest_lng=NEAR_POINT["lng"])
    body = answer.json()
    assert answer.status_code == 200
    assert (body["distance_km"], body["duration_minutes"], body["polyline"], body["is_estimate"]) == (0.98, 3, "", True)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"dest_lat": "1"},
        {"dest_lat": "a", "dest_lng": "b"},
        {"dest_lat": "nan", "dest_lng": "1"},
        {"dest_lat": "99", "dest_lng": "1"},
    ],
)
def test_a_way_to_nowhere_is_a_400(shop: Shop, by_distance: None, query: dict[str, str]) -> None:
    assert shop.get("route/", **query).status_code == 400


def test_suggestions_come_while_typing(shop: Shop, by_distance: None) -> None:
    rows = shop.get("autosuggest/", q="204 sul al", limit=3).json()["suggestions"]
    assert rows[0]["address"]["street"] == "204 Sul, Alameda 3"
    assert (rows[0]["lat"], rows[0]["lng"]) == (NEAR_POINT["lat"], NEAR_POINT["lng"])
    assert all(row["address"]["city"] == "Palmas" for row in rows)
    assert shop.get("autosuggest/", q="20").json() == {"suggestions": []}
    assert shop.get("autosuggest/", q="204 sul", limit=99).status_code == 400
    assert shop.get("autosuggest/").status_code == 400


def test_suggestions_in_trouble_are_an_honest_503(
    shop: Shop, by_distance: None, providers: FakeProviders, settings: Any
) -> None:
    settings.GEO_PROVIDERS = ["here"]
    providers.play("here", "error")
    answer = shop.get("autosuggest/", q="204 sul")
    assert (answer.status_code, answer.json()["code"]) == (503, "geocoder_unavailable")


def test_an_address_becomes_a_point_and_a_point_an_address(client: Any) -> None:
    found = client.get(f"{MAPS}geocode/", {"address": "204 Sul, Alameda 3, Palmas"}).json()
    assert (found["lat"], found["lng"], found["precision"]) == (NEAR_POINT["lat"], NEAR_POINT["lng"], "street")
    back = client.get(f"{MAPS}reverse-geocode/", {"lat": found["lat"], "lng": found["lng"]}).json()
    assert (back["address"]["neighborhood"], back["address"]["zip_code"]) == ("204 Sul", "77020-210")


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("geocode/", {"address": "Rua Que Não Existe, Palmas"}, 404, "address_not_found"),
        ("geocode/", {}, 400, None),
        ("geocode/", {"address": "x" * 301}, 400, None),
        ("geocode/", {"address": "204 Sul", "country": "Brasil"}, 400, None),
        ("reverse-geocode/", {"lat": "-3", "lng": "-60"}, 404, "address_not_found"),
        ("reverse-geocode/", {"lat": "north", "lng": "-60"}, 400, None),
        ("zip-codes/99999-999/", {}, 404, "zip_unknown"),
        ("zip-codes/123/", {}, 400, "zip_invalid"),
        ("zip-codes/abcdefgh/", {}, 400, "zip_invalid"),
    ],
)  # fmt: skip
def test_what_is_not_there_or_makes_no_sense_has_a_code(
    client: Any, db: None, path: str, query: dict[str, str], status: int, code: str | None
) -> None:
    answer = client.get(f"{MAPS}{path}", query)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_a_cep_fills_in_the_form(client: Any, providers: FakeProviders) -> None:
    providers.play("viacep", "error")
    body = client.get(f"{MAPS}zip-codes/77020-210/").json()
    assert (body["street"], body["neighborhood"], body["city"], body["state"]) == (
        "204 Sul, Alameda 3",
        "204 Sul",
        "Palmas",
        "TO",
    )


@pytest.mark.parametrize(
    ("path", "code"),
    [("geocode/?address=204+Sul", "geocoder_unavailable"), ("reverse-geocode/?lat=-10&lng=-48", "geocoder_unavailable"),
     ("zip-codes/77020210/", "zip_lookup_unavailable")],
)  # fmt: skip
def test_maps_in_trouble_are_an_honest_503(client: Any, providers: FakeProviders, path: str, code: str) -> None:
    for name in ("nominatim", "viacep", "brasilapi"):
        providers.play(name, "error")
    answer = client.get(f"{MAPS}{path}")
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert int(answer["Retry-After"]) >= 1


def test_the_published_storefronts_find_the_zones_where_they_look(shop: Shop, store: Store) -> None:
    body = shop.get("delivery-zones/").json()
    assert [row["name"] for row in body["zones"]] == ["Centro"]
    assert body["zones"] == body["results"]


def test_a_caller_who_asks_too_much_is_told_when_to_come_back(
    shop: Shop, client: Any, by_distance: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery.PlaceView, "limit", Limit(name="few", most=2, window=MINUTE, cooldown=MINUTE))
    monkeypatch.setattr(maps, "LOOK_UPS", Limit(name="fewer", most=2, window=MINUTE, cooldown=MINUTE))
    statuses = [shop.post("validate-delivery/", NEAR_POINT).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    answers = [client.get(f"{MAPS}zip-codes/77020210/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) >= 1
