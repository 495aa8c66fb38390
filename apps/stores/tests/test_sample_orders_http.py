"""Every sample order of `data/stores/` through the HTTP API, on its own day, to the cent.

`NEEDS` names the orders that a capability still to be built would price otherwise, and that capability. The list is exact: an
order in it must differ, so it can only shrink – and must come to exactly what the file's rules give without that capability.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.stores.demo.amounts import AMOUNTS, differences
from apps.stores.demo.loading import PASSWORD, load_one
from apps.stores.demo.reasons import needs
from apps.stores.demo.wishes import BY_CUSTOMER, Cast, cart_lines, checkout_body
from apps.stores.pricing.lines import cart_weight
from apps.stores.pricing.parsing import parse_line
from apps.stores.pricing.totals import price_intents
from apps.stores.tests.importing.documents import SLUGS, demo
from apps.stores.tests.pricing.from_file import catalog_of, store_file
from apps.stores.tests.pricing.sample_orders import context_of, delivery_for

pytestmark = pytest.mark.django_db
# What is still to be built, by order.
NEEDS: dict[str, list[str]] = {
    "warung-nusantara-06": ["loyalty: 50 points"],
    "warung-nusantara-11": ["loyalty: 100 points"],
}


class Shop:
    """A storefront client of one store."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.http = APIClient()
        self.base = f"/api/v1/stores/s/{cast.slug}"
        login = {"email": cast.login("owner"), "password": PASSWORD}
        self.counter = f"Token {self.http.post('/api/v1/auth/login/', login, format='json').json()['token']}"

    def place(self, order: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Fill a cart and check out; the order as its tracking page shows it."""
        house = {} if order["channel"] in BY_CUSTOMER else {"HTTP_AUTHORIZATION": self.counter}
        self.http.credentials(HTTP_X_CART_KEY=f"cart_{order['id']}", **house)
        for body in cart_lines(order):
            answer = self.http.post(f"{self.base}/cart/add/", body, format="json")
            assert answer.status_code == 200, (order["id"], body, answer.content)
        body = checkout_body(order, self.cast, at=at)
        answer = self.http.post(f"{self.base}/checkout/", body, format="json")
        assert answer.status_code == 201, (order["id"], body, answer.content)
        tracked = self.http.get(f"/api/v1/stores/orders/by-token/{answer.json()['access_token']}/")
        assert tracked.status_code == 200
        found: dict[str, Any] = tracked.json()
        return found


def without_what_is_missing(slug: str, order: dict[str, Any]) -> dict[str, Any]:
    """What the order comes to by the file's own rules when no points are redeemed."""
    context = replace(context_of(store_file(slug), order), redeem_points=0)
    intents = [parse_line(line) for line in order["lines"]]
    weight = cart_weight(price_intents(catalog_of(slug), intents, context).cart.lines)
    delivery = delivery_for(store_file(slug), order, weight)
    cart = price_intents(catalog_of(slug), intents, context, delivery=delivery).cart
    told: dict[str, Any] = {name: str(getattr(cart, name)) for name in AMOUNTS}
    told["lines"] = [{"unit": str(line.unit_price), "total": str(line.total)} for line in cart.lines]
    told["tax_lines"] = [{"code": row.code, "on": str(row.on), "tax": str(row.tax)} for row in cart.tax_lines]
    told["discounts"] = [{"promotion": row.slug, "amount": str(row.amount)} for row in cart.discounts]
    return told


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sample_order_comes_out_to_the_cent(slug: str) -> None:
    document = demo(slug)
    load_one(demo(slug))
    cast = Cast(document=document)
    shop, zone = Shop(cast), ZoneInfo(document["store"]["timezone"])
    reasons: dict[str, list[str]] = {}
    wrong: dict[str, Any] = {}
    for order in document["orders"]:
        at = datetime.fromisoformat(order["placed_at"])
        with time_machine.travel(at.replace(tzinfo=zone), tick=True):
            answered = shop.place(order, at)
        if found := differences(order, answered):
            reasons[order["id"]] = needs(order, cast, at=at)
            expected = {**order, "expect": without_what_is_missing(slug, order)}
            found = differences(expected, answered) if reasons[order["id"]] else found
        if found:
            wrong[order["id"]] = found
    assert wrong == {}
    assert reasons == {name: why for name, why in NEEDS.items() if name.startswith(slug)}
