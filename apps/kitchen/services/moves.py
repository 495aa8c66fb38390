"""The small steps every service of the kitchen is made of: move a ticket, move its items, tell the order, tell the log."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from apps.core.actors import Actor
from apps.core.clock import now
from apps.events.registry import Fact, Subject
from apps.events.services import record
from apps.events.states import Machine
from apps.kitchen import facts
from apps.kitchen.models import ItemStatus, Ticket, TicketItem, TicketKind, TicketStatus
from apps.kitchen.queries.tickets import as_dict
from apps.kitchen.services.locks import Board
from apps.kitchen.states import ITEM
from apps.stores.models import OrderStatus
from apps.stores.services import orders

Changes = Mapping[str, Any]

LIVE = (ItemStatus.PENDING, ItemStatus.STARTED, ItemStatus.DONE)
WAITING = (ItemStatus.PENDING, ItemStatus.STARTED)
UNSTARTED = (OrderStatus.CONFIRMED,)
UNREADY = (OrderStatus.CONFIRMED, OrderStatus.PREPARING)


def payload_of(board: Board, ticket: Ticket) -> Callable[[], dict[str, Any]]:
    """The payload of a fact about `ticket`, made when it is asked for, that is after the change."""
    return lambda: {"ticket": as_dict(ticket, board.items_of(ticket), ticket.station)}


def move_ticket(
    machine: Machine,
    board: Board,
    ticket: Ticket,
    to: str,
    *,
    actor: Actor,
    reason: str = "",
    changes: Changes | None = None,
) -> None:
    """Move a locked ticket and record it. Items must have been moved before, so that the fact shows them."""
    columns = {"revision": ticket.revision + 1, **(changes or {})}
    machine.move(ticket, to, actor=actor, payload=payload_of(board, ticket), reason=reason, changes=columns)


def touch_ticket(
    board: Board,
    ticket: Ticket,
    *,
    actor: Actor,
    fact: Fact = facts.TICKET_UPDATED,
    reason: str = "",
    changes: Changes | None = None,
) -> None:
    """Record a change of a ticket that keeps its status (its items moved, it was seen)."""
    columns = {"revision": ticket.revision + 1, **(changes or {})}
    for name, value in columns.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=columns)
    body = payload_of(board, ticket)() | {"reason": reason}
    record(fact, subject=Subject(type="ticket", id=ticket.pk), actor=actor, payload=body)


def set_items(items: Iterable[TicketItem], to: ItemStatus, *, only: Collection[str]) -> None:
    """Move all items whose status is in `only` with one statement. Their ticket is locked, so nobody can come between."""
    moving = [item for item in items if item.status in only and ITEM.allows(item.status, to)]
    if not moving:
        return
    moment, stamp = now(), ITEM.stamps.get(to)
    values: dict[str, Any] = {"status": to} | ({stamp: moment} if stamp else {})
    TicketItem.objects.filter(pk__in=[item.pk for item in moving]).update(**values)
    for item in moving:
        for name, value in values.items():
            setattr(item, name, value)


def work_began(board: Board, *, actor: Actor) -> None:
    """The first start of any ticket makes the order `preparing`."""
    if board.order.status in UNSTARTED:
        _move_order(board, OrderStatus.PREPARING, actor)


def work_ended(board: Board, *, actor: Actor) -> None:
    """The last live item of all tickets makes the order `ready`. The board is locked, so only one caller sees it first."""
    if board.order.status in UNREADY and everything_done(board):
        work_began(board, actor=actor)
        _move_order(board, OrderStatus.READY, actor)


def _move_order(board: Board, to: OrderStatus, actor: Actor) -> None:
    orders.move_order(order_id=board.order.pk, to=to, actor=actor, reason="")
    board.order.status = to


def everything_done(board: Board) -> bool:
    """Whether all live items of all tickets are done, and there is at least one."""
    counted = [
        item
        for ticket in board.tickets
        if ticket.status != TicketStatus.VOIDED and ticket.kind != TicketKind.CANCEL
        for item in board.items_of(ticket)
        if item.status in LIVE
    ]
    return bool(counted) and all(item.status == ItemStatus.DONE for item in counted)


def live_items(board: Board, ticket: Ticket) -> list[TicketItem]:
    """The items of a ticket that are still wanted."""
    return [item for item in board.items_of(ticket) if item.status in LIVE]
