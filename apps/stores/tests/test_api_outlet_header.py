"""`X-Outlet-ID`: accepted for a branch of the store where the person may act; price, pause, stock, tax and tickets follow it."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import (
    Order,
    Outlet,
    OutletOverride,
    Product,
    Role,
    Staff,
    StaffOutlet,
    StockLevel,
    Store,
)
from apps.stores.tests import factories
from apps.stores.tests.conftest import last_seq, rows
from apps.stores.tests.fixtures import KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(store: Store) -> Outlet:
    """The second branch."""
    with scope(store.pk):
        outlet = Outlet.objects.create(
            store_id=store.pk, slug="north", name="North", position=1, hours=factories.ALL_DAY, services=store.services
        )
    factories.bump(store)
    return outlet


def at(store: Store, outlet: object, cart: str = KEY, client: APIClient | None = None) -> Shop:
    client = client or APIClient()
    client.defaults |= {"HTTP_X_CART_KEY": cart, "HTTP_X_OUTLET_ID": str(getattr(outlet, "pk", outlet))}
    return Shop(client, store.slug)


def override(outlet: Outlet, product: Product, **values: Any) -> None:
    with scope(outlet.store_id):
        OutletOverride.objects.create(store_id=outlet.store_id, outlet=outlet, product=product, **values)
    factories.bump(outlet.store)


def on_menu(shop: Shop, product: Product) -> dict[str, Any]:
    (row,) = [row for row in shop.get("catalog/").json()["products"] if row["id"] == str(product.pk)]
    return dict(row)


def limited(store: Store, role: str, outlet: Outlet) -> User:
    user = factories.make_staff(store, role)
    with scope(store.pk):
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=outlet)
    return user


# -- who may say it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "catalog/", "cart/", "slots/", "delivery-fee/"])
@pytest.mark.parametrize("outlet", ["nowhere", "018f0000-0000-7000-8000-000000000000", "x' OR 1=1", "foreign"])
def test_a_branch_that_is_not_of_this_store_is_unknown(
    store: Store, other_store: Store, north: Outlet, path: str, outlet: str
) -> None:
    if outlet == "foreign":
        with scope(other_store.pk):
            outlet = str(Outlet.objects.get().pk)
    answer = at(store, outlet).get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "outlet_unknown")


def test_a_branch_that_was_closed_for_good_is_unknown(store: Store, north: Outlet) -> None:
    with scope(store.pk):
        Outlet.objects.filter(pk=north.pk).update(is_active=False)
    factories.bump(store)
    assert at(store, north).get("cart/").status_code == 404


def test_staff_name_the_branches_they_work_in_and_no_other(store: Store, north: Outlet, client_for: ClientFor) -> None:
    cashier = limited(store, Role.CASHIER, north)
    with scope(store.pk):
        main = Outlet.objects.get(slug="main")
    for path in ("orders/", "outlets/", "pauses/"):
        assert at(store, north, client=client_for(cashier)).get(path).status_code == 200
        refused = at(store, main, client=client_for(cashier)).get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "outlet_forbidden")
    seq = last_seq(store)
    refused = at(store, main, client=client_for(cashier)).post("pause/", {"minutes": 5})
    assert (refused.status_code, refused.json()["code"]) == (403, "outlet_forbidden")
    assert last_seq(store) == seq


def test_the_owner_names_any_branch_and_sees_its_orders_alone(
    store: Store, north: Outlet, alice: User, client_for: ClientFor
) -> None:
    here, there = factories.make_order(store), factories.make_order(store, outlet=north)
    for outlet, order in (("main", here), ("north", there)):
        listed = at(store, outlet, client=client_for(alice)).get("orders/").json()["results"]
        assert [row["id"] for row in listed] == [str(order.pk)]
    assert Shop(client_for(alice), store.slug).get("orders/").json()["count"] == 2


# -- price, pause, stock -----------------------------------------------------------------------------------------------


def test_catalog_cart_and_order_have_the_branchs_own_price(store: Store, north: Outlet) -> None:
    product = factories.make_product(store, price="20.00")
    override(north, product, price="25.00")
    here, there = at(store, "main", "cart_main"), at(store, north, "cart_north")
    for shop, price in ((here, 20), (there, 25)):
        assert on_menu(shop, product)["price"] == price
        assert shop.add(product).json()["subtotal"] == price
        placed = shop.checkout()
        assert (placed.status_code, placed.json()["total"]) == (201, price)
    with scope(store.pk):
        assert set(Order.objects.values_list("outlet__slug", "total")) == {
            ("main", Decimal(20)),
            ("north", Decimal(25)),
        }


def test_a_product_paused_at_one_branch_is_sold_at_the_other(
    store: Store, north: Outlet, alice: User, client_for: ClientFor
) -> None:
    product = factories.make_product(store)
    paused = at(store, north, client=client_for(alice)).post(f"products/{product.pk}/pause/", {"minutes": 30})
    assert paused.status_code == 200
    factories.bump(store)
    here, there = at(store, "main", "cart_main"), at(store, north, "cart_north")
    assert (on_menu(here, product)["is_available"], on_menu(there, product)["is_available"]) == (True, False)
    refused = there.add(product)
    assert (refused.status_code, refused.json()["code"]) == (422, "product_paused")
    assert here.add(product).status_code == 200
    assert at(store, north, client=client_for(alice)).post(f"products/{product.pk}/unpause/").status_code == 200
    factories.bump(store)
    assert there.add(product).status_code == 200
    assert rows(OutletOverride, store) == []


def test_a_pause_at_a_branch_ends_by_itself_and_keeps_its_price(
    store: Store, north: Outlet, alice: User, client_for: ClientFor
) -> None:
    product = factories.make_product(store, price="20.00")
    override(north, product, price="25.00")
    there = at(store, north, "cart_north")
    at(store, north, client=client_for(alice)).post(f"products/{product.pk}/pause/", {"minutes": 30})
    factories.bump(store)
    assert not on_menu(there, product)["is_available"]
    with scope(store.pk):
        (row,) = OutletOverride.objects.all()
        assert (row.status, row.price) == ("paused", Decimal(25))
        OutletOverride.objects.update(paused_until=store.created_at)
    factories.bump(store)
    assert (on_menu(there, product)["is_available"], on_menu(there, product)["price"]) == (True, 25)


def test_each_branch_sells_its_own_stock(store: Store, north: Outlet) -> None:
    product = factories.make_product(store, stock=5)
    with scope(store.pk):
        StockLevel.objects.create(store_id=store.pk, product=product, outlet=north, on_hand=1)
    factories.bump(store)
    here, there = at(store, "main", "cart_main"), at(store, north, "cart_north")
    assert (on_menu(here, product)["stock_quantity"], on_menu(there, product)["stock_quantity"]) == (5, 1)
    there.add(product, 2)
    refused = there.checkout()
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_stock")
    assert refused.json()["unavailable"][0]["available"] == 1
    here.add(product, 2)
    assert here.checkout().status_code == 201
    with scope(store.pk):
        assert dict(StockLevel.objects.values_list("outlet__slug", "on_hand")) == {None: 3, "north": 1}


def test_an_order_cancelled_at_a_branch_gives_back_to_that_branch(store: Store, north: Outlet, owner: Shop) -> None:
    product = factories.make_product(store, stock=5)
    with scope(store.pk):
        StockLevel.objects.create(store_id=store.pk, product=product, outlet=north, on_hand=3)
    factories.bump(store)
    there = at(store, north)
    there.add(product, 2)
    placed = there.checkout().json()
    assert owner.post(f"orders/{placed['order_id']}/cancel/").status_code == 200
    with scope(store.pk):
        assert dict(StockLevel.objects.values_list("outlet__slug", "on_hand")) == {None: 5, "north": 3}


def test_what_is_tracked_at_one_branch_only_is_sold_out_at_the_other(store: Store, north: Outlet, owner: Shop) -> None:
    product = factories.make_product(store)
    made = owner.post("stock/", {"product": str(product.pk), "outlet": "north", "on_hand": 2})
    assert (made.status_code, made.json()["outlet"]) == (201, str(north.pk))
    again = owner.post("stock/", {"product": str(product.pk), "outlet": "north", "on_hand": 2})
    assert (again.status_code, again.json()["code"]) == (400, "unique")
    here, there = at(store, "main", "cart_main"), at(store, north, "cart_north")
    assert (on_menu(here, product)["is_in_stock"], on_menu(there, product)["stock_quantity"]) == (False, 2)
    assert there.add(product).status_code == 200
    assert there.checkout().status_code == 201
    here.add(product)
    assert here.checkout().json()["code"] == "out_of_stock"


def test_staff_of_one_branch_count_its_stock_and_not_what_all_share(
    store: Store, north: Outlet, client_for: ClientFor
) -> None:
    product = factories.make_product(store, stock=5)
    manager = Shop(client_for(limited(store, Role.MANAGER, north)), store.slug)
    (shared,) = manager.get("stock/").json()["results"]
    body = {"operation": "set", "quantity": 9}
    refused = manager.post(f"stock/{shared['id']}/adjust/", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "outlet_forbidden")
    assert manager.post("stock/", {"product": str(product.pk)}).status_code == 403
    own = manager.post("stock/", {"product": str(product.pk), "outlet": "north", "on_hand": 1}).json()
    assert manager.post(f"stock/{own['id']}/adjust/", body).json()["on_hand"] == 9
    assert [row["id"] for row in manager.get("stock/", outlet="north").json()["results"]] == [own["id"]]
