"""Promotions, coupons and batches of codes over the staff API."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.clock import now
from apps.stores.models import CouponCode, Promotion, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows, version
from apps.stores.tests.fixtures import Shop
from apps.stores.tests.offers import make_codes, make_promotion

pytestmark = pytest.mark.django_db
TEN = {"name": "Ten off", "kind": "percentage", "value": 10}


def test_it_creates_reads_changes_and_deletes_a_promotion(owner: Shop, store: Store) -> None:
    soup, seq, before = factories.make_product(store, "soup"), last_seq(store), version(store)
    made = owner.post(
        "promotions/", {**TEN, "products": ["soup"], "weekdays": ["mon"], "since": "18:00", "until": "20:00"}
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["slug"], body["trigger"], body["products"], body["used_count"]) == (
        "ten-off",
        "automatic",
        [str(soup.pk)],
        0,
    )
    assert fact_names(store, seq)[-2:] == ["settings.changed", "catalog.published"]
    assert version(store) > before
    path = f"promotions/{body['id']}/"
    assert owner.patch(path, {"code": " dez%off ", "products": []}).json() | {"updated_at": ""} == body | {
        "code": "DEZ%OFF", "trigger": "code", "products": [], "updated_at": "",
    }  # fmt: skip
    assert owner.patch(path, {"code": ""}).json()["trigger"] == "automatic"
    assert owner.get(path).json()["products"] == []
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "more than everything": ({"value": 100.01}, "value"),
    "nothing off": ({"value": 0}, "value"),
    "negative": ({"value": -5}, "value"),
    "no such kind": ({"kind": "gift"}, "kind"),
    "nothing to buy": ({"kind": "buy_x_get_y", "get": 1}, "buy"),
    "nothing to get": ({"kind": "buy_x_get_y", "buy": 1}, "get"),
    "an empty set": ({"kind": "bundle"}, "items"),
    "over before it began": ({"starts": "2026-02-02", "ends": "2026-02-01"}, "ends"),
    "no such day": ({"weekdays": ["someday"]}, "weekdays"),
    "no such channel": ({"channels": ["fax"]}, "channels"),
    "no such service": ({"services": ["drone"]}, "services"),
    "no such product": ({"products": ["nothing"]}, "products.0"),
    "a limit of none": ({"total_limit": 0}, "total_limit"),
    "a code with a blank": ({"code": "DEZ OFF"}, "code"),
    "a code without a code": ({"trigger": "code"}, "code"),
    "no time": ({"since": "25:00"}, "since"),
    "a billion units": ({"kind": "buy_x_get_y", "buy": 10**9, "get": 1}, "buy"),
}


@pytest.mark.parametrize("change", WRONG)
def test_it_refuses_half_made_rules_by_the_field(owner: Shop, store: Store, change: str) -> None:
    values, field = WRONG[change]
    before = version(store)
    answer = owner.post("promotions/", TEN | values)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True), answer.content
    assert rows(Promotion, store) == []
    assert version(store) == before


def test_a_rupiah_has_no_cents_to_take_off(owner: Shop, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(currency="IDR")
    answer = owner.post("promotions/", {"name": "x", "kind": "fixed", "value": 0.5})
    assert "value" in answer.json()["errors"]


def test_a_code_is_one_of_its_kind_however_it_is_written(owner: Shop, store: Store) -> None:
    assert (
        owner.post("coupons/", {"code": "Straße", "discount_type": "percentage", "discount_value": 5}).status_code
        == 201
    )
    for code in ("strasse", "ＳＴＲＡＳＳＥ", " STRASSE"):
        again = owner.post("coupons/", {"code": code, "discount_type": "fixed", "discount_value": 5})
        assert (again.status_code, again.json()["errors"].keys()) == (400, {"code"}), code


def test_what_a_promotion_looks_at_cannot_be_deleted_from_under_it(owner: Shop, store: Store) -> None:
    """Without its last category a promotion would take in the whole menu."""
    category = owner.post("categories/", {"name": "Drinks"}).json()["id"]
    owner.post("promotions/", {**TEN, "categories": [category]})
    answer = owner.delete(f"categories/{category}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")


def test_coupons_speak_the_dashboards_words(owner: Shop, store: Store) -> None:
    body = {
        "code": "dez", "discount_type": "percentage", "discount_value": "10.00", "min_purchase": None, "usage_limit": 5,
        "usage_limit_per_user": 1, "first_order_only": True, "applicable_categories": ["food"],
        "valid_from": "2020-01-01", "valid_until": "2020-02-01T23:59:59Z", "is_featured": True,
    }  # fmt: skip
    made = owner.post("coupons/", body).json()
    assert (made["code"], made["name"], made["discount_value"], made["min_purchase"]) == ("DEZ", "dez", 10, 0)
    assert (made["valid_from"], made["valid_until"], made["is_valid_now"]) == ("2020-01-01", "2020-02-01", False)
    path = f"coupons/{made['id']}/"
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    assert owner.patch(path, {"valid_until": tomorrow}).json()["is_valid_now"] is True
    assert owner.post(f"{path}toggle_active/").json()["is_active"] is False
    assert owner.get("coupons/stats/").json() == {
        "total": 1,
        "active": 0,
        "inactive": 1,
        "expired": 0,
        "total_usage": 0,
    }
    assert owner.get("coupons/", is_active="true").json()["count"] == 0
    assert owner.get("coupons/", search="DE", discount_type="percentage").json()["count"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"discount_value": 101}, "discount_value"),
        ({"discount_value": -1}, "discount_value"),
        ({"discount_type": "buy_x_get_y"}, "discount_type"),
        ({"code": ""}, "code"),
        ({"usage_limit": 0}, "usage_limit"),
        ({"valid_from": "2026-02-02", "valid_until": "2026-02-01"}, "valid_until"),
        ({"valid_from": "tomorrow"}, "valid_from"),
        ({"applicable_categories": ["nothing"]}, "applicable_categories.0"),
    ],
)
def test_coupons_are_refused_in_the_dashboards_words(
    owner: Shop, store: Store, change: dict[str, Any], field: str
) -> None:
    answer = owner.post("coupons/", {"code": "DEZ", "discount_type": "percentage", "discount_value": 10} | change)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True), answer.content
    assert rows(Promotion, store) == []


def test_a_batch_makes_different_codes_and_stays_as_it_was_made(owner: Shop, store: Store) -> None:
    rule = make_promotion(store, trigger="single_use")
    made = owner.post(
        "coupon-batches/", {"promotion": str(rule.pk), "name": "Fair", "prefix": "feira", "size": 50}
    ).json()
    codes = owner.get(f"coupon-batches/{made['id']}/codes/", page_size=100, used="false").json()
    assert (made["used_count"], codes["count"], len({row["code"] for row in codes["results"]})) == (0, 50, 50)
    assert all(row["code"].startswith("FEIRA-") for row in codes["results"])
    changed = owner.patch(f"coupon-batches/{made['id']}/", {"size": 1, "name": "Market", "is_active": False}).json()
    assert (changed["size"], changed["name"], changed["is_active"]) == (50, "Market", False)
    assert owner.delete(f"coupon-batches/{made['id']}/").status_code == 204
    assert rows(CouponCode, store) == []


@pytest.mark.parametrize(
    ("values", "field"), [({"size": 10_001}, "size"), ({"size": 0}, "size"), ({"prefix": "a b"}, "prefix")]
)
def test_it_refuses_impossible_batches(owner: Shop, store: Store, values: dict[str, Any], field: str) -> None:
    rule = make_promotion(store, trigger="single_use")
    answer = owner.post("coupon-batches/", {"promotion": str(rule.pk), "name": "B", "size": 1} | values)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
    assert rows(CouponCode, store) == []


def test_only_a_promotion_by_single_use_codes_has_batches(owner: Shop, store: Store) -> None:
    rule = make_promotion(store, code="DEZ")
    answer = owner.post("coupon-batches/", {"promotion": str(rule.pk), "name": "B", "size": 1})
    assert (answer.status_code, "promotion" in answer.json()["errors"]) == (400, True)


def test_a_limit_starts_from_the_uses_there_are(owner: Shop, shop: Shop, store: Store) -> None:
    rule = make_promotion(store, code="DEZ")
    for number in range(2):
        shop.add(factories.make_product(store))
        assert shop.checkout(coupon_code="DEZ", customer_phone=f"6399999000{number}").status_code == 201
    too_low = owner.patch(f"promotions/{rule.pk}/", {"total_limit": 1})
    assert (too_low.status_code, "total_limit" in too_low.json()["errors"]) == (400, True)
    assert owner.patch(f"promotions/{rule.pk}/", {"total_limit": 2}).json()["used_count"] == 2
    shop.add(factories.make_product(store))
    refused = shop.checkout(coupon_code="DEZ", customer_phone="63999990009")
    assert refused.json()["code"] == "coupon_total_limit_reached"


def test_who_may_only_look_cannot_write_and_a_stranger_finds_nothing(
    attendant: Shop, stranger: Shop, nobody: Shop, store: Store
) -> None:
    rule, codes = (
        make_promotion(store, code="DEZ"),
        make_codes(store, make_promotion(store, trigger="single_use", slug="s")),
    )
    assert codes
    for noun in ("promotions", "coupons", "price-lists", "coupon-batches"):
        assert attendant.get(f"{noun}/").status_code == (403 if noun == "price-lists" else 200)
        assert attendant.post(f"{noun}/", TEN).status_code == 403
        assert stranger.get(f"{noun}/").status_code == stranger.post(f"{noun}/", TEN).status_code == 404
        assert nobody.get(f"{noun}/").status_code == 401
    assert stranger.patch(f"promotions/{rule.pk}/", {"value": 99}).status_code == 404
    assert [row.value for row in rows(Promotion, store) if row.pk == rule.pk] == [10]


def test_another_stores_promotion_and_products_do_not_exist_here(
    client_for: Any, charlie: Any, store: Store, other_store: Store
) -> None:
    mine, foreign = Shop(client_for(charlie), other_store.slug), make_promotion(store)
    product = factories.make_product(store)
    assert mine.get(f"promotions/{foreign.pk}/").status_code == 404
    assert mine.patch(f"promotions/{foreign.pk}/", {"value": 1}).status_code == 404
    assert mine.delete(f"promotions/{foreign.pk}/").status_code == 404
    for body in ({"products": [str(product.pk)]}, {"items": [{"product": str(product.pk), "quantity": 1}]}):
        assert mine.post("promotions/", TEN | body).status_code == 400
    batch = mine.post("coupon-batches/", {"promotion": str(foreign.pk), "name": "B", "size": 1})
    assert (batch.status_code, batch.json()["errors"].keys()) == (400, {"promotion"})
    assert rows(Promotion, other_store) == []
