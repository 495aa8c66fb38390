"""Turns a store's rows into the immutable values the pricing engine works on."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.core.clock import local
from apps.core.money import exponent_of
from apps.stores.models import Combo, ComboChoice, ModifierGroup, ModifierOption, Outlet, Product, Variant
from apps.stores.opening import WEEKDAYS
from apps.stores.pricing import model, rules
from apps.stores.pricing.sales import Sale
from apps.stores.queries import loyalty_rules, offers
from apps.stores.queries.rows import CatalogRows


def build(rows: CatalogRows) -> model.PricingCatalog:
    """The pricing catalog of a store."""
    paths = _category_paths(rows)
    catalog = model.PricingCatalog(
        exponent=exponent_of(rows.store.currency),
        products={str(product.pk): _product(product, rows, paths) for product in rows.products},
        combos={str(combo.pk): _combo(combo, rows, paths) for combo in rows.combos},
        groups={str(group.pk): _group(group, rows) for group in rows.groups},
        pizza=_pizza(rows.store.pizza),
        overrides={
            (
                str(row.outlet_id),
                str(row.product_id),
                str(row.variant_id) if row.variant_id else None,
            ): model.OutletOverride(
                price=row.price,
                status=model.Status(row.status) if row.status else None,
                paused_until=_wall(row.paused_until, rows),
            )
            for row in rows.overrides
        },
        tax=_tax(rows.store.tax),
        service_charge=_service_charge(rows.store.service_charge),
        price_lists=offers.price_lists(rows.offers),
        promotions=offers.promotions(rows.offers, rows.products),
        loyalty=loyalty_rules.as_rules(rows.loyalty),
        min_order={service: Decimal(str(lowest)) for service, lowest in rows.store.min_order.items()},
    )
    own = {str(row.pk): _at_outlet(catalog, row) for row in rows.outlets if row.tax or row.service_charge is not None}
    return replace(catalog, at_outlets=own) if own else catalog


def _at_outlet(catalog: model.PricingCatalog, outlet: Outlet) -> model.PricingCatalog:
    """The same with the outlet's own taxes and service charge."""
    return replace(
        catalog,
        tax=_tax(outlet.tax) if outlet.tax else catalog.tax,
        service_charge=catalog.service_charge
        if outlet.service_charge is None
        else _service_charge(outlet.service_charge),
    )


def _category_paths(rows: CatalogRows) -> dict[UUID, tuple[str, ...]]:
    parents = {category.pk: category.parent_id for category in rows.categories}
    paths: dict[UUID, tuple[str, ...]] = {}
    for category_id in parents:
        path: list[str] = []
        step: UUID | None = category_id
        while step is not None and str(step) not in path:
            path.append(str(step))
            step = parents.get(step)
        paths[category_id] = tuple(path)
    return paths


def _wall(moment: datetime | None, rows: CatalogRows) -> datetime | None:
    return None if moment is None else local(moment, rows.store.timezone).replace(tzinfo=None)


def _product(row: Product, rows: CatalogRows, paths: Mapping[UUID, tuple[str, ...]]) -> model.Product:
    return model.Product(
        id=str(row.pk),
        slug=row.slug,
        name=row.name,
        kind=model.Kind(row.kind),
        price=row.price,
        status=model.Status(row.status),
        paused_until=_wall(row.paused_until, rows),
        category_path=paths.get(row.category_id, ()),
        tax_code=row.tax_code or None,
        variants=tuple(_variant(variant, rows) for variant in rows.variants.get(row.pk, [])),
        modifier_group_ids=tuple(map(str, rows.group_ids.get(row.pk, []))),
        sale=sale(row.sale),
        windows=windows(row.available),
        outlet_ids=frozenset(map(str, rows.outlet_ids.get(row.pk, []))),
        flavour_prices={size: Decimal(str(price)) for size, price in row.flavour_prices.items()},
        weight_g=row.weight_g,
        tracked=row.pk in rows.tracked,
    )


def _variant(row: Variant, rows: CatalogRows) -> model.Variant:
    return model.Variant(
        id=str(row.pk),
        slug=row.slug,
        name=row.name,
        price=row.price,
        sale=sale(row.sale),
        weight_g=row.weight_g,
        tracked=row.pk in rows.tracked,
    )


