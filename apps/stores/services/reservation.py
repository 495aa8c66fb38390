"""Stock of orders: taken by one conditional update when placing, turned into a sale when confirmed, given back once.

The update locks the levels in id order (two orders never wait for each other in a circle), changes only those
that have enough, and whoever gets fewer rows than asked for has lost: the whole order rolls back. The ledger
remembers per order what was taken, so giving back needs nobody's word for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.events.registry import Subject
from apps.events.services import record
from apps.stores import facts
from apps.stores.models import Order, StockLevel, StockMove, StockReason
from apps.stores.pricing.stock import StockDemand
from apps.stores.services.catalog_changes import catalog_changed

TAKE = """
UPDATE store_stock_levels AS level SET
    on_hand = level.on_hand - CASE WHEN %(sell)s THEN wanted.quantity ELSE 0 END,
    reserved = level.reserved + CASE WHEN %(sell)s THEN 0 ELSE wanted.quantity END,
    updated_at = now()
FROM (
    SELECT locked.id, asked.quantity
    FROM unnest(%(targets)s::uuid[], %(quantities)s::int[]) AS asked (target, quantity)
    JOIN (SELECT id, COALESCE(product_id, variant_id, option_id) AS target FROM store_stock_levels
          WHERE store_id = %(store)s AND COALESCE(product_id, variant_id, option_id) = ANY(%(targets)s)
            AND (outlet_id = %(outlet)s OR outlet_id IS NULL AND NOT EXISTS (
                SELECT FROM store_stock_levels AS own WHERE own.store_id = %(store)s AND own.outlet_id = %(outlet)s
                AND COALESCE(own.product_id, own.variant_id, own.option_id)
                    = COALESCE(store_stock_levels.product_id, store_stock_levels.variant_id, store_stock_levels.option_id)))
          ORDER BY id FOR UPDATE) AS locked ON locked.target = asked.target) AS wanted
WHERE level.id = wanted.id AND level.on_hand - level.reserved >= wanted.quantity
RETURNING level.id, COALESCE(level.product_id, level.variant_id, level.option_id), wanted.quantity,
    level.on_hand - level.reserved, level.low_threshold
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    level_id: UUID
    target: UUID
    quantity: int
    left: int
    low: int

    @property
    def matters_to_customers(self) -> bool:
        """Few left, or none: the menu shows it."""
        return self.left <= self.low


def reserve(*, order: Order, demands: Sequence[StockDemand], sell: bool, actor: Actor) -> list[StockMove]:
    """Reserve (or sell at once) what an order needs. Raises 409 `out_of_stock` with what is left of each.

    Returns the ledger rows, to be written together with the order.
    """
    if not demands:
        return []
    taken = _take(demands, sell, order.outlet_id)
    if len(taken) < len(demands):
        raise _shortage(demands, {row.target for row in taken}, order.outlet_id)
    _tell(taken, actor)
    return [_move(order, row, sell, actor) for row in taken]


