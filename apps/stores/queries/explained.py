"""Why a cart or an order costs what it costs: what applied, what did not and why, and where each amount comes from.

Orders keep facts (`kept`), never sentences: whoever reads them, reads them in their own language (`shown`).
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from apps.stores.offer_texts import amount_text, reason_text
from apps.stores.pricing.lines import PricedLine
from apps.stores.pricing.outcome import PromotionTrace
from apps.stores.pricing.totals import PricedCart

Row = Mapping[str, Any]


def kept(priced: PricedCart) -> dict[str, list[dict[str, Any]]]:
    """The facts: `promotions` that were looked at, and an `explanation` of every amount."""
    return {
        "promotions": [_trace(row) for row in priced.promotions],
        "explanation": [*_lines(priced.lines), *_amounts(priced)],
    }


def shown(facts: Row) -> dict[str, list[dict[str, Any]]]:
    """The same with sentences in the reader's language; orders from before this was kept have none."""
    return {
        "promotions": [
            {**row, "detail": reason_text(row["reason"], row["missing"])} for row in facts.get("promotions", ())
        ],
        "explanation": [
            {**row, "detail": amount_text(row["name"], row["rule"], row["facts"])}
            for row in facts.get("explanation", ())
        ],
    }


def told(priced: PricedCart) -> dict[str, list[dict[str, Any]]]:
    """`shown` of a cart that is no order."""
    return shown(kept(priced))


def coupon(row: PromotionTrace | None) -> dict[str, Any] | None:
    """What became of the code that was entered; None when none was."""
    if row is None:
        return None
    kept_facts = _trace(row)
    return {**kept_facts, "detail": reason_text(kept_facts["reason"], kept_facts["missing"])}


def _trace(row: PromotionTrace) -> dict[str, Any]:
    return {
        "promotion": row.slug, "name": row.name, "code": row.code if row.is_coupon else None, "applied": bool(row.amount),
        "amount": row.amount, "reason": row.reason.value, "missing": row.missing,
    }  # fmt: skip


def _lines(lines: tuple[PricedLine, ...]) -> Iterator[dict[str, Any]]:
    """A line's price, and what of the discounts fell on it."""
    for line in lines:
        facts = {"item": line.selection.item.name, "plain": line.base.plain, "discount": line.discount}
        yield _row("unit_price", line.unit_price, line.base.rule.value, facts) | {"line": line.index}


def _amounts(priced: PricedCart) -> Iterator[dict[str, Any]]:
    for row in priced.explanation:
        yield _row(row.name, row.amount, row.rule, dict(row.facts))


def _row(name: str, amount: Decimal, rule: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "amount": amount, "rule": rule, "facts": facts}
