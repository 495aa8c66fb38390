"""A product is deleted while somebody orders it: one of the two hears so, neither is left in a circle.

The order refers to the product, which locks it when the reference is checked. That happens before the log's number is
taken (`events.services.TAKE`); the control takes it back to where PostgreSQL would do it, at the commit.
"""

import contextlib
from threading import Barrier, BrokenBarrierError, local
from typing import Any

import pytest

from apps.events import services
from apps.stores.models import Store
from apps.stores.tests.conftest import last_seq
from apps.stores.tests.factories import make_product
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.test_races import orders_of, shop_of
from apps.stores.tests.test_races_staff import MEET_SECONDS, together
from apps.users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
CHECK = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"


def race(store: Store, client_for: ClientFor, alice: User, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Statuses of the checkout and the deletion, when the one has its number before the other asks for its own."""
    product = make_product(store, "lasagna")
    shop = shop_of(store, "cart_0")
    shop.add(product)
    shop.checkout(customer_phone="63911112222")  # the kitchen is set up, the menu published
    shop.add(product)
    owner = client_for(alice)
    owner.raise_request_exception = False
    barrier, mine = Barrier(2), local()
    append, take = services._append_store, services._take_sequences

    def meet() -> None:
        with contextlib.suppress(BrokenBarrierError):
            barrier.wait(MEET_SECONDS)

    def remember(store_id: Any, happenings: Any) -> None:
        mine.names = {fact.name for fact, _happening in happenings}
        append(store_id, happenings)

    def in_turn(store_id: Any, count: int) -> int:
        if "order.placed" not in mine.names:
            meet()
            return take(store_id, count)
        last = take(store_id, count)
        meet()
        return last

    monkeypatch.setattr(services, "_append_store", remember)
    monkeypatch.setattr(services, "_take_sequences", in_turn)
    answers = together(lambda: shop.checkout(), lambda: Shop(owner, store.slug).delete(f"products/{product.pk}/"))
    return [answer.status_code for answer in answers]


def test_a_product_is_deleted_while_it_is_ordered(
    store: Store, client_for: ClientFor, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered, deleted = race(store, client_for, alice, monkeypatch)
    assert (ordered, deleted) in {(201, 204), (201, 409), (409, 204), (422, 204)}
    assert len(orders_of(store)) == 1 + (ordered == 201)
    assert last_seq(store) > 0


def test_with_the_references_checked_at_the_commit_they_would_wait_for_each_other(
    store: Store,
    client_for: ClientFor,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The control."""
    assert CHECK in services.TAKE
    monkeypatch.setattr(services, "TAKE", services.TAKE.replace(CHECK, ""))
    assert 503 in race(store, client_for, alice, monkeypatch)
    assert "deadlock_detected" in caplog.messages
