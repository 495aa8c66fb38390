"""Orders for staff over HTTP: the list with its filters, cancelling, paying, expiring, and who may do what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Order, OrderStatus, Role, Store
from apps.stores.queries import order_lists
from apps.stores.services import orders as order_services
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_pages() -> None:
    """No list remembered by another test: its store's log may stand at the same number."""
    order_lists._pages.clear()


def as_role(store: Store, role: str, client_for: ClientFor) -> Shop:
    return Shop(client_for(factories.make_staff(store, role)), store.slug)


def facts_of(order_id: str) -> list[str]:
    return list(
        Event.objects.filter(subject_type="order", subject_id=order_id).order_by("seq").values_list("name", flat=True)
    )


def fresh(order: Order) -> Order:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk)


# Cancelling


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [
        (Role.OWNER, "pending", 200),
        (Role.MANAGER, "confirmed", 200),
        (Role.CASHIER, "pending", 200),
        (Role.CASHIER, "confirmed", 200),
        (Role.CASHIER, "preparing", 409),
        (Role.CASHIER, "ready", 409),
        (Role.MANAGER, "preparing", 200),
        (Role.OWNER, "ready", 200),
        (Role.OWNER, "out_for_delivery", 409),
        (Role.ATTENDANT, "pending", 403),
        (Role.KITCHEN, "pending", 403),
        (Role.COURIER, "pending", 403),
        (Role.SUPPORT, "pending", 403),
        (Role.MARKETING, "pending", 403),
    ],
)
@pytest.mark.parametrize("road", ["cancel", "update_status"])
def test_who_may_cancel_what(store: Store, client_for: ClientFor, road: str, role: str, status: str, code: int) -> None:
    order = factories.make_order(store, status=status)
    staff = as_role(store, role, client_for)
    body = {"reason": "The customer left."} | ({"status": "cancelled"} if road == "update_status" else {})
    answer = staff.post(f"orders/{order.pk}/{road}/", body)
    assert answer.status_code == code, answer.content
    assert fresh(order).status == ("cancelled" if code == 200 else status)
    assert facts_of(str(order.pk)) == (["order.cancelled"] if code == 200 else [])


def test_after_the_kitchen_started_a_manager_says_why(store: Store, client_for: ClientFor) -> None:
    order = factories.make_order(store, status="preparing")
    manager = as_role(store, Role.MANAGER, client_for)
    for reason in ("", "   "):
        answer = manager.post(f"orders/{order.pk}/cancel/", {"reason": reason})
        assert (answer.status_code, answer.json()["code"]) == (400, "reason_required")
    assert fresh(order).status == "preparing"
    body = manager.post(f"orders/{order.pk}/cancel/", {"reason": "Burnt. We pay."}).json()
    assert (body["status"], body["cancel_reason"], body["cancel_kind"]) == ("cancelled", "Burnt. We pay.", "by_store")


@pytest.mark.parametrize(
    ("kind", "code"),
    [("by_customer", 200), ("by_store", 200), ("rejected", 200), ("payment_expired", 400), ("not_accepted", 400)],
)
def test_a_person_gives_a_person_s_reason(owner: Shop, store: Store, kind: str, code: int) -> None:
    order = factories.make_order(store, status="pending")
    assert owner.post(f"orders/{order.pk}/cancel/", {"kind": kind}).status_code == code
    assert fresh(order).cancel_kind == (kind if code == 200 else "")


