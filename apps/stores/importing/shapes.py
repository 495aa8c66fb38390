"""The small shapes that several nouns share: opening hours, sale windows, promo prices, amounts per size."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing.row import Row
from apps.stores.models.validators import SERVICES, TIME, WEEKDAYS


def week(row: Row, key: str) -> dict[str, list[list[str]]]:
    """Weekday → list of [start, end]; days left out are closed."""
    days = row.child(key)
    if days is None:
        return {}
    for name in days.value:
        if name not in WEEKDAYS:
            days.error(name, _("is not a weekday: mon … sun"))
    return {day: intervals(days, day) for day in WEEKDAYS if days.has(day)}


def intervals(row: Row, key: str) -> list[list[str]]:
    """A list of [start, end]; an end at or before its start runs past midnight."""
    found = []
    for item, path in row.items(key):
        if isinstance(item, list) and len(item) == 2 and all(_is_time(part) for part in item):
            found.append([item[0], item[1]])
        else:
            row.reader.errors.add(path, _("write opening hours as [“HH:MM”, “HH:MM”]"))
    return found


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and TIME.match(value) is not None


def services(row: Row, key: str = "services") -> list[str]:
    """A list of services."""
    return row.texts(key, known=sorted(SERVICES))


def windows(row: Row, key: str = "available") -> list[dict[str, Any]]:
    """Windows in which something is sold; what a window leaves out does not limit it."""
    found = []
    for window in row.rows(key):
        shape: dict[str, Any] = {}
        if window.has("weekdays"):
            shape["weekdays"] = window.texts("weekdays", known=WEEKDAYS)
        shape |= {name: value for name in ("from", "to") if (value := hour(window, name))}
        if window.has("services"):
            shape["services"] = services(window)
        found.append(shape)
    return found


def hour(row: Row, key: str) -> str:
    """A time of day as HH:MM; empty when absent or wrong."""
    value = row.text(key)
    if value and not _is_time(value):
        row.error(key, _("“%(value)s” is not a time: write HH:MM") % {"value": value[:40]})
        return ""
    return value


def sale(row: Row) -> dict[str, Any] | None:
    """A promo price with its first and last day, its weekdays and hours; what it leaves out does not limit it."""
    shape = row.child("sale")
    if shape is None:
        return None
    price = str(shape.amount("price"))
    starts, ends = shape.day("starts"), shape.day("ends")
    if starts is not None and ends is not None and ends < starts:
        shape.error("ends", _("is before the start"))
    found: dict[str, Any] = {
        "starts": str(starts or ""),
        "ends": str(ends or ""),
        "from": hour(shape, "from"),
        "to": hour(shape, "to"),
    }
    if shape.has("weekdays"):
        found["weekdays"] = shape.texts("weekdays", known=WEEKDAYS)
    return {"price": price} | {name: value for name, value in found.items() if value}


def price_map(row: Row, key: str, sizes: Collection[str]) -> dict[str, str]:
    """Size → price, for sizes the store has."""
    prices = row.child(key)
    if prices is None:
        return {}
    for name in prices.value:
        if name not in sizes:
            prices.error(name, _("there is no such size in pizza.sizes"))
    return {size: str(prices.amount(size)) for size in prices.value if size in sizes}


def content(row: Row) -> dict[str, Any] | None:
    """How much is in a pack, for the price per unit."""
    shape = row.child("content")
    if shape is None:
        return None
    return {"amount": shape.number("amount"), "unit": shape.text("unit", required=True), "base": shape.number("base")}
