"""A store with a loyalty program, and what tests ask of its ledger."""

from typing import Any

from apps.core.actors import Actor, ActorKind
from apps.core.scope import scope
from apps.customers.models import Customer, PointsAccount, PointsEntry, PointsLot
from apps.customers.services import points
from apps.events.services import unit_of_work
from apps.payments import services as payments
from apps.payments.models import Payment, PaymentState
from apps.payments.states import MACHINE
from apps.stores.models import Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

ANA = "+5563999998888"
STAFF = Actor(kind=ActorKind.STAFF, id="s", label="Alice")
PROGRAM = {"is_active": True, "earn_per": 10, "earn_points": 2, "point_value": "0.50", "min_redeem": 10}


def balance(store: Store) -> int:
    with scope(store.pk):
        return PointsAccount.objects.values_list("balance", flat=True).first() or 0


def ledger(store: Store) -> list[tuple[str, int, int]]:
    with scope(store.pk):
        return list(PointsEntry.objects.order_by("at", "id").values_list("kind", "points", "balance"))


def sound(store: Store) -> None:
    """The three tables agree."""
    with scope(store.pk):
        for account in PointsAccount.objects.all():
            of = {"customer_id": account.customer_id}
            assert (
                sum(PointsEntry.objects.filter(**of).values_list("points", flat=True)) == account.balance - account.debt
            )
            assert sum(PointsLot.objects.filter(**of).values_list("remaining", flat=True)) == account.balance


def give(store: Store, number: int) -> Customer:
    with scope(store.pk):
        customer = Customer.objects.get()
        points.adjust(customer_id=customer.pk, points=number, reason="gift", actor=STAFF)
        return customer


def place(shop: Shop, store: Store, price: str = "47.00", **wish: Any) -> Any:
    shop.add(factories.make_product(store, price=price))
    return shop.checkout(**{"customer_phone": "63999998888", **wish})


def complete(owner: Shop, order_id: str) -> None:
    for status in ("preparing", "ready"):
        assert owner.post(f"orders/{order_id}/update_status/", {"status": status}).status_code == 200
    owner.post(f"orders/{order_id}/mark_paid/")
    answer = owner.post(f"orders/{order_id}/update_status/", {"status": "completed"})
    assert answer.status_code == 200, answer.content


def refund(store: Store, order_id: str) -> None:
    with scope(store.pk):
        payment = Payment.objects.get(order_id=order_id)
        with unit_of_work():
            Payment.objects.filter(pk=payment.pk).update(state=PaymentState.PAID)
            payment.refresh_from_db()
            MACHINE.move(
                payment, PaymentState.REFUNDED, actor=STAFF, reason="", payload=lambda: payments.payload(payment)
            )
