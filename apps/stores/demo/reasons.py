"""Why a sample order may come out at another amount than the file says: what it needs that is not there, by name."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from apps.stores.demo.wishes import Cast

Row = Mapping[str, Any]


def needs(order: Row, cast: Cast, *, at: datetime) -> list[str]:
    """The reasons, such as `promotions: quinta-do-nhoque`. `at`: when it is placed, store time; the file's own day needs no clock."""
    return [*_rules(order, cast), *_clock(order, cast, at)]


def _rules(order: Row, cast: Cast) -> Iterator[str]:
    promotions = [row["promotion"] for row in order["expect"]["discounts"]]
    if promotions:
        yield f"promotions: {', '.join(promotions)}"
    company = (cast.customer(order) or {}).get("company")
    if company:
        yield f"price lists: {company['price_list']}"


def _clock(order: Row, cast: Cast, at: datetime) -> Iterator[str]:
    """Promo prices hold on their dates only, and the demo may be played on any day."""
    placed = datetime.fromisoformat(order["placed_at"])
    for slug in sorted({line["product"] for line in order["lines"] if "product" in line}):
        product = next(row for row in cast.document["products"] if row["slug"] == slug)
        sales = [row["sale"] for row in (product, *product.get("variants", [])) if "sale" in row]
        if any(_holds(sale, placed) != _holds(sale, at) for sale in sales):
            yield f"the date: {slug} has its promo price from {sales[0]['starts']} to {sales[0]['ends']}"


def _holds(sale: Row, at: datetime) -> bool:
    return str(sale["starts"]) <= f"{at:%Y-%m-%d}" <= str(sale["ends"])
