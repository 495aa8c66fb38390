"""Scenario 34: catalog and order lists take a number of queries that is constant in the number of rows."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.stores.models import Store
from apps.stores.queries import order_lists
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.offers import make_price_list, make_promotion

pytestmark = pytest.mark.django_db


def queries(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


@pytest.mark.parametrize(
    "path",
    [
        "orders/",
        "products/",
        "categories/",
        "combos/",
        "stock/",
        "notifications/",
        "events/",
        "staff/",
        "promotions/",
        "coupons/",
        "price-lists/",
    ],
)
def test_a_staff_list_costs_the_same_for_3_and_for_30_rows(owner: Shop, store: Store, path: str) -> None:
    counts = []
    for rows in (3, 27):
        for _row in range(rows):
            factories.make_combo(store, f"combo-{rows}-{_row}", parts=[factories.make_product(store, stock=3)])
            factories.make_order(store)
            factories.make_staff(store, "cashier")
            product = factories.make_product(store)
            make_promotion(store, code=f"C{rows}-{_row}", slug=f"c{rows}-{_row}", products=[product])
            make_price_list(store, slug=f"l{rows}-{_row}", prices=[(product, None, Decimal(1))])
        owner.get("settings/")
        order_lists._pages.clear()
        counts.append(queries(lambda: owner.get(path, page_size=100)))
    assert counts[0] == counts[1], path


def test_building_the_catalog_costs_the_same_and_serving_it_nothing(shop: Shop, store: Store) -> None:
    counts = []
    for rows in (3, 27):
        for _row in range(rows):
            factories.make_group(product := factories.make_product(store, stock=1), product.slug, {"a": "1"})
        counts.append(queries(lambda: shop.get("catalog/")))
        assert queries(lambda: shop.get("catalog/")) == 0
    assert counts[0] == counts[1]


def test_a_cart_costs_the_same_with_2_and_with_20_lines(shop: Shop, store: Store) -> None:
    counts = []
    for lines in (2, 18):
        for _line in range(lines):
            shop.add(factories.make_product(store))
        shop.get("cart/")
        counts.append(queries(lambda: shop.get("cart/")))
    assert counts == [1, 1]


def test_my_orders_cost_the_same_for_2_and_for_20(store: Store, client_for: ClientFor) -> None:
    ana = factories.make_user()
    client, counts = client_for(ana), []
    client.get("/api/v1/stores/orders/", {"store": store.slug})
    for rows in (2, 18):
        for _row in range(rows):
            factories.make_order(store, user=ana)
        counts.append(queries(lambda: client.get("/api/v1/stores/orders/", {"store": store.slug})))
    assert counts[0] == counts[1] <= 6
