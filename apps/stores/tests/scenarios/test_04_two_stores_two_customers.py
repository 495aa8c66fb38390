"""Scenario 4: the same phone or e-mail at two stores → two customers, two carts, two histories."""

import pytest

from apps.core.scope import scope
from apps.customers.models import Customer, Identity
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop

pytestmark = pytest.mark.django_db

WHO = {"customer_name": "Ana", "customer_phone": "63999998888", "customer_email": "ana@example.com"}


def test_the_same_phone_and_email_at_two_stores_are_two_customers_with_two_histories(
    shop: Shop, store: Store, other_store: Store
) -> None:
    elsewhere = Shop(shop.client, other_store.slug)
    for place, client in ((store, shop), (other_store, elsewhere)):
        client.add(factories.make_product(place))
        assert client.checkout(**WHO).status_code == 201
    people = {}
    for place in (store, other_store):
        with scope(place.pk):
            people[place.pk] = Customer.objects.get()
            assert Order.objects.get().customer_id == people[place.pk].pk
            assert set(Identity.objects.values_list("kind", "value")) == {
                ("phone", "+5563999998888"),
                ("email", "ana@example.com"),
            }
    assert people[store.pk].pk != people[other_store.pk].pk


def test_the_same_phone_again_at_one_store_is_one_customer_with_two_orders(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    for spelling in ("63999998888", "+55 (63) 99999-8888", "5563999998888"):
        shop.add(product)
        assert shop.checkout(**{**WHO, "customer_phone": spelling}).status_code == 201
    with scope(store.pk):
        assert Customer.objects.get().orders.count() == 3


def test_one_key_has_a_cart_per_store(shop: Shop, store: Store, other_store: Store) -> None:
    elsewhere = Shop(shop.client, other_store.slug)
    shop.add(factories.make_product(store), 2)
    elsewhere.add(factories.make_product(other_store), 5)
    assert shop.get("cart/").json()["item_count"] == 2
    assert elsewhere.get("cart/").json()["item_count"] == 5
    shop.delete("cart/clear/")
    assert elsewhere.get("cart/").json()["item_count"] == 5


def test_one_login_has_a_history_per_store(store: Store, other_store: Store, client_for: ClientFor) -> None:
    ana = factories.make_user("ana@example.com")
    client = client_for(ana)
    numbers = {}
    for place in (store, other_store):
        app = Shop(client, place.slug)
        app.add(factories.make_product(place))
        numbers[place.slug] = app.checkout(**WHO).json()["order_number"]
    for slug, number in numbers.items():
        rows = client.get("/api/v1/stores/orders/", {"store": slug}).json()["results"]
        assert [row["order_number"] for row in rows] == [number]
