"""The kitchen's say before an order is `ready`: where its screen is used, everything on the order's tickets is done.

A house that does not use the screen moves its orders on the board, and its untouched tickets go with them. One that does
is believed over the board – unless a manager says why; then what was still open is cleared, so that no ticket of an order
the customer was told is ready stays with the cooks.
"""

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.kitchen.models import Ticket, TicketItem, TicketKind, TicketStatus
from apps.kitchen.models.ticket import OPEN
from apps.kitchen.queries.use import is_used
from apps.kitchen.services import moves
from apps.kitchen.services.locks import lock_board
from apps.kitchen.states import CLEARED
from apps.stores.models import Order, OrderStatus
from apps.stores.services.order_guards import Step, guards

UNMADE = (TicketStatus.QUEUED, TicketStatus.IN_PROGRESS)


@guards(OrderStatus.READY)
def everything_is_made(step: Step) -> None:
    """409 `kitchen_not_done` with the `tickets` that are waited for, where the screen is used and nobody overrides it."""
    waiting = TicketItem.objects.filter(
        ticket__order_id=step.order.pk, ticket__status__in=OPEN, status__in=moves.WAITING
    ).exclude(ticket__kind=TicketKind.CANCEL)
    if not waiting.exists():
        return
    if not step.is_overridden and is_used(step.order):
        raise _not_done(step.order)
    _clear(step.order, actor=step.actor, reason=step.reason)


def _not_done(order: Order) -> Conflict:
    rows = Ticket.objects.filter(order_id=order.pk, status__in=UNMADE).exclude(kind=TicketKind.CANCEL)
    shown = [
        {"id": str(ticket.pk), "number": ticket.number, "station": ticket.station.name, "status": ticket.status}
        for ticket in rows.select_related("station").order_by("id")
    ]
    text = _("The kitchen is not done with this order. A manager can say why it is ready all the same.")
    return Conflict("kitchen_not_done", text, tickets=shown)


def _clear(order: Order, *, actor: Actor, reason: str) -> None:
    board = lock_board(order.pk)
    for ticket in board.tickets:
        if ticket.status in UNMADE and ticket.kind != TicketKind.CANCEL:
            moves.move_ticket(CLEARED, board, ticket, TicketStatus.BUMPED, actor=actor, reason=reason)
