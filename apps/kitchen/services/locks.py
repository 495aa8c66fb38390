"""The locks of the kitchen, in one order for everybody: first the order, then its tickets by id.

Whoever moves an order (the till, the customer, an expiry) holds the order's row before it touches tickets, so we take it
first as well. With both locks held, "is everything done?" has one answer for two cooks who finish at the same moment.
"""

from dataclasses import dataclass, field
from uuid import UUID

from apps.kitchen.models import Ticket, TicketItem
from apps.stores.models import Order
from apps.stores.services import orders


@dataclass(slots=True, kw_only=True)
class Board:
    """An order and everything the kitchen has of it, locked."""

    order: Order
    tickets: list[Ticket]
    items: dict[UUID, list[TicketItem]] = field(default_factory=dict)

    def ticket(self, ticket_id: UUID) -> Ticket:
        """One of the tickets; they are never deleted, so it is there."""
        return {ticket.pk: ticket for ticket in self.tickets}[ticket_id]

    def items_of(self, ticket: Ticket) -> list[TicketItem]:
        """The items of one of the tickets, in order."""
        return self.items.get(ticket.pk, [])


def lock_board(order_id: UUID) -> Board:
    """Lock the order and its tickets until the transaction ends and load the items. Three statements."""
    order = orders.lock_order(order_id)
    tickets = list(
        Ticket.objects.select_for_update(of=("self",))
        .select_related("station")
        .filter(order_id=order_id)
        .order_by("id")
    )
    board = Board(order=order, tickets=tickets)
    for item in TicketItem.objects.filter(ticket__order_id=order_id).order_by("position", "id"):
        board.items.setdefault(item.ticket_id, []).append(item)
    return board
