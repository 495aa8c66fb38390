"""Merge and un-merge: nothing is lost, orders and points follow, and taking apart restores."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from apps.core.actors import Actor, ActorKind
from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.customers import services
from apps.customers.models import Customer, Identity, PointsAccount, PointsEntry
from apps.customers.services import points
from apps.events.models import Event
from apps.stores.models import Order, Store
from apps.stores.services import order_people
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db
STAFF = Actor(kind=ActorKind.STAFF, id="s", label="Alice")


@pytest.fixture
def two(owner: Shop, store: Store) -> tuple[str, str]:
    """Ana with a phone, and Ana by e-mail, each with an order, points, an address and a tag."""
    made: list[str] = []
    for values in (
        {"name": "Ana", "phone": "63999998888", "tags": ["vip"], "address_list": [{"label": "home", "street": "A"}]},
        {
            "name": "Ana L.",
            "email": "ana@example.com",
            "tags": ["almoço"],
            "address_list": [{"label": "work", "street": "B"}],
        },
    ):
        row = owner.post("customers/", values).json()
        factories.make_order(store, customer_id=row["id"])
        owner.post(f"customers/{row['id']}/points/", {"points": 10 * (len(made) + 1), "reason": "gift"})
        owner.post(f"customers/{row['id']}/notes/", {"text": values["name"]})
        made.append(row["id"])
    return made[0], made[1]


def state(owner: Shop, pk: str) -> dict[str, Any]:
    row = owner.get(f"customers/{pk}/").json()
    keys = ("phone", "email", "tags", "points", "total_orders", "notes_count", "merged_into", "is_active")
    kept = {name: row.get(name) for name in keys}
    return {**kept, "addresses": sorted((item["label"], item["is_default"]) for item in row["address_list"])}


def test_everything_moves_and_un_merging_restores_it(owner: Shop, store: Store, two: tuple[str, str]) -> None:
    target, source = two
    before = {pk: state(owner, pk) for pk in two}
    merge = owner.post(f"customers/{target}/merge/", {"customer_id": source, "reason": "same person"})
    assert merge.status_code == 200, merge.content
    united = state(owner, target)
    assert (united["phone"], united["email"], united["points"], united["total_orders"]) == (
        "+5563999998888", "ana@example.com", 30, 2,
    )  # fmt: skip
    assert (united["tags"], united["notes_count"]) == (["vip", "almoço"], 2)
    assert united["addresses"] == [("home", True), ("work", False)]
    assert state(owner, source)["merged_into"] == target
    assert owner.get("customers/").json()["count"] == 1
    assert owner.post(f"customers/{target}/unmerge/", {"merge_id": merge.json()["id"]}).status_code == 200
    assert {pk: state(owner, pk) for pk in two} == before
    told = list(
        Event.objects.filter(store=store, name__in=["customer.merged", "customer.unmerged"]).values_list(
            "name", flat=True
        )
    )
    assert sorted(told) == ["customer.merged", "customer.unmerged"]


def test_what_came_after_the_merge_stays_with_the_one_it_came_to(
    owner: Shop, store: Store, two: tuple[str, str]
) -> None:
    target, source = two
    merge = owner.post(f"customers/{target}/merge/", {"customer_id": source}).json()
    factories.make_order(store, customer_id=target)
    with scope(store.pk):  # 25 of the 30 are spent: what is left of the source's own comes back
        points.adjust(customer_id=Customer.objects.get(pk=target).pk, points=-25, reason="spent", actor=STAFF)
    owner.post(f"customers/{target}/unmerge/", {"merge_id": merge["id"]})
    assert (state(owner, target)["total_orders"], state(owner, source)["total_orders"]) == (2, 1)
    assert state(owner, target)["points"] + state(owner, source)["points"] == 5
    with scope(store.pk):
        for account in PointsAccount.objects.all():
            entries = PointsEntry.objects.filter(customer=account.customer_id).values_list("points", flat=True)
            assert sum(entries) == account.balance - account.debt


def test_a_merge_is_undone_once_and_only_by_its_own_customer(owner: Shop, two: tuple[str, str]) -> None:
    target, source = two
    merge = owner.post(f"customers/{target}/merge/", {"customer_id": source}).json()
    assert owner.post(f"customers/{source}/unmerge/", {"merge_id": merge["id"]}).status_code == 404
    assert owner.post(f"customers/{target}/unmerge/", {"merge_id": merge["id"]}).status_code == 200
    again = owner.post(f"customers/{target}/unmerge/", {"merge_id": merge["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "merge_undone")


def test_what_cannot_be_merged_is_refused(owner: Shop, two: tuple[str, str]) -> None:
    target, source = two
    assert owner.post(f"customers/{target}/merge/", {"customer_id": target}).json()["code"] == "same_customer"
    unknown = owner.post(f"customers/{target}/merge/", {"customer_id": "018f0000-0000-7000-8000-000000000000"})
    assert unknown.status_code == 404
    owner.post(f"customers/{target}/merge/", {"customer_id": source})
    again = owner.post(f"customers/{target}/merge/", {"customer_id": source})
    assert (again.status_code, again.json()["code"]) == (409, "customer_merged")
    assert owner.patch(f"customers/{source}/", {"name": "x"}).json()["into"] == target


def test_a_chain_is_undone_from_its_end(owner: Shop, two: tuple[str, str]) -> None:
    target, source = two
    third = owner.post("customers/", {"name": "Third"}).json()["id"]
    first = owner.post(f"customers/{target}/merge/", {"customer_id": source}).json()
    second = owner.post(f"customers/{third}/merge/", {"customer_id": target}).json()
    early = owner.post(f"customers/{target}/unmerge/", {"merge_id": first["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "customer_merged")
    assert owner.post(f"customers/{third}/unmerge/", {"merge_id": second["id"]}).status_code == 200
    assert owner.post(f"customers/{target}/unmerge/", {"merge_id": first["id"]}).status_code == 200
    assert state(owner, source)["email"] == "ana@example.com"


def test_a_price_list_follows_and_comes_back(owner: Shop, store: Store, two: tuple[str, str]) -> None:
    from apps.stores.models import PriceList, PriceListMember

    target, source = two
    with scope(store.pk):
        PriceListMember.objects.create(price_list=PriceList.objects.create(slug="b2b", name="B2B"), customer_id=source)
    merge = owner.post(f"customers/{target}/merge/", {"customer_id": source}).json()
    with scope(store.pk):
        assert str(PriceListMember.objects.get().customer_id) == target
    owner.post(f"customers/{target}/unmerge/", {"merge_id": merge["id"]})
    with scope(store.pk):
        assert str(PriceListMember.objects.get().customer_id) == source


def test_a_block_is_not_lost_by_having_two_records(owner: Shop, two: tuple[str, str]) -> None:
    target, source = two
    owner.post(f"customers/{source}/block/", {"reason": "pranks"})
    merge = owner.post(f"customers/{target}/merge/", {"customer_id": source}).json()
    assert state(owner, target)["is_active"] is False
    owner.post(f"customers/{target}/unmerge/", {"merge_id": merge["id"]})
    assert (state(owner, target)["is_active"], state(owner, source)["is_active"]) == (True, False)


def test_the_next_order_of_either_identity_goes_to_the_one_customer(
    owner: Shop, store: Store, two: tuple[str, str]
) -> None:
    target, source = two
    owner.post(f"customers/{target}/merge/", {"customer_id": source})
    product = factories.make_product(store)
    for who in (
        {"customer_phone": "63999998888"},
        {"customer_phone": "", "customer_email": "ana@example.com", "channel": "counter"},
    ):
        owner.add(product)
        assert owner.checkout(**who).status_code == 201
    with scope(store.pk):
        assert Order.objects.filter(customer_id=target).count() == 4


@pytest.mark.django_db(transaction=True)
def test_an_order_placed_while_two_are_merged_is_not_left_with_the_wrong_one(store: Store) -> None:
    """The order holds its customer until it is placed: the merge waits, and takes it along."""
    with scope(store.pk):
        target = services.recognise(name="Ana", phone="+5563999998888", actor=STAFF)
        source = services.recognise(name="Ana", phone="+5563988887777", actor=STAFF)
    held, done = threading.Event(), []

    def place() -> None:
        with scope(store.pk), transaction.atomic():
            found = services.recognise(name="Ana", phone="+5563988887777", actor=STAFF)
            held.set()
            factories.make_order(store, customer_id=found.pk)
        connection.close()

    def merge() -> None:
        held.wait(10)
        with scope(store.pk):
            order_people.merge_customers(source_id=source.pk, target_id=target.pk, reason="", actor=STAFF)
        done.append(True)
        connection.close()

    at_once([place, merge])
    with scope(store.pk):
        assert done
        assert Order.objects.get().customer_id == target.pk


@pytest.mark.django_db(transaction=True)
def test_parallel_orders_of_one_customer_do_not_wait_for_each_other(store: Store) -> None:
    """Two transactions recognise the same customer and stay open at the same time."""
    with scope(store.pk):
        services.recognise(name="Ana", phone="+5563999998888", email="ana@example.com", actor=STAFF)
    together = threading.Barrier(4)

    def order() -> int:
        with scope(store.pk), transaction.atomic():
            services.recognise(name="Ana", phone="+5563999998888", email="ana@example.com", actor=STAFF)
            return together.wait(5)  # broken after five seconds if any of the four had to queue

    assert sorted(at_once([order] * 4)) == [0, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_the_control_a_row_lock_would_make_them_queue(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.customers.services import recognising

    with scope(store.pk):
        services.recognise(name="Ana", phone="+5563999998888", actor=STAFF)
    monkeypatch.setattr(recognising, "FIND", recognising.FIND.replace("FOR KEY SHARE", "FOR UPDATE"))
    together = threading.Barrier(2)

    def order() -> int:
        with scope(store.pk), transaction.atomic():
            services.recognise(name="Ana", phone="+5563999998888", actor=STAFF)
            return together.wait(0.5)

    with pytest.raises(threading.BrokenBarrierError):
        at_once([order] * 2)


def test_two_merges_at_once_end_in_one_customer_not_in_a_circle(store: Store) -> None:
    with scope(store.pk):
        one = services.recognise(name="Ana", phone="+5563999998888", actor=STAFF)
        other = services.recognise(name="Ana", phone="+5563988887777", actor=STAFF)
        order_people.merge_customers(source_id=one.pk, target_id=other.pk, reason="", actor=STAFF)
        with pytest.raises(Exception, match="customer_merged"):
            order_people.merge_customers(source_id=other.pk, target_id=one.pk, reason="", actor=STAFF)
        assert Identity.objects.filter(customer=other).count() == 2
