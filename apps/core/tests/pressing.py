"""A guest who presses the button."""

from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests.fixtures import Shop


def shop_with(store: Store, cart: str = "cart_1", client: APIClient | None = None) -> Shop:
    client = client or APIClient()
    client.defaults["HTTP_X_CART_KEY"] = cart
    return Shop(client, store.slug)


def orders_of(store: Store) -> int:
    with scope(store.pk):
        return Order.objects.count()