def test_cancelling_twice_is_refused(owner: Shop, store: Store) -> None:
    order = factories.make_order(store, status="pending")
    assert owner.post(f"orders/{order.pk}/cancel/").status_code == 200
    again = owner.post(f"orders/{order.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert facts_of(str(order.pk)) == ["order.cancelled"]


def test_a_cancelled_order_s_payment_is_not_waited_for(owner: Shop, shop: Shop, store: Store) -> None:
    """The web client polls until `payment_status` is final: pending for ever would never leave the screen."""
    shop.add(factories.make_product(store))
    placed = shop.checkout(payment_method="pix").json()
    body = owner.post(f"orders/{placed['id']}/cancel/").json()
    assert (body["status"], body["payment_status"]) == ("cancelled", "failed")
    assert (body["pix_code"], body["payment"]["state"]) == ("", "cancelled")
    last = Event.objects.filter(subject_id=placed["id"]).order_by("seq").last()
    assert last is not None
    assert (last.name, last.payload["payment_status"]) == ("order.cancelled", "failed")


def test_a_paid_order_that_is_cancelled_stays_paid_until_it_is_refunded(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout(payment_method="pix").json()
    owner.post(f"orders/{placed['id']}/mark_paid/")
    assert owner.post(f"orders/{placed['id']}/cancel/").json()["payment_status"] == "paid"


# Paying


def test_a_pix_seen_on_the_statement_confirms_the_order(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout(payment_method="pix").json()
    body = owner.post(f"orders/{placed['id']}/mark_paid/").json()
    assert (body["status"], body["payment_status"], body["payment"]["status"]) == ("confirmed", "paid", "approved")
    assert body["paid_at"] is not None
    assert body["pix_code"] == ""
    assert facts_of(placed["id"]) == ["order.placed", "order.paid", "order.confirmed"]
    again = owner.post(f"orders/{placed['id']}/mark_paid/")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_due")


def test_cash_in_the_till_is_paid_and_does_not_move_the_order(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    assert (placed["status"], placed["payment_status"]) == ("confirmed", "pending")
    body = owner.post(f"orders/{placed['id']}/mark_paid/").json()
    assert (body["status"], body["payment_status"], body["payment"]["state"]) == ("confirmed", "paid", "collected")


@pytest.mark.parametrize(("announced", "real"), [("cash", "pix"), ("pix", "cash"), ("cash", "card_on_delivery")])
def test_the_method_is_the_one_the_money_came_by(
    owner: Shop, shop: Shop, store: Store, announced: str, real: str
) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout(payment_method=announced).json()
    body = owner.post(f"orders/{placed['id']}/mark_paid/", {"payment_method": real}).json()
    assert (body["payment_status"], body["payment_method"], body["payment"]["payment_method"]) == ("paid", real, real)


def test_marking_paid_by_an_unknown_method_is_refused(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    assert owner.post(f"orders/{placed['id']}/mark_paid/", {"payment_method": "gold"}).status_code == 400
    assert owner.get(f"orders/{placed['id']}/").json()["payment_status"] == "pending"


def test_an_order_with_something_due_is_not_completed(owner: Shop, store: Store) -> None:
    order = factories.make_order(store, status="ready")
    answer = owner.post(f"orders/{order.pk}/update_status/", {"status": "completed"})
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_due")
    assert fresh(order).status == "ready"


def test_an_order_that_costs_nothing_is_paid_and_can_be_completed(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="0.00"))
    placed = shop.checkout(payment_method="pix").json()
    assert (placed["status"], placed["payment_status"], placed["payment"]) == ("confirmed", "paid", None)
    for status in ("preparing", "ready", "completed"):
        assert owner.post(f"orders/{placed['id']}/update_status/", {"status": status}).status_code == 200


# Expiring


def test_an_order_nobody_paid_expires_once_and_gives_its_stock_back_once(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, stock=5)
    shop.add(product, 2)
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=UTC), tick=False) as clock:
        placed = shop.checkout(payment_method="pix").json()
        clock.shift(timedelta(minutes=29))
        assert order_services.expire_unpaid() == 0
        clock.shift(timedelta(minutes=1))
        assert (order_services.expire_unpaid(), order_services.expire_unpaid()) == (1, 0)
    with scope(store.pk):
        order = Order.objects.get(pk=placed["id"])
        level = product.stock_levels.get()
    assert (order.status, order.cancel_kind, order.payment_status) == ("cancelled", "payment_expired", "failed")
    assert (level.on_hand, level.reserved) == (5, 0)
    assert facts_of(placed["id"]) == ["order.placed", "order.cancelled"]


def test_an_order_paid_meanwhile_does_not_expire(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=UTC), tick=False) as clock:
        placed = shop.checkout(payment_method="pix").json()
        owner.post(f"orders/{placed['id']}/mark_paid/")
        clock.shift(timedelta(hours=5))
        assert order_services.expire_unpaid() == 0
    assert owner.get(f"orders/{placed['id']}/").json()["status"] == "confirmed"


def test_cash_never_expires(owner: Shop, shop: Shop, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(auto_accept=False)
    shop.add(factories.make_product(store))
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=UTC), tick=False) as clock:
        placed = shop.checkout().json()
        assert placed["status"] == "pending"
        clock.shift(timedelta(days=2))
        assert order_services.expire_unpaid() == 0


