"""Reads of tickets: how one looks on the wire, what is open, what was bumped last, what there is to make in all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.http.renderers import dumps
from apps.core.problems import NotFound
from apps.kitchen.models import ItemStatus, Station, Ticket, TicketItem, TicketKind, TicketStatus
from apps.kitchen.models.ticket import OPEN
from apps.kitchen.queries.routes import Place

# More tickets than any wall of screens can show; a forgotten kitchen must not send megabytes on every connect.
MOST_OPEN = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a caller may look at: outlets (empty: all) and a station slug (empty: all)."""

    outlets: frozenset[UUID] = frozenset()
    station: str = ""

    def sees(self, ticket: dict[str, Any]) -> bool:
        """Whether a ticket on the wire belongs to this view."""
        if self.outlets and ticket.get("outlet_id") not in {str(outlet) for outlet in self.outlets}:
            return False
        return not self.station or (ticket.get("station") or {}).get("slug") == self.station

    def tickets(self) -> QuerySet[Ticket]:
        """The tickets of the view, with what `as_dict` needs: two statements however many rows."""
        rows = Ticket.objects.select_related("station").prefetch_related(
            Prefetch("items", queryset=TicketItem.objects.order_by("position", "id"))
        )
        if self.outlets:
            rows = rows.filter(outlet_id__in=self.outlets)
        return rows.filter(station__slug=self.station) if self.station else rows

    def stations(self) -> QuerySet[Station]:
        """The active stations of the view, first one first."""
        rows = Station.objects.filter(is_active=True).order_by("position", "created_at", "id")
        if self.outlets:
            rows = rows.filter(outlet_id__in=self.outlets)
        return rows.filter(slug=self.station) if self.station else rows


def as_dict(ticket: Ticket, items: Iterable[TicketItem], station: Station | Place) -> dict[str, Any]:
    """A ticket as API, facts and sockets show it."""
    return {
        "id": str(ticket.pk),
        "order_id": str(ticket.order_id),
        "outlet_id": str(ticket.outlet_id),
        "station": {"id": str(station.id), "slug": station.slug, "name": station.name},
        "kind": str(ticket.kind),
        "status": str(ticket.status),
        "revision": ticket.revision,
        "number": ticket.number,
        "service": ticket.service,
        "channel": ticket.channel,
        "customer": ticket.customer,
        "table": ticket.table,
        "notes": ticket.notes,
        **{name: _iso(getattr(ticket, name)) for name in MOMENTS},
        "items": [_item(item) for item in items],
    }


MOMENTS = (
    "scheduled_for", "fire_at", "due_at", "overdue_at", "queued_at", "started_at", "done_at", "bumped_at", "recalled_at",
    "voided_at", "ack_at",
)  # fmt: skip


def _item(item: TicketItem) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "order_item_id": str(item.order_item_id) if item.order_item_id else None,
        "name": item.name,
        "quantity": item.quantity,
        "cancelled_quantity": item.cancelled_quantity,
        "lines": item.lines,
        "notes": item.notes,
        "status": str(item.status),
        "started_at": _iso(item.started_at),
        "done_at": _iso(item.done_at),
        "remake_reason": item.remake_reason,
        "remake_of": str(item.remake_of_id) if item.remake_of_id else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def dicts(tickets: Iterable[Ticket]) -> list[dict[str, Any]]:
    """Tickets loaded by `View.tickets`, as on the wire."""
    return [as_dict(ticket, ticket.items.all(), ticket.station) for ticket in tickets]


def open_tickets(view: View) -> QuerySet[Ticket]:
    """What is on the screen, oldest first."""
    return view.tickets().filter(status__in=OPEN).order_by("fire_at", "id")


def bumped_tickets(view: View) -> QuerySet[Ticket]:
    """What was cleared, last one first: the recall list."""
    return (
        view.tickets().filter(status=TicketStatus.BUMPED).exclude(kind=TicketKind.CANCEL).order_by("-bumped_at", "-id")
    )


def all_tickets(view: View) -> QuerySet[Ticket]:
    """Every ticket there was, newest first."""
    return view.tickets().order_by("-queued_at", "-id")


def ticket_or_404(view: View, ticket_id: UUID) -> Ticket:
    """One ticket of the view, without its items. 404 `ticket_not_found` outside of it."""
    rows = view.tickets().prefetch_related(None)
    ticket = rows.filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound("ticket_not_found", _("There is no such ticket."))
    return ticket


def all_day(view: View) -> list[dict[str, Any]]:
    """How much of each thing is still to be made: `{name, lines, quantity, tickets}`, most first. One statement.

    Over all stations a line that several of them work on – assembly, then oven – is one thing to make, not two.
    """
    rows = TicketItem.objects.filter(
        ticket__status__in=[TicketStatus.QUEUED, TicketStatus.IN_PROGRESS],
        status__in=[ItemStatus.PENDING, ItemStatus.STARTED],
    ).exclude(ticket__kind=TicketKind.CANCEL)
    if view.outlets:
        rows = rows.filter(ticket__outlet_id__in=view.outlets)
    if view.station:
        rows = rows.filter(ticket__station__slug=view.station)
    totals: dict[str, _Total] = {}
    for item in rows.select_related("ticket").order_by("id"):
        lines = [row for row in item.lines if row.get("kind") != "combo"]  # a beer is a beer, also one of a combo
        total = totals.setdefault(dumps([item.name, lines]).decode(), _Total(name=item.name, lines=lines))
        total.add(item)
    shown = [total.as_dict() for total in totals.values()]
    return sorted(shown, key=lambda row: (-row["quantity"], row["name"]))


@dataclass(slots=True, kw_only=True)
class _Total:
    """One thing to make: units by line and station."""

    name: str
    lines: list[dict[str, Any]]
    units: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    tickets: set[UUID] = field(default_factory=set)

    def add(self, item: TicketItem) -> None:
        by_station = self.units.setdefault(item.order_item_id or item.pk, {})
        station_id = item.ticket.station_id
        by_station[station_id] = by_station.get(station_id, 0) + item.live_quantity
        self.tickets.add(item.ticket_id)

    def as_dict(self) -> dict[str, Any]:
        quantity = sum(max(by_station.values()) for by_station in self.units.values())
        return {"name": self.name, "lines": self.lines, "quantity": quantity, "tickets": len(self.tickets)}
