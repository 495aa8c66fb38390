"""Scenario 16: expired, exhausted, per-customer, wrong-scope, first-order-only coupon → each its own `code`; the use comes back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from apps.core.clock import now
from apps.core.scope import scope
from apps.stores.models import Order, Promotion, Store
from apps.stores.services import orders
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop
from apps.stores.tests.offers import make_promotion, used, uses

pytestmark = pytest.mark.django_db
COUPONS: dict[str, dict[str, Any]] = {
    "coupon_ended": {"ends": "2020-01-01"},
    "coupon_total_limit_reached": {"total_limit": 1},
    "coupon_customer_limit_reached": {"per_customer_limit": 1},
    "coupon_no_line_in_scope": {"categories": ["other"]},
    "coupon_not_first_order": {"first_order": True},
}


def test_each_refusal_has_its_own_code_and_leaves_the_cart_as_it_was(shop: Shop, owner: Shop, store: Store) -> None:
    assert owner.post("categories/", {"name": "Other", "slug": "other"}).status_code == 201
    for number, rule in enumerate(COUPONS.values()):
        body = {"name": "C", "kind": "percentage", "value": 10, "code": f"C{number}", **rule}
        made = owner.post("promotions/", body)
        assert made.status_code == 201, made.content
    with scope(store.pk):
        Promotion.objects.filter(code="C1").update(used_before=1)
    shop.add(factories.make_product(store))
    assert shop.checkout(coupon_code="C2").status_code == 201, "its one use, and the customer's first order"
    shop.add(factories.make_product(store))
    before = shop.get("cart/").json()["items"]
    codes = [shop.checkout(coupon_code=f"C{number}").json()["code"] for number in range(len(COUPONS))]
    assert codes == list(COUPONS)
    assert shop.get("cart/").json()["items"] == before
    assert len(uses(store)) == 1


@pytest.mark.parametrize("how", ["cancelled", "expired"])
def test_an_order_that_comes_to_nothing_gives_its_use_back_once(
    shop: Shop, owner: Shop, store: Store, how: str
) -> None:
    rule = make_promotion(store, "fixed", "5", code="ONE", total_limit=1, per_customer_limit=1, first_order=True)
    shop.add(factories.make_product(store))
    placed = shop.checkout(coupon_code="ONE", payment_method="pix").json()
    assert used(rule) == 1
    with time_machine.travel(now() + timedelta(hours=2), tick=True):
        if how == "cancelled":
            assert owner.post(f"orders/{placed['order_id']}/cancel/", {"reason": "x"}).status_code == 200
        assert orders.expire_unpaid() == (how == "expired")
        assert owner.post(f"orders/{placed['order_id']}/cancel/", {"reason": "x"}).status_code == 409
    with scope(store.pk):
        assert Order.objects.get().status == "cancelled"
    assert (used(rule), uses(store)) == (0, [("fixed", False)])
    shop.add(factories.make_product(store))
    assert shop.checkout(coupon_code="ONE").status_code == 201