def test_one_order_that_cannot_be_ended_does_not_keep_the_others(
    shop: Shop, store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)
    broken = factories.make_order(store, status="pending", expires_at=past)
    fine = factories.make_order(other_store, status="pending", expires_at=past + timedelta(hours=1))
    cancel = order_services.cancel_order

    def fails(**call: Any) -> Order:
        if call["order_id"] == broken.pk:
            raise ValueError("broken")
        return cancel(**call)

    monkeypatch.setattr(order_services, "cancel_order", fails)
    assert order_services.expire_unpaid() == 1
    assert (fresh(broken).status, fresh(fine).status) == ("pending", "cancelled")


# The timeline


def test_the_timeline_says_who_did_what_and_why(owner: Shop, shop: Shop, alice: User, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    owner.post(f"orders/{placed['id']}/update_status/", {"status": "preparing"})
    owner.post(f"orders/{placed['id']}/cancel/", {"reason": "No gas."})
    rows = owner.get(f"orders/{placed['id']}/timeline/").json()["results"]
    assert [row["event"] for row in rows] == ["order.placed", "order.confirmed", "order.preparing", "order.cancelled"]
    assert [row["actor"]["kind"] for row in rows] == ["customer", "customer", "staff", "staff"]
    assert rows[-1]["actor"] == {"kind": "staff", "id": str(alice.pk), "label": "Alice"}
    assert (rows[-1]["from"], rows[-1]["to"], rows[-1]["reason"]) == ("preparing", "cancelled", "No gas.")
    assert all(row["label"] and row["at"] for row in rows)
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)


# Addressing


@pytest.mark.parametrize("verb", ["update_status", "cancel", "mark_paid"])
@pytest.mark.parametrize("ref", ["nope", "00000000-0000-0000-0000-000000000000", "a%00b", "é", "%23", "x" * 300])
def test_an_order_that_never_was_is_not_found(owner: Shop, ref: str, verb: str) -> None:
    answer = owner.post(f"orders/{ref}/{verb}/", {"status": "confirmed"})
    assert answer.status_code == 404, answer.content


def test_an_order_can_be_named_by_its_code_in_any_case(owner: Shop, store: Store) -> None:
    order = factories.make_order(store, code="AB23CD45", status="pending")
    assert owner.post("orders/ab23cd45/update_status/", {"status": "confirmed"}).json()["id"] == str(order.pk)


def test_another_store_s_order_is_not_found_and_does_not_move(owner: Shop, other_store: Store) -> None:
    foreign = factories.make_order(other_store, status="pending")
    for verb in ("update_status", "cancel", "mark_paid"):
        assert owner.post(f"orders/{foreign.pk}/{verb}/", {"status": "confirmed"}).status_code == 404
    assert owner.get(f"orders/{foreign.pk}/").status_code == 404
    assert fresh(foreign).status == "pending"


@pytest.mark.parametrize(
    "body",
    [{}, {"status": "eaten"}, {"status": None}, {"status": ["ready"]}, {"status": "confirmed", "reason": "x" * 281}],
)
def test_a_move_to_nowhere_is_a_400(owner: Shop, store: Store, body: dict[str, Any]) -> None:
    order = factories.make_order(store, status="pending")
    assert owner.post(f"orders/{order.pk}/update_status/", body).status_code == 400
    assert fresh(order).status == OrderStatus.PENDING
