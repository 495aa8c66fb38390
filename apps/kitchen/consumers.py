"""The socket of a kitchen screen: the open tickets at the start, then every ticket as it changes."""

from typing import Any

from django.db.models import Q

from apps.core.clock import now
from apps.core.problems import Problem, Unauthenticated
from apps.core.scope import scope
from apps.events.live.consumer import BAD_TOKEN, NOT_YOURS, LogConsumer, Turned, Visitor
from apps.events.models import Event
from apps.kitchen.queries import tickets
from apps.kitchen.queries.tickets import View
from apps.stores.permissions import Perm
from apps.stores.queries import principals
from apps.stores.queries.principals import Pass


class KitchenConsumer(LogConsumer):
    """`/ws/stores/<slug>/kitchen/[<station>/]`. Facts carry whole tickets, so a frame never asks the database."""

    leave: Pass
    view: View

    def admit(self, token: str) -> Visitor:
        """Kitchen staff and paired screens; a screen bound to a station sees no other."""
        arguments = self.scope["url_route"]["kwargs"]
        try:
            self.leave = principals.let_in(token, store=arguments["store"], needed=Perm.KITCHEN_VIEW)
        except Unauthenticated as error:
            raise Turned(BAD_TOKEN) from error
        except Problem as error:
            raise Turned(NOT_YOURS) from error
        wanted = arguments.get("station", "")
        if wanted and self.leave.station not in ("", wanted):
            raise Turned(NOT_YOURS)
        self.view = View(outlets=self.leave.access.outlets, station=wanted or self.leave.station)
        return Visitor(store_id=self.leave.store.id, who=self.leave.access.actor.id, rights=self.view)

    def greeting(self) -> dict[str, Any]:
        """The server's clock, by which ages are counted: a tablet's own is often wrong."""
        return {"store": self.leave.store.slug, "station": self.view.station, "now": now()}

    def snapshot(self) -> list[dict[str, Any]]:
        """Everything that is open."""
        with scope(self.leave.store.id):
            shown = tickets.open_tickets(self.view)[: tickets.MOST_OPEN]
            return [{"type": "snapshot", "tickets": tickets.dicts(shown), "now": now()}]

    def concerning(self) -> Q:
        """Tickets."""
        return Q(subject_type="ticket")

    def frame(self, event: Event) -> dict[str, Any] | None:
        """Facts about tickets of this view."""
        ticket = event.payload.get("ticket") if event.subject_type == "ticket" else None
        if not ticket or not self.view.sees(ticket):
            return None
        return {"type": event.name, "ticket": ticket}

    def must_leave(self, event: Event) -> bool:
        """Whether the visitor has just lost the right to look."""
        return self.leave.is_ended_by(event.name, event.payload)
