"""Changing the lines of a placed order: more, fewer, others, at another price – with the stock they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import local, now
from apps.core.ids import parse_uuid
from apps.core.money import round_money
from apps.core.problems import Invalid, NotFound, Refused
from apps.stores.models import Order, OrderItem, OrderStatus, StockMove, Store
from apps.stores.models.cart import MAX_QUANTITY
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.stock import StockDemand, StockKind, merge_demands
from apps.stores.pricing.totals import price_intents
from apps.stores.queries.bundle import Bundle
from apps.stores.services import reservation
from apps.stores.services.carts import refuse
from apps.stores.services.order_lines import items_of
from apps.stores.services.wire import read_line

Op = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Edit:
    """The lines as they then are, and what has to be told of the change. Rows that go are deleted after it was told."""

    items: list[OrderItem]
    fresh: list[OrderItem] = field(default_factory=list)
    gone: list[OrderItem] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    prices: list[dict[str, Any]] = field(default_factory=list)

    def save_kept(self) -> None:
        """Write the lines that stay and the new ones."""
        OrderItem.objects.bulk_create(self.fresh)
        kept = [item for item in self.items if item not in self.fresh]
        OrderItem.objects.bulk_update(kept, ["quantity", "unit_price", "total", "off", "demands"])

    def delete_gone(self) -> None:
        """Delete the lines that are no more."""
        OrderItem.objects.filter(pk__in=[item.pk for item in self.gone]).delete()


def edit(order: Order, items: list[OrderItem], ops: Sequence[Op], menu: Bundle, store: Store, *, actor: Actor) -> Edit:
    """Apply the operations in their order. Writes no line yet, but takes and returns stock.

    Raises 404 `line_not_found`, 409 `out_of_stock`, 422 `order_empty` or the code of a line that cannot be sold.
    """
    made = Edit(items=list(items))
    for index, row in enumerate(ops):
        _apply(made, order, row, f"item_ops.{index}", menu, store, actor)
    if ops and not made.items:
        raise Refused("order_empty", _("Nothing would be left. Cancel the order instead."))
    return made


def _apply(made: Edit, order: Order, row: Op, path: str, menu: Bundle, store: Store, actor: Actor) -> None:
    if row["op"] == "add":
        _add(made, order, row, menu, store, actor)
        return
    item = next((item for item in made.items if item.pk == parse_uuid(str(row.get("item_id") or ""))), None)
    if item is None:
        raise NotFound("line_not_found", _("This line is not in the order."))
    if row["op"] == "price":
        _price(made, item, row, path, store)
        return
    wanted = 0 if row["op"] == "remove" else row.get("quantity")
    if type(wanted) is not int or not (row["op"] == "remove" or 1 <= wanted <= MAX_QUANTITY):
        text = _("The quantity has to be a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}
        raise Refused("quantity_invalid", text, errors={f"{path}.quantity": [text]})
    _resize(made, order, item, wanted, actor)


def _price(made: Edit, item: OrderItem, row: Op, path: str, store: Store) -> None:
    price = row.get("unit_price")
    if price is None:
        raise Invalid("required", _("Which price?"), errors={f"{path}.unit_price": [_("Which price?")]})
    new = round_money(Decimal(price), store.currency)
    made.prices.append(
        {"item_id": str(item.pk), "name": item.product_name, "from": item.unit_price, "to": new, "reason": row.get("reason") or ""}
    )  # fmt: skip
    item.unit_price, item.total = new, new * item.quantity


def _resize(made: Edit, order: Order, item: OrderItem, wanted: int, actor: Actor) -> None:
    change = wanted - item.quantity
    if not change:
        return
    per_unit = [(row, row["quantity"] // item.quantity) for row in item.demands]
    demands = tuple(
        StockDemand(kind=StockKind(row["kind"]), id=row["id"], quantity=each * abs(change))
        for row, each in per_unit
        if each
    )
    told = made.added if change > 0 else made.removed
    told[str(item.pk)] = told.get(str(item.pk), 0) + abs(change)
    if change > 0:
        _take(order, demands, actor)
    else:
        reservation.return_some(order=order, demands=demands, actor=actor)
    item.off = item.off * wanted / item.quantity if wanted < item.quantity else item.off
    item.off = round_money(item.off, order.currency)
    item.demands = [{**row, "quantity": each * wanted} for row, each in per_unit]
    item.quantity, item.total = wanted, item.unit_price * wanted
    if not wanted:
        made.items.remove(item)
        made.gone.append(item)


def _add(made: Edit, order: Order, row: Op, menu: Bundle, store: Store, actor: Actor) -> None:
    at: datetime = local(now(), store.timezone).replace(tzinfo=None)
    context = PricingContext(at=at, service=order.service, channel=order.channel, outlet_id=str(order.outlet_id))
    priced = price_intents(menu.pricing, [read_line(row, menu.pricing)], context)
    refuse(priced.problems)
    last = max((item.position for item in [*made.items, *made.gone]), default=-1)
    for item in items_of(order, priced.cart, menu):
        item.position, item.off = last + 1, Decimal(0)
        made.items.append(item)
        made.fresh.append(item)
        made.added[str(item.pk)] = item.quantity
    _take(order, merge_demands(demand for line in priced.cart.lines for demand in line.demands), actor)


def _take(order: Order, demands: Iterable[StockDemand], actor: Actor) -> None:
    sell = order.status != OrderStatus.PENDING
    moves = reservation.reserve(order=order, demands=tuple(demands), sell=sell, actor=actor)
    if moves:
        StockMove.objects.bulk_create(moves)
