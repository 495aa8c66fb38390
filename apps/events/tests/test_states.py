"""States: only moves of the table, only from the state the row is really in, stamped, and recorded as a fact."""

import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from apps.core.problems import Conflict
from apps.core.scope import ScopedModel, scope
from apps.core.tests.racing import at_once
from apps.events import queries
from apps.events.models import Event
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.events.state_tables import machines
from apps.events.states import Machine
from apps.events.tests.conftest import ACTOR
from apps.kitchen.models import Ticket, TicketItem
from apps.payments.models import Payment
from apps.stores import states
from apps.stores.models import Order, Store
from apps.stores.tests.factories import make_product
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

MODELS: Mapping[str, type[ScopedModel]] = {
    "order": Order,
    "payment": Payment,
    "ticket": Ticket,
    "ticket_item": TicketItem,
}
ALL = [pytest.param(machine, id=name) for name, machine in machines()]


@pytest.fixture
def order(shop: Shop, store: Store) -> Order:
    """A confirmed order (cash, accepted by itself)."""
    shop.add(make_product(store, "burger"))
    placed = shop.checkout().json()
    with scope(store.pk):
        return Order.objects.get(pk=placed["order_id"])


def _move(order: Order, to: str, **options: Any) -> None:
    with scope(order.store_id), unit_of_work():
        states.MACHINE.move(order, to, actor=ACTOR, **options)


def _stored(order: Order) -> Order:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk)


def test_a_move_stores_the_state_its_moment_its_changes_and_its_fact(order: Order) -> None:
    before = queries.last_seq(order.store_id)
    _move(order, "preparing", reason="busy", changes={"notes": "hot"}, payload=lambda: {"total": order.total})
    row = _stored(order)
    assert (row.status, row.notes) == ("preparing", "hot")
    assert row.preparing_at == row.updated_at == order.preparing_at
    (event,) = queries.feed(order.store_id, after=before, limit=10)
    assert (event.name, event.subject_id, event.occurred_at) == ("order.preparing", str(order.pk), row.preparing_at)
    assert {name: event.payload[name] for name in ("from", "to", "reason")} == {
        "from": "confirmed",
        "to": "preparing",
        "reason": "busy",
    }
    assert event.payload["total"] == 20


@pytest.mark.parametrize("to", ["delivered", "pending", "confirmed", "draft", "nonsense", ""])
def test_a_move_that_is_not_in_the_table_is_409_and_changes_nothing(order: Order, to: str) -> None:
    before, row = queries.last_seq(order.store_id), _stored(order)
    with pytest.raises(Conflict) as refusal:
        _move(order, to, changes={"notes": "x"})
    assert (refusal.value.code, refusal.value.status) == ("illegal_transition", 409)
    assert queries.last_seq(order.store_id) == before
    assert vars(_stored(order)) | {"_state": None} == vars(row) | {"_state": None}
    assert order.status == "confirmed", "the object in hand is not changed either"


def test_an_illegal_jump_is_409_over_http(order: Order, store: Store, alice: User, client_for: ClientFor) -> None:
    owner = Shop(client_for(alice), store.slug)
    before = queries.last_seq(store.pk)
    refused = owner.post(f"orders/{order.pk}/update_status/", {"status": "delivered"})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert (_stored(order).status, queries.last_seq(store.pk)) == ("confirmed", before)


def test_whoever_holds_a_stale_row_is_told_so(order: Order) -> None:
    stale = _stored(order)
    _move(order, "preparing")
    before = queries.last_seq(order.store_id)
    with pytest.raises(Conflict) as refusal:
        _move(stale, "cancelled")
    assert refusal.value.code == "stale_state"
    assert (_stored(order).status, stale.status, queries.last_seq(order.store_id)) == ("preparing", "confirmed", before)


def test_a_move_outside_a_unit_of_work_is_a_bug_and_moves_nothing(order: Order) -> None:
    with scope(order.store_id), pytest.raises(RuntimeError, match="outside a unit"):
        states.MACHINE.move(order, "preparing", actor=ACTOR)
    assert _stored(order).status == "confirmed"


def test_an_order_of_another_store_cannot_be_moved(order: Order, other_store: Store) -> None:
    with pytest.raises(Conflict), scope(other_store.pk), unit_of_work():
        states.MACHINE.move(order, "preparing", actor=ACTOR)
    assert _stored(order).status == "confirmed"


RACERS = 8


def _race(order: Order, move: Any) -> list[str]:
    rows = [_stored(order) for _ in range(RACERS)]
    met = threading.Barrier(RACERS)

    def work(row: Order) -> str:
        try:
            with scope(row.store_id), unit_of_work():
                met.wait(60)
                move(row)
        except Conflict as refusal:
            return refusal.code
        return "moved"

    return sorted(at_once([partial(work, row) for row in rows]))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_the_same_row_one_wins(order: Order) -> None:
    answers = _race(order, lambda row: states.MACHINE.move(row, "preparing", actor=ACTOR))
    assert answers == ["moved"] + ["stale_state"] * (RACERS - 1)
    assert Event.objects.filter(name="order.preparing").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_every_one_of_them_would(order: Order) -> None:
    """The control: check in Python, then write."""

    def careless(row: Order) -> None:
        assert states.MACHINE.allows(row.status, "preparing")
        Order.objects.filter(pk=row.pk).update(status="preparing")
        record(states.MACHINE.facts["preparing"], subject=Subject(type="order", id=row.pk), actor=ACTOR, payload={})

    assert _race(order, careless) == ["moved"] * RACERS
    assert Event.objects.filter(name="order.preparing").count() == RACERS


# -- the tables --------------------------------------------------------------------------------------------------------


def test_every_machine_is_found() -> None:
    names = [name for name, _machine in machines()]
    assert {"payments.MACHINE", "stores.MACHINE", "kitchen.FORWARD", "kitchen.ITEM"} <= set(names)
    assert {machine.subject for _name, machine in machines()} == set(MODELS)


@pytest.mark.parametrize("machine", ALL)
def test_a_table_only_names_states_facts_and_columns_that_exist(machine: Machine) -> None:
    model = MODELS[machine.subject]
    field = model._meta.get_field(machine.field)
    assert isinstance(field, models.Field)
    known = {str(value) for value, _label in field.flatchoices}
    targets = {str(state) for new in machine.moves.values() for state in new}
    assert {str(state) for state in machine.moves} | targets <= known
    assert {str(state) for state in machine.facts} | {str(state) for state in machine.stamps} <= known
    for column in machine.stamps.values():
        assert isinstance(model._meta.get_field(column), models.DateTimeField)
    for old, new in machine.moves.items():
        assert old not in new, "staying is not moving"
    assert not machine.allows("nonsense", next(iter(machine.moves)))


def test_the_document_says_what_the_code_does() -> None:
    call_command("states", "--check")


def test_the_document_is_checked_to_the_letter(tmp_path: Any, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("states", "--check")
    call_command("states")
    call_command("states", "--check")
    page = tmp_path / "docs" / "states.md"
    page.write_text(page.read_text().replace("preparing", "prepared", 1))
    with pytest.raises(CommandError, match="out of date"):
        call_command("states", "--check")
