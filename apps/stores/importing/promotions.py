"""Promotions and coupons, with what they look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.money import ZERO
from apps.stores import coupon_codes
from apps.stores.importing import shapes
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import (
    Channel,
    Promotion,
    PromotionCategory,
    PromotionItem,
    PromotionKind,
    PromotionOutlet,
    PromotionProduct,
    PromotionTrigger,
)
from apps.stores.models.validators import WEEKDAYS
from apps.stores.services import promotion_uses

Fields = dict[str, Any]
# Kinds whose value is an amount in the store's currency; a percentage has two decimals everywhere.
IN_CURRENCY = {PromotionKind.FIXED, PromotionKind.BUNDLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Columns by slug, and slugs of what each promotion looks at."""

    rows: dict[str, Fields]
    products: dict[str, list[str]]
    categories: dict[str, list[str]]
    outlets: dict[str, list[str]]
    items: dict[str, dict[str, int]]


def read(source: Source) -> Plan:
    """All promotions. No two have one code."""
    plan = Plan(rows={}, products={}, categories={}, outlets={}, items={})
    codes: dict[str, str] = {}
    for slug, row in unique(source.rows("promotions")).items():
        plan.rows[slug] = _columns(slug, row)
        scope = row.child("scope")
        for name, found in (("products", plan.products), ("categories", plan.categories)):
            known = source.slugs(name)
            found[slug] = scope.texts(name, known=known, noun=name) if scope is not None else []
        plan.outlets[slug] = row.texts("outlets", known=source.slugs("outlets"), noun="outlets")
        plan.items[slug] = _items(row, source)
        code = plan.rows[slug]["code"]
        if code and codes.setdefault(code, row.path) != row.path:
            text = _("“%(value)s” is already used by %(path)s")
            row.error("code", text % {"value": code, "path": codes[code]})
    return plan


def _columns(slug: str, row: Row) -> Fields:
    kind, code = row.choice("kind", PromotionKind.values), _code(row)
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "kind": kind,
        "trigger": str(PromotionTrigger.CODE if code else PromotionTrigger.AUTOMATIC),
        "code": code,
        "value": _value(row, kind),
        "buy": _count(row, "buy", kind),
        "get": _count(row, "get", kind),
        "min_subtotal": row.optional_amount("min_subtotal"),
        "max_discount": row.optional_amount("max_discount"),
        **_when(row),
        "services": shapes.services(row),
        "channels": row.texts("channels", known=Channel.values),
        "first_order": row.flag("first_order"),
        "retail_only": row.flag("retail_only"),
        "per_customer_limit": row.optional_integer("per_customer_limit", low=1),
        "total_limit": row.optional_integer("total_limit", low=1),
        "used_before": row.integer("used"),
        "combinable": row.flag("combinable", default=True),
        "priority": row.integer("priority"),
    }
    return row.check(Promotion, fields, since="from", until="to", used_before="used")


def _code(row: Row) -> str:
    text = row.text("code")
    code = coupon_codes.normal(text)
    if text and not code:
        row.error("code", _("A code has 2 to 40 letters and digits, and no blanks."))
    return code


def _value(row: Row, kind: str) -> Decimal:
    """Percent, amount off or price of the set; other kinds have none."""
    if kind not in {PromotionKind.PERCENTAGE, *IN_CURRENCY}:
        row.raw("value")
        return ZERO
    value = row.amount("value", decimals=None if kind in IN_CURRENCY else 2)
    if kind == PromotionKind.PERCENTAGE and value > 100:
        row.error("value", _("A percentage is more than 0 and at most 100."))
    return value


def _count(row: Row, key: str, kind: str) -> int:
    least = 1 if kind == PromotionKind.BUY_X_GET_Y else 0
    if least and not row.has(key):
        row.error(key, _("is missing"))
    return row.integer(key, low=least)


def _when(row: Row) -> Fields:
    starts, ends = row.day("starts"), row.day("ends")
    if starts and ends and ends < starts:
        row.error("ends", _("is before the start"))
    return {
        "starts": starts,
        "ends": ends,
        "weekdays": row.texts("weekdays", known=WEEKDAYS),
        "since": _time(row, "from"),
        "until": _time(row, "to"),
    }


def _time(row: Row, key: str) -> time | None:
    text = shapes.hour(row, key)
    return time.fromisoformat(text) if text else None


def _items(row: Row, source: Source) -> dict[str, int]:
    parts: dict[str, int] = {}
    for item in row.rows("items"):
        product = item.reference("product", source.slugs("products"), "products")
        parts[product] = parts.get(product, 0) + item.integer("qty", 1, low=1)
    if row.value.get("kind") == PromotionKind.BUNDLE and not parts:
        row.error("items", _("Say what the set consists of."))
    return parts


def write(plan: Plan, world: World) -> None:
    """Create and update, links included. Promotions that the file does not name stay."""
    existing = Promotion.objects.filter(slug__in=plan.rows)
    tally = world.report.tally("promotions")
    rows = sync(Promotion, existing, plan.rows, key=lambda row: row.slug, tally=tally)
    _count_anew(rows.values())
    _links(PromotionProduct, "product", rows, plan.products, world.products, world)
    _links(PromotionCategory, "category", rows, plan.categories, world.categories, world)
    _links(PromotionOutlet, "outlet", rows, plan.outlets, world.outlets, world)
    wanted = {
        (rows[slug].pk, world.products[name].pk): {
            "promotion_id": rows[slug].pk, "product_id": world.products[name].pk, "quantity": count,
        }
        for slug, parts in plan.items.items()
        for name, count in parts.items()
    }  # fmt: skip
    have = PromotionItem.objects.filter(promotion__in=[row.pk for row in rows.values()])
    parts_tally = world.report.tally("parts of sets")
    sync_children(PromotionItem, have, wanted, key=lambda row: (row.promotion_id, row.product_id), tally=parts_tally)


def _count_anew(rows: Iterable[Promotion]) -> None:
    """A limit that the file has just set counts the orders there are."""
    for row in rows:
        if row.total_limit is not None and row.used != (uses := promotion_uses.recount(row)):
            Promotion.objects.filter(pk=row.pk).update(used=uses)


def _links(
    model: Any,
    column: str,
    rows: dict[str, Promotion],
    plan: dict[str, list[str]],
    targets: dict[str, Any],
    world: World,
) -> None:
    wanted = {
        (rows[slug].pk, targets[name].pk): {"promotion_id": rows[slug].pk, f"{column}_id": targets[name].pk}
        for slug, names in plan.items()
        for name in names
    }
    have = model.objects.filter(promotion__in=[row.pk for row in rows.values()])
    tally = world.report.tally("scopes of promotions")
    sync_children(model, have, wanted, key=lambda row: (row.promotion_id, getattr(row, f"{column}_id")), tally=tally)
