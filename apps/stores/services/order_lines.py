"""Freezes a priced cart: order items as they were sold, and how every amount came about."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.stores.models import Order, OrderItem
from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.lines import PricedLine
from apps.stores.pricing.snapshot import snapshot
from apps.stores.pricing.totals import PricedCart
from apps.stores.queries import explained
from apps.stores.queries.bundle import Bundle


def items_of(order: Order, priced: PricedCart, menu: Bundle) -> list[OrderItem]:
    """The order's items, not yet saved."""
    return [_item(order, position, line, menu) for position, line in enumerate(priced.lines)]


def _item(order: Order, position: int, line: PricedLine, menu: Bundle) -> OrderItem:
    chosen = line.selection
    kept: dict[str, Any] = snapshot(line, menu.pricing.exponent)
    sold = chosen.variant or chosen.product
    return OrderItem(
        store_id=order.store_id,
        order=order,
        position=position,
        product_id=UUID(chosen.product.id) if chosen.product else None,
        variant_id=UUID(chosen.variant.id) if chosen.variant else None,
        combo_id=UUID(chosen.combo.id) if chosen.combo else None,
        category_id_at_sale=UUID(line.category_path[0]) if line.category_path else None,
        sku=menu.skus.get(sold.id, "") if sold else "",
        product_name=kept["name"],
        variant_name=chosen.variant.name if chosen.variant else "",
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=line.total,
        options={name: kept[name] for name in ("options", "pizza", "parts") if kept.get(name)},
        notes=chosen.notes,
        off=line.discount + line.points_discount,
        tax_code=line.tax_code or "",
        demands=[{"kind": row.kind.value, "id": row.id, "quantity": row.quantity} for row in line.demands],
    )


def amounts_of(priced: PricedCart, delivery: DeliveryQuote | None) -> dict[str, Any]:
    """Discounts, taxes and delivery in detail, for receipts, reports and whoever asks "why"."""
    return {
        "discounts": [
            {"promotion": row.slug, "name": row.name, "code": row.code, "amount": row.amount}
            for row in priced.discounts
        ],
        "tax_lines": [
            {"code": row.code, "name": row.name, "rate": row.rate, "on": row.on, "tax": row.tax}
            for row in priced.tax_lines
        ],
        "delivery": _delivery(delivery),
        "weight_g": priced.weight_g,
        "net": priced.net,
        **explained.kept(priced),
        "points_redeemed": priced.points_redeemed,
        "points_earned": priced.points_earned,
    }


def _delivery(quote: DeliveryQuote | None) -> dict[str, Any] | None:
    if quote is None:
        return None
    km: Decimal | None = quote.distance_km
    return {
        "kind": quote.kind.value,
        "zone": quote.zone,
        "zone_name": quote.zone_name,
        "distance_km": km,
        "eta_minutes": quote.eta_minutes,
    }
