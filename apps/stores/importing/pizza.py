"""The store's pizza menu: sizes, and crusts and edges with a price for each size they come in."""

from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing import shapes
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, slugs_in, unique

RULES = ("highest", "average", "sum")


def sizes(source: Source) -> frozenset[str]:
    """The slugs of the sizes, whatever else is wrong with them."""
    menu = source.document.get("pizza")
    return slugs_in(menu.get("sizes")) if isinstance(menu, dict) else frozenset()


def read(source: Source) -> dict[str, Any] | None:
    """The menu as it is kept; None for a store without pizza."""
    menu = source.root.child("pizza")
    if menu is None:
        return None
    known = sizes(source)
    if not known:
        menu.error("sizes", _("a pizza menu has at least one size"))
    return {
        "price_rule": menu.choice("price_rule", RULES, default="highest"),
        "sizes": [_size(slug, row) for slug, row in unique(menu.rows("sizes")).items()],
        "crusts": [_part(slug, row, known) for slug, row in unique(menu.rows("crusts")).items()],
        "edges": [_part(slug, row, known) for slug, row in unique(menu.rows("edges")).items()],
    }


def _size(slug: str, row: Row) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": row.text("name", required=True),
        "diameter_cm": row.optional_integer("diameter_cm"),
        "slices": row.optional_integer("slices"),
        "max_flavours": row.integer("max_flavours", 1, low=1),
    }


def _part(slug: str, row: Row, known: frozenset[str]) -> dict[str, Any]:
    return {"slug": slug, "name": row.text("name", required=True), "prices": shapes.price_map(row, "prices", known)}
