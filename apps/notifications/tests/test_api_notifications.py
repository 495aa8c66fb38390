"""The bell over HTTP: who sees what, in whose language, and what of it is new to whom."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.events import relay
from apps.events.models import Delivery, Event
from apps.notifications.models import Notification, NotificationRead
from apps.notifications.subscribers import notify_staff
from apps.stores.models import Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> Shop:
    """Alice at her store."""
    return Shop(client_for(alice), store.slug)


@pytest.fixture
def attendant(client_for: ClientFor, bob: User, store: Store) -> Shop:
    """Bob at Alice's store."""
    return Shop(client_for(bob), store.slug)


@pytest.fixture
def evening(shop: Shop, owner: Shop, store: Store) -> dict[str, Any]:
    """An order that sells the last but one, paid, and one that is cancelled."""
    product = factories.make_product(store, "lasagna", price="39.90", stock=6)
    shop.add(product, 2)
    first = shop.checkout(payment_method="pix").json()
    owner.post(f"orders/{first['id']}/mark_paid/")
    shop.add(product)
    second = shop.checkout().json()
    owner.post(f"orders/{second['id']}/cancel/", {"reason": "No gas."})
    relay.drain()
    return {"first": first, "second": second, "product": product}


def listed(shop: Shop, **query: Any) -> list[dict[str, Any]]:
    answer = shop.get("notifications/", **query)
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def unread(shop: Shop) -> int:
    return int(shop.get("notifications/unread_count/").json()["count"])


def test_an_evening_rings_once_per_fact(owner: Shop, evening: dict[str, Any]) -> None:
    rows = listed(owner)
    assert [row["event"] for row in rows] == [
        "order.cancelled", "order.placed", "payment.confirmed", "order.placed", "product.low_stock",
    ]  # fmt: skip
    assert [row["notification_type"] for row in rows] == ["order", "order", "payment", "order", "alert"]
    assert all(row["title"] and row["message"] == row["body"] for row in rows)
    assert rows[3]["subject"] == {"type": "order", "id": evening["first"]["id"]}
    assert rows[2]["subject"] == rows[3]["subject"]
    assert rows[4]["subject"] == {"type": "product", "id": str(evening["product"].pk)}
    assert unread(owner) == 5


def test_it_says_what_matters_in_the_reader_s_own_language(
    owner: Shop, attendant: Shop, alice: User, bob: User, evening: dict[str, Any]
) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    User.objects.filter(pk=bob.pk).update(language="pt-br")
    english, brazilian = listed(owner), listed(attendant)
    assert english[0]["body"].startswith("#002 · ")
    assert english[0]["body"].endswith("No gas.")
    assert english[3]["body"] == "#001 · Ana Lima · pickup · R$79.80"
    assert english[2]["body"] == "#001 · PIX · R$79.80"
    assert english[4]["body"] == "Lasagna · 4 left"
    assert (
        "R$\u00a079,80"
        in next(row for row in brazilian if row["event"] == "order.placed" and "#001" in row["body"])["body"]
    )


def test_telling_the_same_fact_again_keeps_one_notification(store: Store, evening: dict[str, Any]) -> None:
    for event in Event.objects.filter(store=store, name__in=["order.placed", "product.low_stock"]):
        with scope(store.pk):
            notify_staff(relay.as_happening(event))
    with scope(store.pk):
        assert Notification.objects.count() == 5


def test_every_delivery_to_the_room_is_done(evening: dict[str, Any]) -> None:
    rows = Delivery.objects.filter(subscriber="notifications.notify_staff")
    assert set(rows.values_list("state", flat=True)) == {"done"}
    assert rows.count() == 5


def test_reading_one_is_reading_it_for_oneself(owner: Shop, attendant: Shop, evening: dict[str, Any]) -> None:
    seen = listed(owner)[0]
    before = unread(attendant)
    first, again = (owner.post(f"notifications/{seen['id']}/read/") for _time in range(2))
    assert (first.status_code, first.json()["is_read"]) == (200, True)
    assert again.json()["read_at"] == first.json()["read_at"]
    assert (unread(owner), unread(attendant)) == (4, before)
    assert [row["is_read"] for row in listed(owner)] == [True, False, False, False, False]
    assert not any(row["is_read"] for row in listed(attendant))


