"""The first order of a store makes its first station, which publishes the menu, while another order wants the last of the stock."""

import contextlib
from collections.abc import Callable
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from apps.events.services import unit_of_work
from apps.kitchen.services import make
from apps.stores.models import Order, OrderStatus, Store
from apps.stores.services import orders, reservation
from apps.stores.services.order_facts import order_payload
from apps.stores.states import MACHINE
from apps.stores.tests.factories import make_product
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.test_races import shop_of
from apps.stores.tests.test_races_staff import MEET_SECONDS, together
from apps.users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def meet_after(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str]) -> None:
    """Whoever has done one of these waits until the other has done its own, or until that is seen not to come."""
    barrier = Barrier(2)

    def slowed(call: Callable[..., Any]) -> Callable[..., Any]:
        def then_meet(*args: Any, **kwargs: Any) -> Any:
            found = call(*args, **kwargs)
            with contextlib.suppress(BrokenBarrierError):
                barrier.wait(MEET_SECONDS)
            return found

        return then_meet

    for module, name in places:
        monkeypatch.setattr(module, name, slowed(getattr(module, name)))


@pytest.fixture
def race(store: Store, client_for: ClientFor, alice: User, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """A PIX order is paid – the store's first for the kitchen – while somebody checks out the same, nearly sold out product."""
    product = make_product(store, stock=4)
    first, second = shop_of(store, "cart_first"), shop_of(store, "cart_second")
    first.add(product)
    placed = first.checkout(payment_method="pix").json()
    second.add(product)
    owner = client_for(alice)
    owner.raise_request_exception = False

    def run() -> list[int]:
        meet_after(monkeypatch, (make, "first_station"), (reservation, "_take"))
        answers = together(
            lambda: Shop(owner, store.slug).post(f"orders/{placed['id']}/mark_paid/"),
            lambda: second.checkout(payment_method="pix", customer_phone="63988887777"),
        )
        return [answer.status_code for answer in answers]

    return run


def test_a_first_order_is_confirmed_while_another_takes_of_the_same_stock(race: Callable[[], list[int]]) -> None:
    assert race() == [200, 201]


def test_with_the_tickets_before_the_stock_they_would_wait_for_each_other(
    race: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The control."""

    def tickets_first(order: Order, *, actor: Any, reason: str = "") -> None:
        with unit_of_work():
            payload, free = (lambda: order_payload(order)), {"expires_at": None}
            MACHINE.move(order, OrderStatus.CONFIRMED, actor=actor, reason=reason, payload=payload, changes=free)
            reservation.settle(order=order, actor=actor)

    monkeypatch.setattr(orders, "_confirm", tickets_first)
    assert 503 in race()
    assert "deadlock_detected" in caplog.messages
