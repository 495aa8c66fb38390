"""What the store charged for a sample order, held against what the file says it must – to the cent."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
AMOUNTS = (
    "subtotal",
    "discount",
    "points_discount",
    "delivery_fee",
    "delivery_discount",
    "service_charge",
    "tax",
    "total",
)


def differences(order: Row, answered: Row) -> dict[str, tuple[str, str]]:
    """Amount → (expected, charged), where they differ. `answered` is the order as `orders/by-token/` shows it."""
    expected = order["expect"]
    pairs: dict[str, tuple[Any, Any]] = {name: (Decimal(expected[name]), _decimal(answered[name])) for name in AMOUNTS}
    pairs["lines"] = (list(_expected_lines(order)), list(_charged_lines(answered)))
    pairs["tax_lines"] = (_taxes(expected["tax_lines"]), _taxes(answered["tax_lines"]))
    pairs["discounts"] = (_discounts(expected["discounts"]), _discounts(answered["discounts"]))
    return {name: (str(want), str(got)) for name, (want, got) in pairs.items() if want != got}


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _expected_lines(order: Row) -> Iterator[tuple[Decimal, Decimal]]:
    return iter(sorted((Decimal(row["unit"]), Decimal(row["total"])) for row in order["expect"]["lines"]))


def _charged_lines(answered: Row) -> Iterator[tuple[Decimal, Decimal]]:
    """Products and combos together; the order view lists them in another order than they were put in the cart."""
    return iter(sorted((_decimal(row["unit_price"]), _decimal(row["subtotal"])) for row in answered["items"]))


def _taxes(rows: Any) -> dict[str, tuple[Decimal, Decimal]]:
    return {str(row["code"]): (_decimal(row["on"]), _decimal(row["tax"])) for row in rows}


def _discounts(rows: Any) -> dict[str, Decimal]:
    return {str(row.get("promotion") or row.get("slug")): _decimal(row["amount"]) for row in rows}
