"""Zones of every kind: what each charges, where each ends, what staff may not make of them; per outlet; from a file."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.importing.service import import_store
from apps.stores.models import DeliveryZone, Outlet, Store
from apps.stores.pricing.delivery import Place, quote
from apps.stores.pricing.delivery_rules import DeliveryPricing, DeliveryRules, DistanceRules
from apps.stores.queries.bundle import bundle
from apps.stores.tests import factories
from apps.stores.tests.conftest import rows
from apps.stores.tests.delivery.conftest import FAR, FORMULA, NEAR, NEAR_POINT, SetZones, deliver
from apps.stores.tests.fixtures import Shop
from apps.stores.tests.importing.documents import demo
from apps.stores.tests.pricing.test_delivery import CENTRE, fee, north

pytestmark = pytest.mark.django_db

SQUARE = [[-10.1, -48.4], [-10.1, -48.3], [-10.2, -48.3], [-10.2, -48.4]]
BOW_TIE = [[-10.1, -48.4], [-10.2, -48.3], [-10.1, -48.3], [-10.2, -48.4]]
RINGS = (
    {"kind": "band", "fee": "5.00", "rule": {"from_km": "0", "to_km": "1.00"}, "eta_from": 20, "eta_to": 30},
    {"kind": "band", "fee": "9.00", "rule": {"from_km": "1.00", "to_km": "5.00"}, "min_order": "50.00"},
    {"kind": "band", "fee": "15.00", "rule": {"from_km": "5.00", "to_km": "13.50"}, "free_over": "100.00"},
)


@pytest.mark.parametrize(
    ("km", "expected"), [("3.00", "8.00"), ("8.00", "18.00"), ("8.01", "18.01"), ("10.00", "20.00"), ("13.99", "23.99")]
)
def test_far_away_has_a_rate_of_its_own(km: str, expected: str) -> None:
    distance = DistanceRules(flat_fee=8, flat_km=3, per_km=2, far_km=8, far_per_km=1, max_km=14)  # type: ignore[arg-type]
    rules = DeliveryRules(pricing=DeliveryPricing.DISTANCE, distance=distance)
    assert fee(quote(rules, CENTRE, Place(point=north(km)), exponent=2)) == expected


def test_rings_charge_by_how_far_it_is_and_end_where_they_say(shop: Shop, zones: SetZones) -> None:
    zones(*RINGS)
    near, far = shop.post("delivery-fee/", NEAR).json(), shop.post("delivery-fee/", FAR).json()
    assert (near["fee"], near["estimated_minutes"], near["zone_name"], near["distance_km"]) == (5, 30, "Z0", 0.98)
    assert (far["fee"], far["free_over"]) == (15, 100)
    beyond = shop.post("validate-delivery/", {"lat": -10.4, "lng": -48.3}).json()
    assert (beyond["is_valid"], beyond["reason"]) == (False, "too_far")


def test_the_minimum_and_free_delivery_of_a_ring_hold_at_checkout(shop: Shop, store: Store, zones: SetZones) -> None:
    zones({**RINGS[0], "min_order": "50.00", "free_over": "60.00"})
    shop.add(factories.make_product(store, price="40.00"))
    answer = deliver(shop, NEAR)
    assert (answer.status_code, answer.json()["code"], answer.json()["missing"]) == (422, "below_minimum", 10)
    shop.add(factories.make_product(store, price="20.00"))
    assert deliver(shop, NEAR).json()["delivery_fee"] == 0


def test_ranges_of_postal_codes_need_no_map(shop: Shop, store: Store, zones: SetZones, providers: Any) -> None:
    zones(
        {"kind": "zip", "fee": "6.00", "rule": {"ranges": [["77020000", "77020999"], ["77022000", "77022999"]]}},
        {"kind": "zip", "fee": "12.00", "rule": {"ranges": [["77060000", "77069999"]]}},
    )
    assert [
        shop.get("delivery-fee/", zip_code=code).json()["fee"] for code in ("77020-210", "77022999", "77062014")
    ] == [6, 6, 12]
    outside = shop.get("delivery-fee/", zip_code="77021000").json()
    assert (outside["is_valid"], outside["code"], outside["reason"]) == (False, "out_of_area", "not_served")
    shop.add(factories.make_product(store))
    assert deliver(shop, FAR).json()["delivery_fee"] == 12
    assert providers.asked() == []


def test_kinds_are_tried_in_the_order_of_their_first_zones(shop: Shop, zones: SetZones) -> None:
    zones(
        {"kind": "neighbourhood", "name": "204 Sul", "fee": "4.00", "rule": {"city": "Palmas"}},
        {"kind": "polygon", "fee": "7.00", "rule": {"polygon": SQUARE}},
        {"kind": "distance", "fee": "8.00", "rule": FORMULA},
    )
    assert shop.post("delivery-fee/", NEAR).json()["fee"] == 4
    assert (
        shop.post(
            "delivery-fee/", {**NEAR, "neighborhood": "Outro", "street": "104 Norte, Avenida JK", "zip_code": ""}
        ).json()["fee"]
        == 7
    )
    assert shop.post("delivery-fee/", FAR).json()["fee"] == 22


def test_a_zone_may_be_of_one_outlet(shop: Shop, store: Store, zones: SetZones) -> None:
    zones({"kind": "distance", "fee": "8.00", "rule": FORMULA})
    with scope(store.pk):
        second = Outlet.objects.create(
            store_id=store.pk, slug="second", name="Second", position=1, hours=factories.ALL_DAY, services=["delivery"],
            latitude=NEAR_POINT["lat"], longitude=NEAR_POINT["lng"],
        )  # fmt: skip
        DeliveryZone.objects.update(outlet=Outlet.objects.get(slug="main"))
        DeliveryZone.objects.create(
            store_id=store.pk, slug="ring", name="Ring", kind="band", fee="3.00", rule={"to_km": "2"}, outlet=second
        )
    factories.bump(store)
    assert [shop.get("delivery-fee/", **NEAR, outlet=slug).json()["fee"] for slug in ("main", "second")] == [8, 3]
    shop.add(factories.make_product(store, price="20.00"))
    assert deliver(shop, NEAR, outlet="second").json()["delivery_fee"] == 3


def test_staff_make_every_kind_and_the_menu_knows_it(owner: Shop, store: Store) -> None:
    outlet = rows(Outlet, store)[0]
    for kind, rule in {
        "band": {"from_km": "0", "to_km": "3.5"}, "zip": {"ranges": [["77000000", "77099999"]]}, "polygon": {"polygon": SQUARE},
        "distance": {**FORMULA, "far_km": "8", "far_per_km": "1.00"},
    }.items():  # fmt: skip
        made = owner.post(
            "delivery-zones/", {"name": kind, "fee": "5", "kind": kind, "rule": rule, "outlet": str(outlet.pk)}
        )
        assert made.status_code == 201, made.json()
        assert (made.json()["outlet"], made.json()["rule"]) == (str(outlet.pk), rule)
    rules = bundle(store.pk, Store.objects.get(pk=store.pk).catalog_version).delivery[outlet.pk]
    assert rules is not None
    assert [row.pricing.value for row in (rules, *rules.also)] == [
        "neighbourhood",
        "band",
        "zip",
        "polygon",
        "distance",
    ]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("band", {}), ("band", {"from_km": "3", "to_km": "3"}), ("band", {"from_km": "-1", "to_km": "3"}), ("band", {"to_km": "far"}),
        ("zip", {}), ("zip", {"ranges": []}), ("zip", {"ranges": [["77099999", "77000000"]]}), ("zip", {"ranges": [["770", "77099999"]]}),
        ("zip", {"ranges": [["7700000a", "77099999"]]}), ("zip", {"ranges": [["77000000", "77050000"], ["77050000", "77060000"]]}),
        ("zip", {"ranges": [[77000000, 77099999]]}),
        ("polygon", {"polygon": BOW_TIE}), ("polygon", {"polygon": SQUARE[:2]}), ("polygon", {"polygon": [SQUARE[0]] * 4}),
        ("polygon", {"polygon": [[-10, -48], [-10.1, -48.1], [-10.2, -48.2]]}), ("polygon", {"polygon": [[-95, 0], [0, 1], [1, 1]]}),
        ("polygon", {"polygon": [[True, False], [0, 1], [1, 1]]}), ("polygon", {"polygon": [*SQUARE, SQUARE[1]]}),
        ("distance", {"max_km": "0"}), ("distance", {"flat_km": "9", "max_km": "8"}), ("distance", {"max_km": "8", "far_km": "5"}),
        ("distance", {"max_km": "8", "far_per_km": "1"}), ("distance", {"max_km": "8", "far_km": "9", "far_per_km": "1"}),
    ],
)  # fmt: skip
def test_a_half_made_zone_is_refused(owner: Shop, store: Store, kind: str, rule: Any) -> None:
    answer = owner.post("delivery-zones/", {"name": "Z", "fee": 5, "kind": kind, "rule": rule})
    assert answer.status_code == 400 and list(answer.json()["errors"]) == ["rule"], answer.json()
    assert len(rows(DeliveryZone, store)) == 1


def test_an_area_that_is_drawn_closed_is_fine(owner: Shop) -> None:
    closed = [*SQUARE, SQUARE[0]]
    assert (
        owner.post(
            "delivery-zones/", {"name": "Z", "fee": 5, "kind": "polygon", "rule": {"polygon": closed}}
        ).status_code
        == 201
    )


def test_zones_of_a_kind_may_not_claim_the_same_place(owner: Shop, store: Store) -> None:
    outlet = str(rows(Outlet, store)[0].pk)

    def make(kind: str, rule: Any, **more: Any) -> Any:
        return owner.post(
            "delivery-zones/", {"name": f"{kind} {rule}"[:80], "fee": 5, "kind": kind, "rule": rule, **more}
        )

    assert make("band", {"to_km": "3"}).status_code == 201
    assert make("band", {"from_km": "3", "to_km": "5"}).status_code == 201
    clash = make("band", {"from_km": "4", "to_km": "9"})
    assert (clash.status_code, clash.json()["code"]) == (400, "overlap")
    assert make("band", {"from_km": "2", "to_km": "3"}, outlet=outlet).json()["code"] == "overlap"
    assert make("band", {"from_km": "4", "to_km": "9"}, is_active=False).status_code == 201
    assert make("zip", {"ranges": [["77000000", "77009999"]]}).status_code == 201
    assert make("zip", {"ranges": [["77009999", "77010000"]]}).json()["code"] == "overlap"
    assert make("distance", FORMULA).status_code == 201
    assert make("distance", FORMULA).json()["code"] == "overlap"
    hidden = next(row for row in rows(DeliveryZone, store) if not row.is_active)
    assert owner.patch(f"delivery-zones/{hidden.pk}/", {"is_active": True}).json()["code"] == "overlap"
    assert len(rows(DeliveryZone, store)) == 6


def test_a_zone_of_another_stores_outlet_is_refused(owner: Shop, store: Store, other_store: Store) -> None:
    foreign = rows(Outlet, other_store)[0]
    answer = owner.post("delivery-zones/", {"name": "Z", "fee": 5, "outlet": str(foreign.pk)})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["outlet"])


def test_a_point_between_two_rings_is_not_served(zones: SetZones, shop: Shop) -> None:
    zones(
        {"kind": "band", "fee": "5.00", "rule": {"to_km": "0.5"}},
        {"kind": "band", "fee": "9.00", "rule": {"from_km": "2", "to_km": "5"}},
    )
    assert shop.post("delivery-fee/", NEAR).json()["reason"] == "not_served"


A = {"slug": "a", "name": "A", "fee": "5.00"}
FILES: dict[str, dict[str, Any]] = {
    "band": {
        "bands": [{**A, "to_km": "3.00"}, {"slug": "b", "name": "B", "fee": "9.00", "from_km": "3.00", "to_km": "6.00"}]
    },
    "zip": {"zip_zones": [{**A, "ranges": [["77000000", "77099999"]]}]},
    "distance": {
        "distance": {"flat_km": "3.00", "flat_fee": "8.00", "far_km": "8.00", "far_per_km": "1.00", "max_km": "14.00"}
    },
}


@pytest.mark.parametrize(("kind", "number"), [("band", 2), ("zip", 1), ("distance", 1)])
def test_a_file_brings_every_kind(db: None, kind: str, number: int) -> None:
    from apps.core.actors import system

    document = {**demo("pastita"), "delivery": {"eta_minutes": [30, 50], "pricing": kind, **FILES[kind]}}
    report = import_store(document=document, actor=system("test"))
    assert report.warnings == []
    found = rows(DeliveryZone, Store.objects.get(slug="pastita"))
    assert [row.kind for row in found] == [kind] * number


def test_a_file_may_give_a_zone_to_one_outlet(db: None) -> None:
    from apps.core.actors import system
    from apps.stores.importing.errors import ImportRefused

    def document(outlet: str) -> dict[str, Any]:
        zone = {**A, "to_km": "3.00", "outlet": outlet}
        return {**demo("pastita"), "delivery": {"eta_minutes": [30, 50], "pricing": "band", "bands": [zone]}}

    with pytest.raises(ImportRefused):
        import_store(document=document("nowhere"), actor=system("test"))
    import_store(document=document("centro"), actor=system("test"))
    (zone,) = rows(DeliveryZone, Store.objects.get(slug="pastita"))
    assert zone.outlet_id is not None
    assert not import_store(document=document("centro"), actor=system("test")).changed


def test_a_file_with_a_broken_kind_is_refused(db: None) -> None:
    from apps.core.actors import system
    from apps.stores.importing.errors import ImportRefused

    bad = {"pricing": "zip", "zip_zones": [{"slug": "a", "name": "A", "fee": "5.00", "ranges": [["9", "1"]]}]}
    with pytest.raises(ImportRefused):
        import_store(document={**demo("pastita"), "delivery": {"eta_minutes": [30, 50], **bad}}, actor=system("test"))
    assert not Store.objects.filter(slug="pastita").exists()
