"""What the tests of idempotency share: a dish, and a world in which only the key stands between two presses and two orders."""

from typing import Any

import pytest

from apps.stores.api.views import storefront
from apps.stores.models import Cart, Order, Product, Store
from apps.stores.services import checkout as services
from apps.stores.tests.factories import make_product


@pytest.fixture
def burger(store: Store) -> Product:
    return make_product(store, "burger", stock=50)


@pytest.fixture
def keep_carts_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkout is idempotent on its cart, too. To see the key alone at work, every cart is full again after its order."""
    original = services.checkout

    def and_fill_again(**kwargs: Any) -> Any:
        placed = original(**kwargs)
        cart = placed.order.cart_id
        assert cart is not None
        Order.objects.filter(pk=placed.order.pk).update(cart=None)
        Cart.objects.filter(pk=cart).update(is_open=True)
        return placed

    monkeypatch.setattr(storefront, "checkout", and_fill_again)
