"""What is sold: products and their variants, with prices, promo prices, windows, and what a flavour costs per size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing import pizza, shapes
from apps.stores.importing.attributes import read_attributes
from apps.stores.importing.catalog_groups import Types
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, unique
from apps.stores.models import Product, ProductKind, SaleStatus, Variant
from apps.stores.searching import search_text

Fields = dict[str, Any]


@dataclass(slots=True)
class Plan:
    """By product slug: columns and references. Variants by (product, slug). Stock by (product, variant or empty)."""

    products: dict[str, Fields] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    outlets: dict[str, list[str]] = field(default_factory=dict)
    variants: dict[tuple[str, str], Fields] = field(default_factory=dict)
    stock: dict[tuple[str, str], int] = field(default_factory=dict)
    paths: dict[tuple[str, str], str] = field(default_factory=dict)


def read(source: Source, types: Types, tax_codes: list[str]) -> Plan:
    """All products with everything that belongs to one."""
    plan = Plan()
    skus: dict[str, str] = {}
    for index, (slug, row) in enumerate(unique(source.rows("products")).items()):
        kind = row.choice("kind", ProductKind.values)
        plan.paths[(slug, "")] = row.path
        plan.products[slug] = _product(slug, row, index, kind, source, tax_codes)
        plan.categories[slug] = row.reference("category", source.slugs("categories"), "categories")
        plan.types[slug] = row.reference("type", source.slugs("product_types"), "product_types")
        plan.products[slug]["attributes"] = read_attributes(row, types.attributes.get(plan.types[slug], {}))
        plan.groups[slug] = row.texts("modifier_groups", known=source.slugs("modifier_groups"), noun="modifier_groups")
        plan.outlets[slug] = row.texts("outlets", known=source.slugs("outlets"), noun="outlets")
        _take_sku(row, skus)
        _note_stock(plan, row, slug, "")
        _read_variants(plan, row, slug, kind, skus)
    return plan


def _product(slug: str, row: Row, index: int, kind: str, source: Source, tax_codes: list[str]) -> Fields:
    name = row.text("name", required=True)
    fields: Fields = {
        "slug": slug,
        "sku": row.text("sku", required=True),
        "name": name,
        "description": row.text("description"),
        "kind": kind,
        "status": row.choice("status", SaleStatus.values, default=SaleStatus.ACTIVE.value),
        "paused_until": row.moment("paused_until"),
        "position": index,
        "price": _price(row, kind),
        "sale": shapes.sale(row),
        "flavour_prices": _flavour_prices(row, kind, source),
        "tax_code": row.reference("tax", tax_codes, "store.tax.rates", required=False),
        **_details(row),
    }
    fields["folded"] = search_text(name, fields["sku"], "", fields["tags"])
    if kind == ProductKind.PIZZA and not pizza.sizes(source):
        row.error("kind", _("a pizza needs the sizes in “pizza”"))
    return row.check(Product, fields, tax_code="tax", flavour_prices="prices")


def _details(row: Row) -> Fields:
    return {
        "tags": row.texts("tags"),
        "allergens": row.texts("allergens"),
        "available": shapes.windows(row),
        "weight_g": row.optional_integer("weight_g"),
        "content": shapes.content(row),
        "pack": row.text("pack"),
        "min_age": row.integer("min_age"),
        "digital": row.flag("digital"),
        "seo": row.plain("seo"),
        "translations": row.plain("translations"),
    }


def _price(row: Row, kind: str) -> Any:
    """The price of a simple product; the other kinds have theirs elsewhere."""
    if kind == ProductKind.SIMPLE:
        return row.amount("price")
    if row.has("price") and kind:
        elsewhere = {"variants": "variants[].price", "pizza": "prices of its flavours", "flavour": "prices"}
        row.error("price", _("does not belong here: this product is priced by %(what)s") % {"what": elsewhere[kind]})
    return None


def _flavour_prices(row: Row, kind: str, source: Source) -> dict[str, str]:
    if kind == ProductKind.FLAVOUR:
        prices = shapes.price_map(row, "prices", pizza.sizes(source))
        if not prices:
            row.error("prices", _("a flavour has a price for at least one size"))
        return prices
    if row.has("prices"):
        row.error("prices", _("only a flavour has prices per size"))
    return {}


def _read_variants(plan: Plan, row: Row, slug: str, kind: str, skus: dict[str, str]) -> None:
    variants = unique(row.rows("variants"))
    if kind == ProductKind.VARIANTS and not variants:
        row.error("variants", _("a product sold as variants has at least one"))
    if variants and kind and kind != ProductKind.VARIANTS:
        row.error("variants", _("only a product of kind “variants” has them"))
    for index, (name, variant) in enumerate(variants.items()):
        plan.variants[(slug, name)] = _variant(name, variant, index)
        plan.paths[(slug, name)] = variant.path
        _take_sku(variant, skus)
        _note_stock(plan, variant, slug, name)


def _variant(slug: str, row: Row, index: int) -> Fields:
    fields = {
        "slug": slug,
        "sku": row.text("sku", required=True),
        "name": row.text("name", required=True),
        "price": row.amount("price"),
        "sale": shapes.sale(row),
        "weight_g": row.optional_integer("weight_g"),
        "content": shapes.content(row),
        "position": index,
        "is_active": True,
    }
    return row.check(Variant, fields)


def _take_sku(row: Row, skus: dict[str, str]) -> None:
    """An SKU names one thing in the whole store."""
    sku = row.text("sku")
    if sku in skus:
        row.error("sku", _("“%(sku)s” is already used by %(path)s") % {"sku": sku[:60], "path": skus[sku]})
    elif sku:
        skus[sku] = row.path


def _note_stock(plan: Plan, row: Row, slug: str, variant: str) -> None:
    if (amount := row.optional_integer("stock")) is not None:
        if amount > MAX_STOCK:
            row.error("stock", _("must be at most %(high)s") % {"high": MAX_STOCK})
        plan.stock[(slug, variant)] = amount


MAX_STOCK = 2**31 - 1


def tax_codes(document: Mapping[str, Any]) -> list[str]:
    """The codes of the store's tax rates, whatever else is wrong with them."""
    store = document.get("store")
    tax = store.get("tax") if isinstance(store, Mapping) else None
    rates = tax.get("rates") if isinstance(tax, Mapping) else None
    codes = [rate.get("code") for rate in rates if isinstance(rate, Mapping)] if isinstance(rates, list) else []
    return [code for code in codes if isinstance(code, str)]
