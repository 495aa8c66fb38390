"""A guest logs in: the cart comes along, quantities add up, and it happens once however many tabs wake up (storefront.md 1.2)."""

from functools import partial

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.stores.models import Cart, CartLine, Order, Store
from apps.stores.services import cart_adoption
from apps.stores.tests import factories
from apps.stores.tests.fixtures import KEY, ClientFor, Shop
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db


def logged_in(user: User, store: Store, key: str = KEY) -> Shop:
    client = APIClient()
    headers = {"HTTP_X_CART_KEY": key} if key else {}
    client.credentials(HTTP_AUTHORIZATION=f"Token {logins.open_with_token(user=user)}", **headers)
    return Shop(client, store.slug)


def quantities(shop: Shop) -> dict[str, int]:
    body = shop.get("cart/").json()
    return {row["product_name"]: row["quantity"] for row in body["items"]}


@pytest.fixture
def ana(db: None) -> User:
    return factories.make_user("ana@example.com")


def test_the_guest_cart_is_added_to_the_person_s_own(shop: Shop, store: Store, ana: User) -> None:
    soup, pie = factories.make_product(store, "soup"), factories.make_product(store, "pie")
    phone = logged_in(ana, store, key="")
    phone.add(soup, 2)
    shop.add(soup, 3)
    shop.add(pie, 1)
    assert quantities(logged_in(ana, store)) == {"Soup": 5, "Pie": 1}
    assert quantities(phone) == {"Soup": 5, "Pie": 1}
    assert quantities(shop) == {}
    assert quantities(logged_in(ana, store)) == {"Soup": 5, "Pie": 1}


def test_other_options_stay_other_lines(shop: Shop, store: Store, ana: User) -> None:
    salad = factories.make_product(store, "salad")
    factories.make_group(salad, "extras", {"egg": "2.00"}, max=5)
    phone = logged_in(ana, store, key="")
    phone.add(salad)
    shop.add(salad, options={"selections": [{"group": "extras", "option": "egg", "quantity": 1}]})
    assert len(logged_in(ana, store).get("cart/").json()["items"]) == 2


def test_a_quantity_never_grows_beyond_what_a_line_may_have(shop: Shop, store: Store, ana: User) -> None:
    soup = factories.make_product(store, "soup")
    logged_in(ana, store, key="").add(soup, 900)
    shop.add(soup, 900)
    assert quantities(logged_in(ana, store)) == {"Soup": 999}


def test_a_cart_does_not_grow_beyond_its_lines(
    shop: Shop, store: Store, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cart_adoption, "MAX_LINES", 2)
    for name in ("a", "b", "c"):
        shop.add(factories.make_product(store, name))
    assert list(quantities(logged_in(ana, store))) == ["A", "B"]
    assert list(quantities(shop)) == ["C"]  # what had no room is not lost


def test_a_login_at_checkout_takes_the_guest_s_cart_along(shop: Shop, store: Store, ana: User) -> None:
    shop.add(factories.make_product(store))
    me = logged_in(ana, store)
    answer = me.checkout()
    assert answer.status_code == 201
    with scope(store.pk):
        assert Order.objects.get().user_id == ana.pk
    assert me.client.get("/api/v1/stores/orders/", {"store": store.slug}).json()["count"] == 1
    assert me.delete("cart/clear/").status_code == 200


def test_somebody_else_s_cart_is_not_adopted(store: Store, ana: User, client_for: ClientFor, alice: User) -> None:
    with scope(store.pk):
        cart = Cart.objects.create(key=KEY, user=alice)
        CartLine.objects.create(cart=cart, product=factories.make_product(store), fingerprint="x")
    assert quantities(logged_in(ana, store)) == {}


def test_a_guest_after_the_logout_starts_anew(shop: Shop, store: Store, ana: User) -> None:
    soup = factories.make_product(store, "soup")
    shop.add(soup)
    logged_in(ana, store).get("cart/")
    shop.add(soup, 4)
    assert quantities(shop) == {"Soup": 4}
    assert quantities(logged_in(ana, store)) == {"Soup": 5}


@pytest.mark.django_db(transaction=True)
def test_many_tabs_that_wake_up_together_adopt_once(store: Store, ana: User) -> None:
    soup = factories.make_product(store, "soup")
    guest = Shop(APIClient(headers={"X-Cart-Key": KEY}), store.slug)
    guest.add(soup, 3)
    tabs = [logged_in(ana, store) for _tab in range(6)]
    logged_in(ana, store, key="").add(soup, 2)  # a phone without a key had two already
    at_once([partial(quantities, tab) for tab in tabs])
    assert quantities(tabs[1]) == {"Soup": 5}


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_lock_a_cart_is_taken_twice(
    store: Store, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copy, then delete: without the guest cart's row in between, two copies are made of the same lines."""
    copying = cart_adoption.MOVE.replace("DELETE FROM store_cart_lines WHERE id IN (SELECT id FROM taken)", "SELECT 1")
    monkeypatch.setattr(cart_adoption, "MOVE", copying)
    soup = factories.make_product(store, "soup")
    Shop(APIClient(headers={"X-Cart-Key": KEY}), store.slug).add(soup, 3)
    tabs = [logged_in(ana, store) for _tab in range(2)]
    for tab in tabs:
        tab.get("cart/")
    assert quantities(tabs[0])["Soup"] > 3
