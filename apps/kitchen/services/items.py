"""What a cook does with one item of a ticket: start it, cross it off, take that back, make it again."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict, NotFound
from apps.events.services import unit_of_work
from apps.kitchen.models import ItemStatus, Ticket, TicketItem, TicketStatus
from apps.kitchen.queries.tickets import View
from apps.kitchen.services import moves, work
from apps.kitchen.services.locks import Board
from apps.kitchen.services.work import Wire
from apps.kitchen.states import BACK, ITEM

AT_WORK = (TicketStatus.QUEUED, TicketStatus.IN_PROGRESS)
FINISHED = (TicketStatus.DONE, TicketStatus.BUMPED)


def start(*, ticket_id: UUID, item_id: UUID, view: View, actor: Actor) -> Wire:
    """Begin one item; the first one begins the ticket."""
    with unit_of_work():
        board, ticket, item = _locked(view, ticket_id, item_id)
        _require(ticket, AT_WORK)
        ITEM.move(item, ItemStatus.STARTED, actor=actor)
        _tell_progress(board, ticket, actor=actor)
        return _wire(board, ticket)


def finish(*, ticket_id: UUID, item_id: UUID, view: View, actor: Actor) -> Wire:
    """Cross one item off; the last one finishes the ticket, and with it maybe the order."""
    with unit_of_work():
        board, ticket, item = _locked(view, ticket_id, item_id)
        _require(ticket, AT_WORK)
        ITEM.move(item, ItemStatus.DONE, actor=actor)
        is_last = all(live.status == ItemStatus.DONE for live in moves.live_items(board, ticket))
        if not is_last or ticket.status == TicketStatus.QUEUED:
            _tell_progress(board, ticket, actor=actor)
        if is_last:
            work.complete(board, ticket, actor=actor)
        return _wire(board, ticket)


def undo(*, ticket_id: UUID, item_id: UUID, view: View, actor: Actor) -> Wire:
    """Take one item a step back; a ticket that was finished is in progress again."""
    with unit_of_work():
        board, ticket, item = _locked(view, ticket_id, item_id)
        _require(ticket, (TicketStatus.IN_PROGRESS, *FINISHED))
        was_started = item.status == ItemStatus.DONE and item.started_at is not None
        ITEM.move(item, ItemStatus.STARTED if was_started else ItemStatus.PENDING, actor=actor)
        _reopen_or_tell(board, ticket, actor=actor)
        return _wire(board, ticket)


def remake(*, ticket_id: UUID, item_id: UUID, view: View, actor: Actor, reason: str) -> Wire:
    """It fell, it burnt, it came back: the item is kept as `remade` with the reason, and a fresh twin is to be made."""
    with unit_of_work():
        board, ticket, item = _locked(view, ticket_id, item_id)
        _require(ticket, (TicketStatus.IN_PROGRESS, *FINISHED))
        ITEM.move(item, ItemStatus.REMADE, actor=actor, changes={"remake_reason": reason})
        board.items_of(ticket).append(_twin(item))
        _reopen_or_tell(board, ticket, actor=actor, reason=reason)
        return _wire(board, ticket)


def _twin(item: TicketItem) -> TicketItem:
    return TicketItem.objects.create(
        store_id=item.store_id,
        ticket_id=item.ticket_id,
        order_item_id=item.order_item_id,
        part=item.part,
        position=item.position,
        name=item.name,
        quantity=item.live_quantity,
        lines=item.lines,
        notes=item.notes,
        remake_of=item,
    )


def _locked(view: View, ticket_id: UUID, item_id: UUID) -> tuple[Board, Ticket, TicketItem]:
    board, ticket = work.locked(view, ticket_id)
    for item in board.items_of(ticket):
        if item.pk == item_id:
            return board, ticket, item
    raise NotFound("item_not_found", _("There is no such item on this ticket."))


def _require(ticket: Ticket, statuses: tuple[TicketStatus, ...]) -> None:
    if ticket.status not in statuses:
        raise Conflict(
            "illegal_transition",
            _("This is not possible for a ticket that is “%(status)s”.") % {"status": ticket.get_status_display()},
        )


def _tell_progress(board: Board, ticket: Ticket, *, actor: Actor) -> None:
    """Either the item began its ticket, or the ticket was under way and only its items changed."""
    if ticket.status == TicketStatus.QUEUED:
        work.begin(board, ticket, actor=actor, with_items=False)
    else:
        moves.touch_ticket(board, ticket, actor=actor)


def _reopen_or_tell(board: Board, ticket: Ticket, *, actor: Actor, reason: str = "") -> None:
    if ticket.status in FINISHED:
        moves.move_ticket(BACK, board, ticket, TicketStatus.IN_PROGRESS, actor=actor, reason=reason)
    else:
        moves.touch_ticket(board, ticket, actor=actor, reason=reason)


def _wire(board: Board, ticket: Ticket) -> dict[str, Any]:
    payload: Wire = moves.payload_of(board, ticket)()["ticket"]
    return payload
