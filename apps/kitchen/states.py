"""The allowed moves of tickets and their items.

`queued → in_progress → done → bumped`; a recall or undo leads one step back. Items move without facts of their own: a ticket
fact carries all of them.
"""

from apps.events.states import Machine
from apps.kitchen import facts
from apps.kitchen.models import ItemStatus, TicketStatus

_FORWARD: dict[str, frozenset[str]] = {
    TicketStatus.QUEUED: frozenset({TicketStatus.IN_PROGRESS, TicketStatus.VOIDED}),
    TicketStatus.IN_PROGRESS: frozenset({TicketStatus.DONE, TicketStatus.VOIDED}),
    TicketStatus.DONE: frozenset({TicketStatus.BUMPED, TicketStatus.VOIDED}),
    TicketStatus.BUMPED: frozenset(),
    TicketStatus.VOIDED: frozenset(),
}
_BACK: dict[str, frozenset[str]] = {
    TicketStatus.IN_PROGRESS: frozenset({TicketStatus.QUEUED}),
    TicketStatus.DONE: frozenset({TicketStatus.IN_PROGRESS}),
    TicketStatus.BUMPED: frozenset({TicketStatus.IN_PROGRESS}),
}

FORWARD = Machine(
    subject="ticket",
    moves=_FORWARD,
    facts={
        TicketStatus.IN_PROGRESS: facts.TICKET_STARTED,
        TicketStatus.DONE: facts.TICKET_DONE,
        TicketStatus.BUMPED: facts.TICKET_BUMPED,
        TicketStatus.VOIDED: facts.TICKET_VOIDED,
    },
    stamps={
        TicketStatus.IN_PROGRESS: "started_at",
        TicketStatus.DONE: "done_at",
        TicketStatus.BUMPED: "bumped_at",
        TicketStatus.VOIDED: "voided_at",
    },
)
# Going back is a machine of its own, because arriving in `in_progress` from behind is another fact.
BACK = Machine(
    subject="ticket",
    moves=_BACK,
    facts={TicketStatus.QUEUED: facts.TICKET_UPDATED, TicketStatus.IN_PROGRESS: facts.TICKET_RECALLED},
    stamps={TicketStatus.IN_PROGRESS: "recalled_at"},
)
# A cancellation is not cooked: it is seen, and then gone.
SEEN = Machine(
    subject="ticket",
    moves={TicketStatus.QUEUED: frozenset({TicketStatus.BUMPED}), TicketStatus.BUMPED: frozenset()},
    facts={TicketStatus.BUMPED: facts.TICKET_ACKNOWLEDGED},
    stamps={TicketStatus.BUMPED: "ack_at"},
)
# The order has left without the screen being used: whatever was still open goes from it.
CLEARED = Machine(
    subject="ticket",
    moves={
        TicketStatus.QUEUED: frozenset({TicketStatus.BUMPED}),
        TicketStatus.IN_PROGRESS: frozenset({TicketStatus.BUMPED}),
        TicketStatus.DONE: frozenset({TicketStatus.BUMPED}),
    },
    facts={TicketStatus.BUMPED: facts.TICKET_BUMPED},
    stamps={TicketStatus.BUMPED: "bumped_at"},
)
ITEM = Machine(
    subject="ticket_item",
    moves={
        ItemStatus.PENDING: frozenset({ItemStatus.STARTED, ItemStatus.DONE, ItemStatus.CANCELLED}),
        ItemStatus.STARTED: frozenset({ItemStatus.PENDING, ItemStatus.DONE, ItemStatus.CANCELLED, ItemStatus.REMADE}),
        ItemStatus.DONE: frozenset({ItemStatus.STARTED, ItemStatus.PENDING, ItemStatus.CANCELLED, ItemStatus.REMADE}),
        ItemStatus.CANCELLED: frozenset(),
        ItemStatus.REMADE: frozenset(),
    },
    facts={},
    stamps={
        ItemStatus.STARTED: "started_at",
        ItemStatus.DONE: "done_at",
        ItemStatus.CANCELLED: "cancelled_at",
        ItemStatus.REMADE: "remade_at",
    },
)
