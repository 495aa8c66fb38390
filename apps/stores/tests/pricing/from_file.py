"""Builds pricing's values from a store file (data/README.md), with slugs for ids. Shared by the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from apps.stores.pricing.model import (
    Choice,
    Combo,
    Kind,
    ModifierGroup,
    Option,
    OutletOverride,
    PizzaMenu,
    PizzaPart,
    PizzaSize,
    PriceRule,
    PricingCatalog,
    Product,
    Slot,
    Status,
    Variant,
    Window,
)
from apps.stores.pricing.sales import Sale

from .rules_from_file import (
    loyalty_of,
    price_list_of,
    promotion_of,
    service_charge_of,
    tax_of,
)

Row = Mapping[str, Any]
STORES = Path(__file__).resolve().parents[4] / "data" / "stores"
SLUGS = sorted(path.stem for path in STORES.glob("*.json"))
WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


@cache
def store_file(slug: str) -> Row:
    """The parsed file of a demo store."""
    loaded: Row = json.loads((STORES / f"{slug}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def catalog_of(slug: str) -> PricingCatalog:
    """The whole catalog of a demo store, rules included."""
    file = store_file(slug)
    paths = category_paths(file["categories"])
    store = file["store"]
    return PricingCatalog(
        exponent=store["currency_decimals"],
        products={row["slug"]: product_of(row, paths) for row in file["products"]},
        combos={row["slug"]: combo_of(row, paths) for row in file["combos"]},
        groups={row["slug"]: group_of(row) for row in file["modifier_groups"]},
        pizza=pizza_of(file["pizza"]),
        overrides={
            (row["outlet"], row["product"], row.get("variant")): override_of(row) for row in file["outlet_overrides"]
        },
        tax=tax_of(store["tax"]),
        service_charge=service_charge_of(store["service_charge"]),
        price_lists={row["slug"]: price_list_of(row) for row in file["price_lists"]},
        promotions=tuple(promotion_of(row) for row in file["promotions"]),
        loyalty=loyalty_of(file["loyalty"]),
        min_order={service: Decimal(amount) for service, amount in store["min_order"].items()},
    )


def category_paths(rows: list[Row]) -> dict[str, tuple[str, ...]]:
    """Category → itself and those above it."""
    parents = {row["slug"]: row.get("parent") for row in rows}
    paths = {}
    for slug in parents:
        path, above = [slug], parents[slug]
        while above:
            path.append(above)
            above = parents[above]
        paths[slug] = tuple(path)
    return paths


def money(value: str | None) -> Decimal | None:
    """An amount, or None when the key does not apply."""
    return None if value is None else Decimal(value)


def sale_of(row: Row | None) -> Sale | None:
    """A sale with both dates included."""
    if row is None:
        return None
    starts, ends = date.fromisoformat(row["starts"]), date.fromisoformat(row["ends"])
    return Sale(price=Decimal(row["price"]), starts=starts, ends=ends)


def windows_of(rows: list[Row] | None) -> tuple[Window, ...]:
    """The windows in which something is sold."""
    return tuple(
        Window(
            weekdays=frozenset(WEEKDAYS[day] for day in row.get("weekdays", ())),
            since=time.fromisoformat(row["from"]) if "from" in row else None,
            until=time.fromisoformat(row["to"]) if "to" in row else None,
            services=frozenset(row.get("services", ())),
        )
        for row in rows or ()
    )


def product_of(row: Row, paths: Mapping[str, tuple[str, ...]]) -> Product:
    """A product with its variants."""
    until = row.get("paused_until")
    return Product(
        id=row["slug"],
        slug=row["slug"],
        name=row["name"],
        kind=Kind(row["kind"]),
        price=money(row.get("price")),
        status=Status(row["status"]),
        paused_until=datetime.fromisoformat(until) if until else None,
        category_path=paths[row["category"]],
        tax_code=row.get("tax"),
        variants=tuple(variant_of(item) for item in row.get("variants", ())),
        modifier_group_ids=tuple(row.get("modifier_groups", ())),
        sale=sale_of(row.get("sale")),
        windows=windows_of(row.get("available")),
        outlet_ids=frozenset(row.get("outlets", ())),
        flavour_prices={size: Decimal(price) for size, price in row.get("prices", {}).items()},
        weight_g=row.get("weight_g"),
        tracked="stock" in row,
    )


def variant_of(row: Row) -> Variant:
    """A variant."""
    return Variant(
        id=row["slug"],
        slug=row["slug"],
        name=row["name"],
        price=Decimal(row["price"]),
        sale=sale_of(row.get("sale")),
        weight_g=row.get("weight_g"),
        tracked="stock" in row,
    )


def group_of(row: Row) -> ModifierGroup:
    """A modifier group with its options."""
    options = tuple(
        Option(
            id=item["slug"],
            slug=item["slug"],
            name=item["name"],
            price=Decimal(item["price"]),
            max=item["max"],
            status=Status(item.get("status", "active")),
            opens=tuple(item.get("opens", ())),
        )
        for item in row["options"]
    )
    return ModifierGroup(
        id=row["slug"], slug=row["slug"], name=row["name"], min=row["min"], max=row["max"], options=options
    )


def pizza_of(row: Row | None) -> PizzaMenu:
    """The pizza menu; an empty one for a store without pizza."""
    if row is None:
        return PizzaMenu()
    sizes = tuple(
        PizzaSize(id=item["slug"], slug=item["slug"], name=item["name"], max_flavours=item["max_flavours"])
        for item in row["sizes"]
    )
    crusts, edges = (tuple(pizza_part_of(item) for item in row[key]) for key in ("crusts", "edges"))
    return PizzaMenu(sizes=sizes, crusts=crusts, edges=edges, price_rule=PriceRule(row["price_rule"]))


def pizza_part_of(row: Row) -> PizzaPart:
    """A crust or an edge."""
    prices = {size: Decimal(price) for size, price in row["prices"].items()}
    return PizzaPart(id=row["slug"], slug=row["slug"], name=row["name"], prices=prices)


def combo_of(row: Row, paths: Mapping[str, tuple[str, ...]]) -> Combo:
    """A combo with its slots."""
    return Combo(
        id=row["slug"],
        slug=row["slug"],
        name=row["name"],
        price=Decimal(row["price"]),
        status=Status(row["status"]),
        category_path=paths[row["category"]],
        windows=windows_of(row.get("available")),
        slots=tuple(slot_of(item) for item in row["slots"]),
    )


def slot_of(row: Row) -> Slot:
    """A slot with its choices."""
    choices = tuple(
        Choice(
            product_id=item["product"],
            extra=Decimal(item["extra"]),
            variant_id=item.get("variant"),
            size_id=item.get("size"),
            flavours=frozenset(item.get("flavours", ())),
        )
        for item in row["choices"]
    )
    return Slot(id=row["slug"], slug=row["slug"], name=row["name"], min=row["min"], max=row["max"], choices=choices)


def override_of(row: Row) -> OutletOverride:
    """What an outlet changes."""
    status = row.get("status")
    return OutletOverride(price=money(row.get("price")), status=Status(status) if status else None)
