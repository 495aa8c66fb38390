"""Delivery and shipping zones over HTTP."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.stores.models import DeliveryZone, ShippingZone, Store
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import Shop

TRIANGLE = [[-10.1, -48.3], [-10.2, -48.3], [-10.2, -48.4]]


def test_staff_make_and_change_a_zone(owner: Shop, store: Store) -> None:
    seq = last_seq(store)
    made = owner.post(
        "delivery-zones/", {"name": "Plano Diretor", "fee": "7.50", "rule": {"city": "Palmas", "aliases": ["PD"]}}
    )
    assert made.status_code == 201
    assert made.json()["slug"] == "plano-diretor"
    assert fact_names(store, seq) == ["settings.changed", "catalog.published"]
    assert owner.patch(f"delivery-zones/{made.json()['id']}/", {"fee": 8}).json()["fee"] == 8
    assert owner.delete(f"delivery-zones/{made.json()['id']}/").status_code == 204


def test_anyone_sees_the_active_zones(owner: Shop, nobody: Shop, store: Store) -> None:
    owner.post("delivery-zones/", {"name": "Off", "fee": 1, "is_active": False})
    assert [row["name"] for row in nobody.get("delivery-zones/").json()["results"]] == ["Centro"]
    assert owner.get("delivery-zones/").json()["count"] == 2
    assert owner.get("delivery-zones/", is_active="", search="").json()["count"] == 2
    assert owner.get("delivery-zones/", is_active="false").json()["count"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fee": -1}, "fee"),
        ({"fee": None}, "fee"),
        ({"kind": "moon"}, "kind"),
        ({"kind": "polygon"}, "rule"),
        ({"kind": "polygon", "rule": {"polygon": TRIANGLE[:2]}}, "rule"),
        ({"kind": "polygon", "rule": {"polygon": [["a", "b"]] * 3}}, "rule"),
        ({"kind": "distance", "rule": {"flat_km": 2}}, "rule"),
        ({"rule": []}, "rule"),
        ({"rule": {"city": 5}}, "rule"),
        ({"eta_from": 60, "eta_to": 30}, "eta_to"),
        ({"slug": "centro"}, "slug"),
    ],
)
def test_it_refuses_a_bad_field_and_makes_no_row(owner: Shop, store: Store, change: Any, field: str) -> None:
    answer = owner.post("delivery-zones/", {"name": "Z", "fee": 5} | change)
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
    assert len(rows(DeliveryZone, store)) == 1


def test_each_kind_is_made_with_its_rule(owner: Shop) -> None:
    for kind, rule in {
        "polygon": {"polygon": TRIANGLE},
        "distance": {"max_km": 9, "per_km": "1.5", "flat_km": 2},
    }.items():
        assert owner.post("delivery-zones/", {"name": kind, "fee": 5, "kind": kind, "rule": rule}).status_code == 201


@pytest.mark.parametrize("path", ["delivery-zones/", "shipping-zones/"])
def test_only_who_may_edit_settings_writes(
    attendant: Shop, stranger: Shop, nobody: Shop, store: Store, path: str
) -> None:
    body = {"name": "Z", "fee": 5, "countries": ["DE"], "tiers": [{"max_g": 1000, "price": 5}]}
    assert [client.post(path, body).status_code for client in (attendant, stranger, nobody)] == [403, 404, 401]
    assert len(rows(DeliveryZone, store)) == 1
    assert rows(ShippingZone, store) == []


def test_another_stores_zone_is_404(owner: Shop, other_store: Store) -> None:
    foreign = rows(DeliveryZone, other_store)[0]
    path = f"delivery-zones/{foreign.pk}/"
    assert [owner.get(path).status_code, owner.patch(path, {"fee": 0}).status_code, owner.delete(path).status_code] == [
        404
    ] * 3
    assert rows(DeliveryZone, other_store)[0].fee == 5


def test_parcels_are_priced_by_ascending_weight(owner: Shop, store: Store) -> None:
    tiers = [{"max_g": 1000, "price": "4.99"}, {"max_g": 5000, "price": "7.99"}]
    made = owner.post("shipping-zones/", {"name": "Deutschland", "countries": ["DE"], "tiers": tiers})
    assert made.status_code == 201, made.json()
    for bad in ([], tiers[::-1], [{"max_g": "x", "price": 1}], [{"price": 1}]):
        assert owner.patch(f"shipping-zones/{made.json()['id']}/", {"tiers": bad}).status_code == 400
    assert rows(ShippingZone, store)[0].tiers == tiers


def test_the_number_of_queries_does_not_grow(owner: Shop, nobody: Shop) -> None:
    def count(client: Shop) -> Any:
        with CaptureQueriesContext(connection) as captured:
            client.get("delivery-zones/")
        return len(captured)

    few = [count(owner), count(nobody), count(owner), count(nobody)][2:]
    for n in range(10):
        owner.post("delivery-zones/", {"name": f"Z{n}", "fee": n})
    count(owner), count(nobody)
    assert [count(owner), count(nobody)] == few
