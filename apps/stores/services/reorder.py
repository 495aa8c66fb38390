"""An earlier order back into the cart: what was chosen then, at what it costs today. What cannot be had any more is reported."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.problems import Problem
from apps.stores.models import Order, OrderItem
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.parsing import MalformedLine, parse_line
from apps.stores.queries.bundle import Bundle
from apps.stores.services import carts
from apps.stores.services.carts import CartOwner

Row = dict[str, Any]


def reorder(*, order: Order, owner: CartOwner, menu: Bundle, context: PricingContext) -> list[Row]:
    """Put the lines of `order` into the open cart. Returns the lines that could not be: `{product_name, quantity, code, detail}`."""
    missing: list[Row] = []
    for item in OrderItem.objects.filter(order=order).order_by("position"):
        if item.product_id is None and item.combo_id is None:
            missing.append(_missing(item, "product_not_found", _("This is no longer on the menu.")))
            continue
        try:
            carts.add(owner=owner, intent=parse_line(_wish(item)), menu=menu, context=context)
        except MalformedLine:
            missing.append(_missing(item, "malformed_line", _("This can no longer be ordered in this way.")))
        except Problem as problem:
            missing.append(_missing(item, problem.code, str(problem.detail)))
    return missing


def _missing(item: OrderItem, code: str, detail: str) -> Row:
    product = str(item.product_id or item.combo_id or "")
    return {"product_id": product or None, "product_name": item.product_name, "variant_name": item.variant_name,
            "quantity": item.quantity, "code": code, "detail": detail}  # fmt: skip


def _wish(item: OrderItem) -> Row:
    """The line in the house spelling, made from what was kept of it. Prices are not looked at."""
    kept = item.options
    variant = str(item.variant_id) if item.variant_id else None
    if variant is None and item.variant_name:
        variant = "-"  # it was a variant that is gone: another one would be a surprise
    return {
        "product": str(item.product_id) if item.combo_id is None else None,
        "combo": str(item.combo_id) if item.combo_id else None,
        "variant": variant, "qty": item.quantity, "notes": item.notes,
        "options": _options(kept.get("options", ())), **_pizza(kept.get("pizza")),
        "choices": [_choice(part) for part in kept.get("parts", ())] or None,
    }  # fmt: skip


def _options(rows: Iterable[Mapping[str, Any]]) -> list[Row] | None:
    found = [
        {"group": row["group"]["id"], "option": row["option"]["id"], "qty": row["quantity"],
         "options": _options(row.get("options", ()))}
        for row in rows
    ]  # fmt: skip
    return found or None


def _pizza(kept: Mapping[str, Any] | None) -> Row:
    if not kept:
        return {}
    flavours = [row["id"] for row in kept.get("flavours", ()) for _part in range(row["parts"])]
    sizes = {name: (kept.get(name) or {}).get("id") for name in ("size", "crust", "edge")}
    return {**sizes, "flavours": flavours}


def _choice(part: Mapping[str, Any]) -> Row:
    return {
        "slot": part["slot"]["id"], "product": part["product"], "variant": (part.get("variant") or {}).get("id"),
        "qty": part["quantity"], "notes": part.get("notes", ""), "options": _options(part.get("options", ())),
        **_pizza(part.get("pizza")),
    }  # fmt: skip