def _take(demands: Sequence[StockDemand], sell: bool, outlet_id: UUID) -> list[_Taken]:
    values: dict[str, Any] = {
        "outlet": outlet_id,
        "sell": sell,
        "store": current_store_id(),
        "targets": [UUID(row.id) for row in demands],
        "quantities": [row.quantity for row in demands],
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return [
            _Taken(level_id=row[0], target=row[1], quantity=row[2], left=row[3], low=row[4])
            for row in cursor.fetchall()
        ]


def _shortage(demands: Sequence[StockDemand], served: set[UUID], outlet_id: UUID) -> Conflict:
    short = [row for row in demands if UUID(row.id) not in served]
    ids = [UUID(row.id) for row in short]
    asked = StockLevel.objects.filter(Q(product_id__in=ids) | Q(variant_id__in=ids) | Q(option_id__in=ids))
    here = asked.filter(Q(outlet_id=outlet_id) | Q(outlet_id=None)).select_related(
        "product", "variant__product", "option"
    )
    levels = {
        level.product_id or level.variant_id or level.option_id: level
        for level in here.order_by(F("outlet_id").asc(nulls_first=True))  # the outlet's own has the last word
    }
    rows = []
    for row in short:
        level = levels.get(UUID(row.id))
        left = level.on_hand - level.reserved if level else 0
        rows.append({"id": row.id, "name": _name(level), "wanted": row.quantity, "available": left})
    names = ", ".join(str(row["name"]) for row in rows)
    return Conflict("out_of_stock", _("Not enough left: %(names)s.") % {"names": names}, unavailable=rows)


def _name(level: StockLevel | None) -> str:
    if level is None:
        return "?"
    if level.variant is not None:
        return f"{level.variant.product.name} – {level.variant.name}"
    return str(level.product or level.option)


def _move(order: Order, row: _Taken, sell: bool, actor: Actor) -> StockMove:
    return StockMove(
        store_id=order.store_id,
        level_id=row.level_id,
        order=order,
        on_hand_delta=-row.quantity if sell else 0,
        reserved_delta=0 if sell else row.quantity,
        reason=StockReason.SOLD if sell else StockReason.RESERVED,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )


def _tell(taken: Iterable[_Taken], actor: Actor) -> None:
    low = [row for row in taken if row.matters_to_customers]
    news = {row.level_id: row.left for row in low if row.left + row.quantity > row.low or row.left == 0}
    if news:  # something has just become few, or none
        rows = (
            StockLevel.objects.select_related("product", "variant__product", "option")
            .filter(pk__in=news)
            .order_by("pk")
        )
        for level in rows:
            _low_stock(level, news[level.pk], actor)
    if low:
        catalog_changed(actor=actor)


def _low_stock(level: StockLevel, left: int, actor: Actor) -> None:
    product = level.product or (level.variant.product if level.variant else None)
    payload = {"product_id": str(product.pk) if product else None, "name": _name(level), "available": left}
    subject = Subject(
        type="product" if product else "option", id=product.pk if product else level.option_id or level.pk
    )
    record(facts.PRODUCT_LOW_STOCK, subject=subject, payload=payload, actor=actor)


def settle(*, order: Order, actor: Actor) -> None:
    """The order is confirmed: what it reserved is sold."""
    _apply(order, actor, StockReason.SOLD, lambda on_hand, reserved: (-reserved, -reserved))


def give_back(*, order: Order, actor: Actor) -> None:
    """The order is cancelled: undo whatever the ledger says it holds. A second call finds nothing to undo."""
    _apply(order, actor, StockReason.RETURNED, lambda on_hand, reserved: (-on_hand, -reserved))


def return_some(*, order: Order, demands: Sequence[StockDemand], actor: Actor) -> None:
    """Give back part of what an order took: sold units come back on hand, reserved ones are free again."""
    wanted = {UUID(row.id): row.quantity for row in demands}
    held = (
        StockMove.objects.filter(order=order)
        .values("level_id")
        .annotate(on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta"))
    )
    sums = {row["level_id"]: (row["on_hand"], row["reserved"]) for row in held}
    levels = list(StockLevel.objects.select_for_update(of=("self",)).filter(pk__in=sums).order_by("pk"))
    moves = []
    for level in levels:
        target = level.product_id or level.variant_id or level.option_id
        sold, reserved = sums[level.pk]
        units = min(wanted.get(target, 0) if target else 0, -sold + reserved)
        free = min(units, reserved)
        if units <= 0:
            continue
        level.on_hand, level.reserved = level.on_hand + units - free, level.reserved - free
        moves.append(_undo(order, level.pk, (units - free, -free), StockReason.RETURNED, actor))
    if moves:
        StockLevel.objects.bulk_update(levels, ["on_hand", "reserved"])
        StockMove.objects.bulk_create(moves)
        catalog_changed(actor=actor)


def _apply(order: Order, actor: Actor, reason: str, change: Callable[[int, int], tuple[int, int]]) -> None:
    held = (
        StockMove.objects.filter(order=order)
        .values("level_id")
        .annotate(on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta"))
    )
    changes = {row["level_id"]: change(row["on_hand"], row["reserved"]) for row in held}
    changes = {level_id: deltas for level_id, deltas in changes.items() if deltas != (0, 0)}
    if not changes:
        return
    levels = list(StockLevel.objects.select_for_update().filter(pk__in=changes).order_by("pk"))
    crossed = False
    for level in levels:
        on_hand, reserved = changes[level.pk]
        was = level.on_hand - level.reserved
        level.on_hand, level.reserved = level.on_hand + on_hand, level.reserved + reserved
        crossed |= was <= level.low_threshold and on_hand != reserved
    StockLevel.objects.bulk_update(levels, ["on_hand", "reserved"])
    StockMove.objects.bulk_create(
        [_undo(order, level_id, deltas, reason, actor) for level_id, deltas in changes.items()]
    )
    if crossed:
        catalog_changed(actor=actor)


def _undo(order: Order, level_id: UUID, deltas: tuple[int, int], reason: str, actor: Actor) -> StockMove:
    return StockMove(
        store_id=order.store_id,
        level_id=level_id,
        order=order,
        on_hand_delta=deltas[0],
        reserved_delta=deltas[1],
        reason=reason,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
