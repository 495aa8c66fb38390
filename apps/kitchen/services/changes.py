"""What happens in the kitchen when an order changes after it was sent: delta tickets, struck lines, voided tickets."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from apps.core.actors import Actor, system
from apps.core.clock import now
from apps.events import services as events
from apps.events.services import unit_of_work
from apps.kitchen.lines import parts_of, times
from apps.kitchen.models import ItemStatus, Ticket, TicketKind, TicketStatus
from apps.kitchen.models.ticket import OPEN
from apps.kitchen.queries import routes
from apps.kitchen.queries.routes import Place
from apps.kitchen.services import moves
from apps.kitchen.services.locks import Board, lock_board
from apps.kitchen.services.make import Gone, LineChange, draft, send, stations_of
from apps.kitchen.states import CLEARED, FORWARD
from apps.stores.models import Order, OrderItem
from apps.stores.queries import for_kitchen

BEGUN = (TicketStatus.IN_PROGRESS, TicketStatus.DONE)
Change = OrderItem | LineChange
Coming = dict[Place, list[LineChange]]
Going = dict[Place, list[Gone]]
# (station, part of a combo) → units still to be taken away
Left = dict[tuple[UUID, int | None], int]


def order_changed(order: Order, *, added: Iterable[Change] = (), removed: Iterable[Change] = (), actor: Actor) -> None:
    """Tell the kitchen that lines came or went after the order was confirmed.

    A bare `OrderItem` means all its units, `LineChange(item, quantity)` some. Call it in the transaction of the change and
    before a removed line is deleted. Per station this makes one delta: `add`, `cancel`, or `change` when there is both.
    Nothing happens for an order the kitchen does not have yet: its tickets are made from what it then is.
    """
    with unit_of_work():
        board = lock_board(order.pk)
        if not board.tickets:
            return
        version = board.order.store.catalog_version
        coming: Coming = stations_of(board.order, _changes(added), version=version, actor=actor)
        going: Going = {}
        for change in _changes(removed):
            _take_away(board, change, going, actor=actor)
        _send(board, coming=coming, going=going, actor=actor)
        moves.work_ended(board, actor=actor)


def lines_changed(*, order_id: UUID | str, added: Mapping[str, int], removed: Mapping[str, int], actor: Actor) -> None:
    """The same by ids, as a fact tells it: order item id → units. An id that is not of this order is left out."""
    found = for_kitchen.order_lines(order_id).filter(pk__in=[*added, *removed])
    lines = {str(line.pk): line for line in found}
    if not lines:
        return
    coming, going = (
        [LineChange(item=lines[line_id], quantity=units) for line_id, units in changes.items() if line_id in lines]
        for changes in (added, removed)
    )
    order_changed(next(iter(lines.values())).order, added=coming, removed=going, actor=actor)


def order_cancelled(*, order_id: UUID | str, actor: Actor) -> None:
    """Take a cancelled order off the screens: what nobody began is voided at once, what was begun becomes a `cancel`
    ticket that somebody has to acknowledge, so that no cook goes on with it – nor hands out what was cleared already and
    still stands in the house: an order that has left cannot be cancelled."""
    with unit_of_work():
        board, going = lock_board(UUID(str(order_id))), Going()
        for ticket in board.tickets:
            if ticket.kind == TicketKind.CANCEL or not (ticket.status in OPEN or _is_cooked(ticket)):
                continue
            live = moves.live_items(board, ticket)
            if live and (ticket.status in BEGUN or _is_cooked(ticket)):
                gone = [Gone(source=item, quantity=item.live_quantity) for item in live]
                going.setdefault(routes.place_of(ticket.station), []).extend(gone)
            moves.set_items(live, ItemStatus.CANCELLED, only=moves.LIVE)
            if ticket.status in OPEN:
                moves.move_ticket(FORWARD, board, ticket, TicketStatus.VOIDED, actor=actor)
            elif live:
                moves.touch_ticket(board, ticket, actor=actor)
        _send(board, coming={}, going=going, actor=actor)


def _is_cooked(ticket: Ticket) -> bool:
    """Cleared by a cook who had begun it, not because the order went on without the screen."""
    return ticket.status == TicketStatus.BUMPED and ticket.started_at is not None


def order_left(*, order_id: UUID | str) -> None:
    """Clear what is still open of an order that has gone out of the house (a store that moves orders without the screen)."""
    with unit_of_work():
        board = lock_board(UUID(str(order_id)))
        for ticket in board.tickets:
            if ticket.status in OPEN:
                moves.move_ticket(CLEARED, board, ticket, TicketStatus.BUMPED, actor=system("kitchen"))


def _wanted(change: LineChange, part: int | None) -> int:
    """The units of an item that a change of its line means: of a part as many as are in that many combos."""
    parts = parts_of(change.item.options) if part is not None else []
    return change.quantity * times(parts[part]) if part is not None and part < len(parts) else change.quantity


def _changes(changes: Iterable[Change]) -> list[LineChange]:
    return [
        change if isinstance(change, LineChange) else LineChange(item=change, quantity=change.quantity)
        for change in changes
    ]


def _send(board: Board, *, coming: Coming, going: Going, actor: Actor) -> None:
    moment, drafts = now(), []
    for place in {**going, **coming}:
        kind = _kind(is_coming=place in coming, is_going=place in going)
        drafts.append(draft(board.order, place, kind, moment, coming=coming.get(place, ()), going=going.get(place, ())))
    if drafts:
        send(drafts, actor=actor)
        board.tickets += [one.ticket for one in drafts]
        board.items |= {one.ticket.pk: one.items for one in drafts}


def _kind(*, is_coming: bool, is_going: bool) -> TicketKind:
    if is_coming and is_going:
        return TicketKind.CHANGE
    return TicketKind.ADD if is_coming else TicketKind.CANCEL


def _take_away(board: Board, change: LineChange, going: Going, *, actor: Actor) -> None:
    """Strike units of a line from the open tickets of every station that has it, and put into `going` what a cook must be
    told: not what stood on a ticket nobody had begun and that is now empty – that one is simply gone."""
    left: Left = {}
    for ticket in reversed(board.tickets):  # the latest delta first, the original last
        if ticket.status not in OPEN or ticket.kind == TicketKind.CANCEL:
            continue
        gone = _strike(board, ticket, change, left)
        if not gone:
            continue
        if ticket.status == TicketStatus.QUEUED and not moves.live_items(board, ticket):
            moves.move_ticket(FORWARD, board, ticket, TicketStatus.VOIDED, actor=actor)
        else:
            moves.touch_ticket(board, ticket, actor=actor)
            going.setdefault(routes.place_of(ticket.station), []).extend(gone)


def _strike(board: Board, ticket: Ticket, change: LineChange, left: Left) -> list[Gone]:
    """Take what is `left` to take of the line, or of each of a combo's parts, off one ticket; an item without units left is
    cancelled."""
    gone: list[Gone] = []
    for item in moves.live_items(board, ticket):
        if item.order_item_id != change.item.pk:
            continue
        key = (ticket.station_id, item.part)
        units = min(item.live_quantity, left.setdefault(key, _wanted(change, item.part)))
        if units <= 0:
            continue
        left[key] -= units
        item.cancelled_quantity += units
        if not item.live_quantity:
            item.status, item.cancelled_at = ItemStatus.CANCELLED, now()
        item.save(update_fields=["cancelled_quantity", "status", "cancelled_at"])
        gone.append(Gone(source=item, quantity=units))
    return gone


def forget_customer(*, customer_id: UUID) -> None:
    """The name of an erased customer is on no slip any more."""
    tickets = Ticket.objects.filter(order__customer_id=customer_id)
    events.shred(subject_type="ticket", subject_ids=[str(pk) for pk in tickets.values_list("pk", flat=True)])
    tickets.update(customer="")