def _group(row: ModifierGroup, rows: CatalogRows) -> model.ModifierGroup:
    options = tuple(_option(option, rows) for option in rows.options.get(row.pk, []))
    return model.ModifierGroup(id=str(row.pk), slug=row.slug, name=row.name, min=row.min, max=row.max, options=options)


def _option(row: ModifierOption, rows: CatalogRows) -> model.Option:
    return model.Option(
        id=str(row.pk),
        slug=row.slug,
        name=row.name,
        price=row.price,
        max=row.max,
        status=model.Status(row.status),
        paused_until=_wall(row.paused_until, rows),
        opens=tuple(map(str, rows.opens.get(row.pk, []))),
        tracked=row.pk in rows.tracked,
    )


def _combo(row: Combo, rows: CatalogRows, paths: Mapping[UUID, tuple[str, ...]]) -> model.Combo:
    slots = tuple(
        model.Slot(
            id=str(slot.pk),
            slug=slot.slug,
            name=slot.name,
            min=slot.min,
            max=slot.max,
            choices=tuple(_choice(choice, rows) for choice in rows.choices.get(slot.pk, [])),
        )
        for slot in rows.slots.get(row.pk, [])
    )
    return model.Combo(
        id=str(row.pk),
        slug=row.slug,
        name=row.name,
        price=row.price,
        status=model.Status(row.status),
        paused_until=_wall(row.paused_until, rows),
        category_path=paths.get(row.category_id, ()),
        windows=windows(row.available),
        slots=slots,
    )


def _choice(row: ComboChoice, rows: CatalogRows) -> model.Choice:
    return model.Choice(
        product_id=str(row.product_id),
        extra=row.extra,
        variant_id=str(row.variant_id) if row.variant_id else None,
        size_id=row.size or None,
        flavours=frozenset(map(str, rows.choice_flavours.get(row.pk, []))),
    )


def sale(value: Mapping[str, Any] | None) -> Sale | None:
    """A promo price from its JSON."""
    if not value:
        return None
    starts, ends = (date.fromisoformat(value[name]) if value.get(name) else None for name in ("starts", "ends"))
    since, until = (time.fromisoformat(value[name]) if value.get(name) else None for name in ("from", "to"))
    weekdays = frozenset(WEEKDAYS.index(day) for day in value.get("weekdays", []))
    price = Decimal(str(value["price"]))
    return Sale(price=price, starts=starts, ends=ends, weekdays=weekdays, since=since, until=until)


def windows(value: Iterable[Mapping[str, Any]]) -> tuple[model.Window, ...]:
    """Availability windows from their JSON."""
    return tuple(
        model.Window(
            weekdays=frozenset(WEEKDAYS.index(day) for day in row.get("weekdays", [])),
            since=time.fromisoformat(row["from"]) if row.get("from") else None,
            until=time.fromisoformat(row["to"]) if row.get("to") else None,
            services=frozenset(row.get("services", [])),
        )
        for row in value
    )


def _pizza(value: Mapping[str, Any] | None) -> model.PizzaMenu:
    if not value:
        return model.PizzaMenu()

    def parts(name: str) -> tuple[model.PizzaPart, ...]:
        return tuple(
            model.PizzaPart(
                id=row["slug"], slug=row["slug"], name=row["name"],
                prices={size: Decimal(str(price)) for size, price in row.get("prices", {}).items()},
            )
            for row in value.get(name, [])
        )  # fmt: skip

    sizes = tuple(
        model.PizzaSize(id=row["slug"], slug=row["slug"], name=row["name"], max_flavours=row.get("max_flavours", 1))
        for row in value.get("sizes", [])
    )
    return model.PizzaMenu(
        sizes=sizes, crusts=parts("crusts"), edges=parts("edges"), price_rule=model.PriceRule(value["price_rule"])
    )


def _tax(value: Mapping[str, Any]) -> rules.TaxRules:
    rates = tuple(
        rules.TaxRate(code=row["code"], name=row.get("name", row["code"]), rate=Decimal(str(row["rate"])))
        for row in value.get("rates", [])
    )
    return rules.TaxRules(
        mode=rules.TaxMode(value["mode"]), rates=rates, default=value.get("default"), delivery=value.get("delivery")
    )


def _service_charge(value: Mapping[str, Any] | None) -> rules.ServiceCharge | None:
    if not value:
        return None
    return rules.ServiceCharge(
        rate=Decimal(str(value["rate"])),
        services=frozenset(value.get("services", [])),
        optional=bool(value.get("optional", True)),
    )
