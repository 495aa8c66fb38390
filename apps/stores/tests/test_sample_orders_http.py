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
from apps.stores.demo.loading import load_one
from apps.stores.demo.reasons import needs
from apps.stores.demo.wishes import Cast, cart_lines, checkout_body
from apps.stores.pricing.lines import cart_weight
from apps.stores.pricing.parsing import parse_line
from apps.stores.pricing.totals import price_intents
from apps.stores.tests.importing.documents import SLUGS, demo
from apps.stores.tests.pricing.from_file import catalog_of, store_file
from apps.stores.tests.pricing.sample_orders import context_of, delivery_for
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db
# What is still to be built, by order.
NEEDS: dict[str, list[str]] = {
    "ce-saladas-01": ["promotions: segunda-leve"],
    "ce-saladas-02": ["promotions: caesar-e-coco"],
    "ce-saladas-04": ["promotions: salada5"],
    "ce-saladas-05": ["promotions: verde15"],
    "ce-saladas-06": ["promotions: frete-zero"],
    "ce-saladas-08": ["promotions: segunda-leve"],
    "ce-saladas-09": ["promotions: sucos-3-por-2"],
    "ce-saladas-11": ["promotions: verde15"],
    "ce-saladas-15": ["promotions: sucos-3-por-2"],
    "naturwest-01": ["promotions: seifen-3-fuer-2"],
    "naturwest-02": ["promotions: willkommen"],
    "naturwest-04": ["promotions: fruehstueckspaket"],
    "naturwest-05": ["promotions: winter5"],
    "naturwest-06": ["promotions: teezeit"],
    "naturwest-08": ["price lists: handel"],
    "naturwest-09": ["price lists: gastro"],
    "naturwest-10": ["price lists: handel"],
    "naturwest-11": ["promotions: versandfrei"],
    "naturwest-14": ["promotions: seifen-3-fuer-2, winter5"],
    "pastita-03": ["promotions: quinta-do-nhoque"],
    "pastita-04": ["promotions: bem-vindo"],
    "pastita-06": ["promotions: frete-gratis"],
    "pastita-09": ["promotions: leve-3-molhos"],
    "pastita-12": ["promotions: massa15"],
    "pastita-13": ["promotions: quinta-do-nhoque, frete-gratis"],
    "pizzaria-forno-02": ["promotions: chopp-em-dobro"],
    "pizzaria-forno-03": ["promotions: primeira20"],
    "pizzaria-forno-04": ["promotions: dupla-doce, frete-forno"],
    "pizzaria-forno-06": ["promotions: retirou-economizou"],
    "pizzaria-forno-07": ["promotions: retirou-economizou"],
    "pizzaria-forno-10": ["promotions: forno10"],
    "pizzaria-forno-12": ["promotions: chopp-em-dobro"],
    "pizzaria-forno-13": ["promotions: retirou-economizou"],
    "pizzaria-forno-14": ["promotions: forno10"],
    "warung-nusantara-02": ["promotions: kiosk5"],
    "warung-nusantara-03": ["promotions: kopi-sore"],
    "warung-nusantara-04": ["promotions: nusantara25"],
    "warung-nusantara-05": ["promotions: soto-perkedel, kiosk5"],
    "warung-nusantara-08": ["promotions: jumat-berkah, hemat20"],
    "warung-nusantara-10": ["promotions: kiosk5"],
    "warung-nusantara-11": ["promotions: hemat20"],
    "warung-nusantara-12": ["promotions: kopi-sore"],
    "warung-nusantara-13": ["promotions: jumat-berkah"],
}


class Shop:
    """A storefront client of one store."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.http = APIClient()
        self.base = f"/api/v1/stores/s/{cast.slug}"
        # Points take a login or a till: a typed phone number proves nothing.
        self.till = logins.open_with_token(user=User.objects.get(email=cast.login("cashier", "owner")))

    def place(self, order: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Fill a cart and check out; the order as its tracking page shows it."""
        login = {"HTTP_AUTHORIZATION": f"Token {self.till}"} if "redeem_points" in order else {}
        self.http.credentials(HTTP_X_CART_KEY=f"cart_{order['id']}", **login)
        for body in cart_lines(order):
            answer = self.http.post(f"{self.base}/cart/add/", body, format="json")
            assert answer.status_code == 200, (order["id"], body, answer.content)
        body = checkout_body(order, self.cast, at=at)
        answer = self.http.post(f"{self.base}/checkout/", body, format="json")
        if answer.status_code == 422 and answer.json()["code"].startswith("coupon_"):
            del body["coupon_code"]
            answer = self.http.post(f"{self.base}/checkout/", body, format="json")
        assert answer.status_code == 201, (order["id"], body, answer.content)
        tracked = self.http.get(f"/api/v1/stores/orders/by-token/{answer.json()['access_token']}/")
        assert tracked.status_code == 200
        found: dict[str, Any] = tracked.json()
        return found


def without_what_is_missing(slug: str, order: dict[str, Any]) -> dict[str, Any]:
    """What the order comes to by the file's own rules when promotions and price lists are left out."""
    catalog = replace(catalog_of(slug), promotions=(), price_lists={})
    context = replace(context_of(store_file(slug), order), coupon=None)
    if context.customer is not None:
        context = replace(context, customer=replace(context.customer, is_company=False, price_list_id=None))
    intents = [parse_line(line) for line in order["lines"]]
    weight = cart_weight(price_intents(catalog, intents, context).cart.lines)
    private = {**store_file(slug), "customers": [{**row, "company": None} for row in store_file(slug)["customers"]]}
    delivery = delivery_for(private, order, weight)
    cart = price_intents(catalog, intents, context, delivery=delivery).cart
    told: dict[str, Any] = {name: str(getattr(cart, name)) for name in AMOUNTS}
    told["lines"] = [{"unit": str(line.unit_price), "total": str(line.total)} for line in cart.lines]
    told["tax_lines"] = [{"code": row.code, "on": str(row.on), "tax": str(row.tax)} for row in cart.tax_lines]
    return {**told, "discounts": []}


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
