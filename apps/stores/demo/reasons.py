"""Why a sample order may come out at another amount than the file says: it is played on another day."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from apps.stores.demo.wishes import Cast
from apps.stores.models.validators import WEEKDAYS

Row = Mapping[str, Any]


def needs(order: Row, cast: Cast, *, at: datetime) -> list[str]:
    """The reasons, such as `the date: …`. `at`: when it is placed, store time; on the file's own day there are none."""
    return list(_clock(order, cast, at))


def _clock(order: Row, cast: Cast, at: datetime) -> Iterator[str]:
    """Promotions and promo prices hold on their dates only, and the demo may be played on any day."""
    placed = datetime.fromisoformat(order["placed_at"])
    for row in cast.document["promotions"]:
        if _runs(row, placed) != _runs(row, at) and row["code"] in (None, order.get("coupon")):
            yield f"the date: {row['slug']} holds at other times"
    for slug in sorted({line["product"] for line in order["lines"] if "product" in line}):
        product = next(row for row in cast.document["products"] if row["slug"] == slug)
        sales = [row["sale"] for row in (product, *product.get("variants", [])) if "sale" in row]
        if any(_holds(sale, placed) != _holds(sale, at) for sale in sales):
            yield f"the date: {slug} has its promo price from {sales[0]['starts']} to {sales[0]['ends']}"


def _holds(sale: Row, at: datetime) -> bool:
    return str(sale["starts"]) <= f"{at:%Y-%m-%d}" <= str(sale["ends"])


def _runs(promotion: Row, at: datetime) -> bool:
    """Whether the promotion's dates, weekdays and hours let it hold."""
    day, hour = f"{at:%Y-%m-%d}", f"{at:%H:%M}"
    dates = promotion.get("starts", day) <= day <= promotion.get("ends", day)
    weekdays = promotion.get("weekdays", WEEKDAYS)
    return bool(
        dates and WEEKDAYS[at.weekday()] in weekdays and promotion.get("from", hour) <= hour < promotion.get("to", "24")
    )
