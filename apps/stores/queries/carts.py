"""Reads of the cart: its lines as wishes, and the priced cart as clients read it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from apps.core.clock import local, now
from apps.stores.messages import line_text
from apps.stores.models import CartLine
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.lines import PricedLine
from apps.stores.pricing.parsing import parse_line
from apps.stores.pricing.selection import LineIntent, LineProblem
from apps.stores.pricing.snapshot import snapshot, summary
from apps.stores.pricing.totals import PricedIntents, price_intents
from apps.stores.queries import explained
from apps.stores.queries.access import StoreRef
from apps.stores.queries.bundle import Bundle, OutletInfo
from apps.stores.queries.buying import buying, customer_id_of
from apps.stores.queries.menu_document import MEDIA
from apps.users.models import User


def intent_of(line: CartLine) -> LineIntent:
    """A stored line as the pricing engine reads it."""
    refs = {
        "product": str(line.product_id) if line.product_id else None,
        "combo": str(line.combo_id) if line.combo_id else None,
        "variant": str(line.variant_id) if line.variant_id else None,
    }
    return parse_line({**line.selection, **refs, "qty": line.quantity, "notes": line.notes})


def store_clock(timezone: str) -> datetime:
    """The wall clock of a store, naive, as pricing wants it."""
    return local(now(), timezone).replace(tzinfo=None)


def browsing_context(ref: StoreRef, menu: Bundle, outlet: OutletInfo | None = None) -> PricingContext:
    """Circumstances while somebody is still choosing (at an outlet, else the main one): service and coupon are not known yet."""
    outlet = outlet or menu.outlet()
    return PricingContext(at=store_clock(ref.timezone), outlet_id=str(outlet.id) if outlet else None)


def price(
    lines: Sequence[CartLine], menu: Bundle, context: PricingContext, delivery: DeliveryQuote | None = None
) -> PricedIntents:
    """The lines priced and totalled, with everything that is wrong with them."""
    return price_intents(menu.pricing, [intent_of(line) for line in lines], context, delivery=delivery)


def cart_view(
    lines: Sequence[CartLine], ref: StoreRef, menu: Bundle, media_base: str, outlet: OutletInfo | None = None, *,
    user: User | None = None, coupon: str = "", service: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The whole cart: `items`, `combo_items`, amounts and problems; priced for who is logged in, with a code if one is given."""
    buyer = buying(menu, coupon=coupon, customer_id=customer_id_of(menu, user=user) if user else None)
    menu = buyer.menu
    context = replace(buyer.around(browsing_context(ref, menu, outlet)), service=service or None)
    priced = price(lines, menu, context)
    problems = _by_line(priced.problems)
    by_index = {row.index: row for row in priced.cart.lines}
    rows = [
        _row(line, by_index.get(index), problems.get(index, []), menu, media_base) for index, line in enumerate(lines)
    ]
    return {
        "id": str(lines[0].cart_id) if lines else None,
        "items": [row for row in rows if "product" in row],
        "combo_items": [row for row in rows if "combo" in row],
        "item_count": sum(line.quantity for line in lines),
        "subtotal": priced.cart.subtotal,
        "discount": priced.cart.discount,
        "service_charge": priced.cart.service_charge,
        "tax": priced.cart.tax,
        "total": priced.cart.total,
        "currency": ref.currency,
        "discounts": [
            {"promotion": row.slug, "name": row.name, "code": row.code, "amount": row.amount}
            for row in priced.cart.discounts
        ],
        "coupon": explained.coupon(priced.cart.coupon),
        **explained.told(priced.cart),
        "problems": [problem for row in rows for problem in row["problems"]],
    }


def _by_line(problems: Iterable[LineProblem]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for problem in problems:
        index, _dot, path = problem.path.removeprefix("lines[").partition("]")
        row = {"code": problem.code.value, "detail": line_text(problem), "path": path.lstrip(".")}
        found.setdefault(int(index), []).append(row)
    return found


def _on_the_menu(line: CartLine, menu: Bundle) -> dict[str, Any] | None:
    wanted = line.combo_id or line.product_id
    return next((row for row in menu.menu["combos" if line.combo_id else "products"] if row["id"] == wanted), None)


def _name_of(line: CartLine) -> str:
    """What was taken off the menu since still has its name in the cart, next to the problem it has now."""
    return str(line.combo or line.product)


def _row(
    line: CartLine, priced: PricedLine | None, problems: list[dict[str, Any]], menu: Bundle, media_base: str
) -> dict[str, Any]:
    combo = line.combo_id is not None
    shown: dict[str, Any] = _on_the_menu(line, menu) or {"name": _name_of(line)}
    picture = shown.get("image_url" if combo else "main_image_url")
    picture = media_base + picture.removeprefix(MEDIA) if picture else None
    kept: dict[str, Any] = snapshot(priced, menu.pricing.exponent) if priced else {}
    common = {
        "id": str(line.pk),
        "unit_price": priced.unit_price if priced else 0,
        "line_total": priced.total if priced else 0,
        "quantity": line.quantity,
        "notes": line.notes,
        "options_text": _details(priced, shown.get("name", "")),
        "problems": [{**problem, "line": str(line.pk)} for problem in problems],
    }
    if combo:
        custom = {"choices": line.selection.get("choices", []), "parts": kept.get("parts", [])}
        return {
            **common,
            "combo": str(line.combo_id),
            "combo_name": shown.get("name", ""),
            "combo_image": picture,
            "customizations": custom,
        }
    variant = kept.get("variant") or {}
    options = {
        "selections": line.selection.get("options", []),
        "resolved": kept.get("options", []),
        "pizza": kept.get("pizza"),
    }
    return {
        **common,
        "product": str(line.product_id),
        "product_name": shown.get("name", ""),
        "variant": str(line.variant_id) if line.variant_id else None,
        "variant_name": variant.get("name", ""),
        "product_image": picture,
        "options": {name: value for name, value in options.items() if value},
    }


def _details(priced: PricedLine | None, name: str) -> str:
    """What was chosen, without the product's own name."""
    return summary(priced).removeprefix(name).lstrip(",: ") if priced else ""