def test_reading_all_of_them_leaves_nothing_new_until_something_happens(
    owner: Shop, shop: Shop, evening: dict[str, Any]
) -> None:
    assert [owner.post("notifications/read_all/").json() for _time in range(2)] == [{"count": 5}, {"count": 0}]
    assert unread(owner) == 0
    shop.add(evening["product"])
    shop.checkout()
    relay.drain()
    assert unread(owner) == 1


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.MANAGER, {"order", "payment", "alert"}),
        (Role.CASHIER, {"order", "payment", "alert"}),
        (Role.ATTENDANT, {"order", "payment"}),
        (Role.KITCHEN, {"order", "alert"}),
        (Role.COURIER, set()),
        (Role.SUPPORT, {"order", "payment"}),
        (Role.MARKETING, set()),
    ],
)
def test_nobody_hears_of_what_they_may_not_look_up(
    store: Store, client_for: ClientFor, evening: dict[str, Any], role: str, kinds: set[str]
) -> None:
    member = Shop(client_for(factories.make_staff(store, role)), store.slug)
    rows = listed(member)
    assert {row["notification_type"] for row in rows} == kinds
    assert unread(member) == len(rows)
    assert member.post("notifications/read_all/").json() == {"count": len(rows)}


def test_staff_of_one_outlet_hear_of_its_orders_alone(
    owner: Shop, store: Store, client_for: ClientFor, evening: dict[str, Any]
) -> None:
    user = factories.make_staff(store, Role.CASHIER)
    with scope(store.pk):
        branch = Outlet.objects.create(store_id=store.pk, slug="branch", name="Branch", position=1)
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=branch)
    cashier = Shop(client_for(user), store.slug)
    assert {row["notification_type"] for row in listed(cashier)} == {"alert"}
    order = next(row for row in listed(owner) if row["notification_type"] == "order")
    assert cashier.post(f"notifications/{order['id']}/read/").status_code == 404


def test_another_store_s_notifications_are_not_there(
    evening: dict[str, Any], store: Store, other_store: Store, owner: Shop, client_for: ClientFor, charlie: User
) -> None:
    foreign = Shop(client_for(charlie), other_store.slug)
    mine = listed(owner)[0]["id"]
    assert (listed(foreign), unread(foreign)) == ([], 0)
    assert foreign.post(f"notifications/{mine}/read/").status_code == 404
    intruder = Shop(client_for(charlie), store.slug)
    calls = [
        intruder.get("notifications/"),
        intruder.get("notifications/unread_count/"),
        intruder.post("notifications/read_all/"),
        intruder.post(f"notifications/{mine}/read/"),
    ]
    assert [call.status_code for call in calls] == [404, 404, 404, 404]
    with scope(store.pk):
        assert not NotificationRead.objects.exists()


def test_nobody_and_customers_are_refused(store: Store, client_for: ClientFor) -> None:
    assert Shop(client_for(None), store.slug).get("notifications/").status_code == 401
    assert Shop(client_for(factories.make_user()), store.slug).get("notifications/").status_code == 404


def test_the_list_takes_the_same_queries_for_5_and_for_50(owner: Shop, shop: Shop, evening: dict[str, Any]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.get("notifications/", page_size=100).status_code == 200
        return len(captured)

    few = queries()
    for _order in range(15):
        shop.post("cart/add/", {"product_id": str(evening["product"].pk)})
        shop.checkout()
    relay.drain()
    assert queries() == few <= 5


def test_a_notification_keeps_nothing_personal_of_its_own(store: Store, evening: dict[str, Any]) -> None:
    with scope(store.pk):
        rows = list(Notification.objects.values_list("label", flat=True))
    assert sorted(rows) == ["#001", "#001", "#002", "#002", "Lasagna"]


def test_a_fact_whose_personal_part_was_shredded_is_still_told(
    owner: Shop, store: Store, evening: dict[str, Any]
) -> None:
    Event.objects.filter(store=store).update(payload={})
    assert [row["body"] for row in listed(owner)][3] == "#001"


def test_the_pages_are_counted(owner: Shop, evening: dict[str, Any]) -> None:
    body = owner.get("notifications/", page_size=2).json()
    assert (body["count"], len(body["results"]), body["previous"]) == (5, 2, None)
    assert "page=2" in body["next"]
