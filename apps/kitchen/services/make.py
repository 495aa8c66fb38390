"""New tickets: those of an order that was just confirmed, and the rows any ticket consists of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Exists, OuterRef

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.ids import parse_uuid
from apps.core.inserting import insert_together
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.kitchen import facts
from apps.kitchen.lines import part_rows, part_title, parts_of, rows, times, title
from apps.kitchen.models import ItemStatus, Ticket, TicketItem, TicketKind
from apps.kitchen.queries import routes
from apps.kitchen.queries.routes import Place, Table
from apps.kitchen.queries.tickets import as_dict
from apps.kitchen.services.stations import first_station
from apps.stores.models import Order, OrderItem, Service
from apps.stores.queries import for_kitchen
from apps.stores.queries.for_kitchen import Placing


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """So many units of an order's line came or went – of the whole line, or (`part`) of one part of a combo's snapshot."""

    item: OrderItem
    quantity: int
    part: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """So many units of something a station has are not wanted any more."""

    source: TicketItem
    quantity: int


@dataclass(slots=True, kw_only=True)
class Draft:
    """A ticket that is not written yet, with its items and where it goes."""

    place: Place
    ticket: Ticket
    items: list[TicketItem]


def tickets_for_order(*, order_id: UUID | str, actor: Actor, fresh: Placing | None = None) -> None:
    """Make the `new` tickets of an order, one per station. Two statements, two more the first time after a menu change.

    `fresh` is the order as just placed, with nothing sent yet; without it the lines are read.
    A digital order (vouchers) needs no kitchen. Idempotent: an order that has its tickets gets no more, and the unique
    constraint on (order, station) holds for callers that race. Runs in the transaction that confirms the order.
    """
    lines = fresh.lines if fresh else _unsent(order_id)
    if not lines or lines[0].order.service == Service.DIGITAL:
        return
    order, moment = lines[0].order, now()
    store = fresh.store if fresh else order.store
    by_place = stations_of(order, whole(lines), version=store.catalog_version, actor=actor)
    drafts = [draft(order, place, TicketKind.NEW, moment, coming=mine) for place, mine in by_place.items()]
    send(drafts, actor=actor)


def _unsent(order_id: UUID | str) -> Sequence[OrderItem]:
    """The lines of an order that has no tickets yet; none if it has."""
    made = Ticket.objects.filter(order=OuterRef("order_id"), kind=TicketKind.NEW)
    lines = list(for_kitchen.order_lines(order_id).annotate(is_sent=Exists(made)))
    return [] if lines and lines[0].is_sent else lines


def whole(lines: Iterable[OrderItem]) -> list[LineChange]:
    """Lines with all their units."""
    return [LineChange(item=line, quantity=line.quantity) for line in lines]


def stations_of(
    order: Order, changes: Iterable[LineChange], *, version: int, actor: Actor
) -> dict[Place, list[LineChange]]:
    """What each station makes of the lines, by the menu's `version`. Something routed to several is on each of them; of a
    combo every part goes where its own product or category leads, and else where the combo's does."""
    table = routes.table(version)
    chosen: dict[Place, list[LineChange]] = {}
    for change in chain.from_iterable(_portions(change) for change in changes):
        places = _places(table, order, change)
        for place in places or (first_station(order=order, actor=actor),):
            chosen.setdefault(place, []).append(change)
    return chosen


def _portions(change: LineChange) -> list[LineChange]:
    """The change of a line, or of a combo one for each of its parts."""
    parts = parts_of(change.item.options) if change.part is None else []
    return [replace(change, part=number) for number in range(len(parts))] or [change]


def _places(table: Table, order: Order, change: LineChange) -> tuple[Place, ...]:
    line = change.item
    if change.part is None:
        return table.places_for(
            outlet_id=order.outlet_id, product_id=line.product_id, category_id=line.category_id_at_sale
        )
    part = parts_of(line.options)[change.part]
    return table.places_for(
        outlet_id=order.outlet_id,
        product_id=parse_uuid(str(part["product"])),
        category_id=parse_uuid(str(part.get("category") or "")),
        combo_category_id=line.category_id_at_sale,
    )


def draft(
    order: Order,
    place: Place,
    kind: TicketKind,
    moment: datetime,
    *,
    coming: Sequence[LineChange] = (),
    going: Sequence[Gone] = (),
) -> Draft:
    """A ticket for `place` with what is to be made (`coming`) and what is not wanted any more (`going`)."""
    fire_at, due_at, overdue_at = place.deadlines(moment, order.scheduled_for)
    ticket = Ticket(
        store_id=order.store_id,
        order_id=order.pk,
        station_id=place.id,
        outlet_id=order.outlet_id,
        kind=kind,
        number=order.display_number,
        service=order.service,
        channel=order.channel,
        customer=order.customer_name,
        table=order.table_label,
        notes=order.notes,
        scheduled_for=order.scheduled_for,
        fire_at=fire_at,
        due_at=due_at,
        overdue_at=overdue_at,
        queued_at=moment,
    )
    items = [_struck(ticket, gone, moment) for gone in going] + [_wanted(ticket, change) for change in coming]
    for position, item in enumerate(items):
        item.position = position
    return Draft(place=place, ticket=ticket, items=items)


def _wanted(ticket: Ticket, change: LineChange) -> TicketItem:
    line = change.item
    if change.part is not None:
        return _wanted_part(ticket, change, change.part)
    return TicketItem(
        store_id=ticket.store_id,
        ticket=ticket,
        order_item_id=line.pk,
        name=title(product=line.product_name, variant=line.variant_name, chosen=line.options)[:300],
        quantity=change.quantity,
        lines=rows(line.options),
        notes=line.notes,
    )


def _wanted_part(ticket: Ticket, change: LineChange, number: int) -> TicketItem:
    line = change.item
    part = parts_of(line.options)[number]
    return TicketItem(
        store_id=ticket.store_id,
        ticket=ticket,
        order_item_id=line.pk,
        part=number,
        name=part_title(part)[:300],
        quantity=change.quantity * times(part),
        lines=part_rows(part, combo=line.product_name),
        notes=line.notes,
    )


def _struck(ticket: Ticket, gone: Gone, moment: datetime) -> TicketItem:
    source = gone.source
    return TicketItem(
        store_id=ticket.store_id,
        ticket=ticket,
        order_item_id=source.order_item_id,
        part=source.part,
        name=source.name,
        quantity=gone.quantity,
        cancelled_quantity=gone.quantity,
        status=ItemStatus.CANCELLED,
        cancelled_at=moment,
        lines=source.lines,
        notes=source.notes,
    )


def send(drafts: Sequence[Draft], *, actor: Actor) -> None:
    """Write the drafts and record them: one statement for all."""
    with unit_of_work():
        insert_together([one.ticket for one in drafts], [item for one in drafts for item in one.items])
        for one in drafts:
            body = {"ticket": as_dict(one.ticket, one.items, one.place)}
            record(facts.TICKET_CREATED, subject=Subject(type="ticket", id=one.ticket.pk), actor=actor, payload=body)
