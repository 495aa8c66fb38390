"""The facts of the kitchen. Each carries the whole ticket, items included, so that a screen never has to ask back."""

from typing import Any, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class TicketFact(TypedDict, total=False):
    """`ticket` has the shape of `queries.tickets.as_dict`; `from`, `to` and `reason` come with a move."""

    ticket: dict[str, Any]
    reason: str


# Paths inside the payload that erasure blanks: who ordered, and what was written by hand.
PERSONAL = ("ticket.customer", "ticket.notes", "ticket.items.notes")


def _ticket(name: str, title: str | Promise) -> Fact:
    return define(Fact(name=f"ticket.{name}", title=title, payload=TicketFact, personal=PERSONAL))


TICKET_CREATED = _ticket("created", _("Sent to the kitchen"))
TICKET_STARTED = _ticket("started", _("Kitchen started"))
TICKET_UPDATED = _ticket("updated", _("Kitchen moved on"))
TICKET_DONE = _ticket("done", _("Kitchen finished"))
TICKET_BUMPED = _ticket("bumped", _("Cleared from the screen"))
TICKET_RECALLED = _ticket("recalled", _("Called back to the screen"))
TICKET_VOIDED = _ticket("voided", _("Taken off the screen"))
TICKET_ACKNOWLEDGED = _ticket("acknowledged", _("Cancellation seen by the kitchen"))
