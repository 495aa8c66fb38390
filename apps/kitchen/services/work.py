"""What a cook does with a whole ticket: start, finish, clear, call back, acknowledge, undo.

Every step locks the order and its tickets first (`locks`), so two screens that tap the same ticket, or two stations that
finish the last item together, come one after the other: the second tap is a 409, and the order becomes ready once.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict
from apps.events.services import unit_of_work
from apps.kitchen import facts
from apps.kitchen.models import ItemStatus, Ticket, TicketKind, TicketStatus
from apps.kitchen.queries.tickets import View, ticket_or_404
from apps.kitchen.services import moves
from apps.kitchen.services.locks import Board, lock_board
from apps.kitchen.states import BACK, FORWARD, SEEN

Wire = dict[str, Any]


def locked(view: View, ticket_id: UUID) -> tuple[Board, Ticket]:
    """The ticket and the board it is on, locked. 404 outside of the caller's view."""
    board = lock_board(ticket_or_404(view, ticket_id).order_id)
    return board, board.ticket(ticket_id)


def start(*, ticket_id: UUID, view: View, actor: Actor) -> Wire:
    """Begin a queued ticket; the first start makes its order `preparing`. 409 when it is not queued."""
    with unit_of_work():
        board, ticket = locked(view, ticket_id)
        begin(board, ticket, actor=actor)
        return _wire(board, ticket)


def begin(board: Board, ticket: Ticket, *, actor: Actor, with_items: bool = True) -> None:
    """The start of a locked ticket, with or without starting all its items."""
    _refuse_cancellation(ticket)
    if with_items:
        moves.set_items(board.items_of(ticket), ItemStatus.STARTED, only=(ItemStatus.PENDING,))
    seen = {} if ticket.ack_at else {"ack_at": now()}
    moves.move_ticket(FORWARD, board, ticket, TicketStatus.IN_PROGRESS, actor=actor, changes=seen)
    moves.work_began(board, actor=actor)


def finish(*, ticket_id: UUID, view: View, actor: Actor, bump: bool = False) -> Wire:
    """Everything on a started ticket is made; with `bump` it also leaves the screen. The last one makes the order `ready`."""
    with unit_of_work():
        board, ticket = locked(view, ticket_id)
        _refuse_cancellation(ticket)
        complete(board, ticket, actor=actor)
        if bump:
            moves.move_ticket(FORWARD, board, ticket, TicketStatus.BUMPED, actor=actor)
        return _wire(board, ticket)


def complete(board: Board, ticket: Ticket, *, actor: Actor) -> None:
    """The end of a locked ticket: what was still open of it is done."""
    moves.set_items(board.items_of(ticket), ItemStatus.DONE, only=moves.WAITING)
    moves.move_ticket(FORWARD, board, ticket, TicketStatus.DONE, actor=actor)
    moves.work_ended(board, actor=actor)


def bump(*, ticket_id: UUID, view: View, actor: Actor) -> Wire:
    """Clear a done ticket from the screen."""
    with unit_of_work():
        board, ticket = locked(view, ticket_id)
        _refuse_cancellation(ticket)
        moves.move_ticket(FORWARD, board, ticket, TicketStatus.BUMPED, actor=actor)
        return _wire(board, ticket)


def recall(*, ticket_id: UUID, view: View, actor: Actor) -> Wire:
    """Bring a done or cleared ticket back as in progress, its items open again. The order keeps its status: the customer
    has already been told."""
    with unit_of_work():
        board, ticket = locked(view, ticket_id)
        _refuse_cancellation(ticket)
        if ticket.status not in (TicketStatus.DONE, TicketStatus.BUMPED):
            raise _illegal(ticket)
        moves.set_items(board.items_of(ticket), ItemStatus.STARTED, only=(ItemStatus.DONE,))
        moves.move_ticket(BACK, board, ticket, TicketStatus.IN_PROGRESS, actor=actor)
        return _wire(board, ticket)


def undo(*, ticket_id: UUID, view: View, actor: Actor) -> Wire:
    """Take the last step back: a start that was a slip of the thumb, or a finish. 409 for anything else."""
    with unit_of_work():
        board, ticket = locked(view, ticket_id)
        if ticket.status != TicketStatus.IN_PROGRESS:
            return recall(ticket_id=ticket_id, view=view, actor=actor)
        if any(item.status == ItemStatus.DONE for item in board.items_of(ticket)):
            raise _illegal(ticket)
        moves.set_items(board.items_of(ticket), ItemStatus.PENDING, only=(ItemStatus.STARTED,))
        moves.move_ticket(BACK, board, ticket, TicketStatus.QUEUED, actor=actor)
        return _wire(board, ticket)


def acknowledge(*, ticket_id: UUID, view: View, actor: Actor) -> Wire:
    """Somebody has seen it. A cancellation then leaves the screen; any other ticket only stops ringing. Twice is fine."""
    with unit_of_work():
        board, ticket = locked(view, ticket_id)
        if ticket.kind == TicketKind.CANCEL and ticket.status == TicketStatus.QUEUED:
            moves.move_ticket(SEEN, board, ticket, TicketStatus.BUMPED, actor=actor, changes={"bumped_at": now()})
        elif ticket.ack_at is None:
            moves.touch_ticket(board, ticket, actor=actor, fact=facts.TICKET_ACKNOWLEDGED, changes={"ack_at": now()})
        return _wire(board, ticket)


def _wire(board: Board, ticket: Ticket) -> Wire:
    payload: Wire = moves.payload_of(board, ticket)()["ticket"]
    return payload


def _refuse_cancellation(ticket: Ticket) -> None:
    if ticket.kind == TicketKind.CANCEL:
        raise Conflict("acknowledge_only", _("A cancellation is not cooked. Acknowledge it."))


def _illegal(ticket: Ticket) -> Conflict:
    return Conflict(
        "illegal_transition",
        _("This is not possible for a ticket that is “%(status)s”.") % {"status": ticket.get_status_display()},
    )
