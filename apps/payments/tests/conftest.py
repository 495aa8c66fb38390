"""An order to pay for."""

from decimal import Decimal

import pytest

from apps.core.actors import Actor, ActorKind
from apps.core.scope import scope
from apps.payments import services
from apps.payments.models import Method, Payment
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

CASHIER = Actor(kind=ActorKind.STAFF, id="1", label="Carla")


@pytest.fixture
def order(shop: Shop, store: Store) -> Order:
    """Twenty, to be paid by PIX."""
    shop.add(factories.make_product(store, price="20.00"))
    number = shop.checkout(payment_method="pix").json()["order_number"]
    with scope(store.pk):
        return Order.objects.get(code=number)


@pytest.fixture
def payment(order: Order) -> Payment:
    """Its PIX."""
    with scope(order.store_id):
        return order.payments.get()


def ask(order: Order, *, method: str = Method.PIX, amount: str = "20.00") -> Payment:
    """One more attempt to collect for the order."""
    with scope(order.store_id):
        return services.ask(
            order_id=order.pk,
            order_code=order.code,
            method=method,
            amount=Decimal(amount),
            currency="BRL",
            actor=CASHIER,
        )
