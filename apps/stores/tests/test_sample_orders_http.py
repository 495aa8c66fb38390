"""Every sample order of `data/stores/` through the HTTP API, on its own day, to the cent."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.stores.demo.amounts import differences
from apps.stores.demo.loading import PASSWORD, load_one
from apps.stores.demo.wishes import BY_CUSTOMER, Cast, cart_lines, checkout_body
from apps.stores.tests.importing.documents import SLUGS, demo

pytestmark = pytest.mark.django_db


class Shop:
    """A storefront client of one store, and its counter."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.http = APIClient()
        self.base = f"/api/v1/stores/s/{cast.slug}"
        login = {"email": cast.login("owner"), "password": PASSWORD}
        self.counter = f"Token {self.http.post('/api/v1/auth/login/', login, format='json').json()['token']}"

    def place(self, order: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Fill a cart and check out; the order as its tracking page shows it."""
        # Points take a login or a till: a typed phone number proves nothing.
        by_themselves = order["channel"] in BY_CUSTOMER and "redeem_points" not in order
        house = {} if by_themselves else {"HTTP_AUTHORIZATION": self.counter}
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


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sample_order_comes_out_to_the_cent(slug: str) -> None:
    document = demo(slug)
    load_one(demo(slug))
    shop, zone = Shop(Cast(document=document)), ZoneInfo(document["store"]["timezone"])
    wrong: dict[str, Any] = {}
    for order in document["orders"]:
        at = datetime.fromisoformat(order["placed_at"])
        with time_machine.travel(at.replace(tzinfo=zone), tick=True):
            found = differences(order, shop.place(order, at))
        if found:
            wrong[order["id"]] = found
    assert len(document["orders"]) == 15
    assert wrong == {}
