"""The public menu as plain data, shaped for the published storefronts (`clients/storefront.md` 2.1).

What depends on the time of day (open or closed, windows, pauses that end) is not here; `queries.catalog` adds it.
Image addresses start with `MEDIA`, which is replaced by the address the reader used.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from apps.core.money import exponent_of
from apps.stores.models import (
    Category,
    Combo,
    ComboChoice,
    ComboSlot,
    ModifierGroup,
    Outlet,
    Product,
    ProductKind,
    ProductType,
    SaleStatus,
    Store,
)
from apps.stores.queries.rows import CatalogRows

MEDIA = "media:"
LOW = 5


def media(file: Any) -> str | None:
    """The address of an uploaded file, to be completed by the reader."""
    return f"{MEDIA}{file.name}" if file else None


def build(rows: CatalogRows) -> dict[str, Any]:
    """The document of a store."""
    categories = {row.pk: row for row in rows.categories}
    types = {row.pk: row for row in rows.types}
    sold = [row for row in rows.products if row.kind != ProductKind.FLAVOUR]
    flavours = [row for row in rows.products if row.kind == ProductKind.FLAVOUR]
    return {
        "store": _store(rows),
        "categories": [_category(row) for row in rows.categories if row.pk in rows.shown],
        "products": [_product(row, rows, categories, types) for row in sold],
        "flavours": [_flavour(row, rows, categories) for row in flavours],
        "modifier_groups": [_group(row, rows) for row in rows.groups],
        "pizza": rows.store.pizza,
        "combos": [_combo(row, rows, categories) for row in rows.combos],
        "product_types": [_type(row) for row in rows.types],
        "version": rows.store.catalog_version,
    }


def _store(rows: CatalogRows) -> dict[str, Any]:
    store: Store = rows.store
    main = rows.outlets[0] if rows.outlets else Outlet()
    address = main.address
    street = ", ".join(part for part in (address.get("street"), address.get("number")) if part)
    return {
        "id": store.pk, "slug": store.slug, "name": store.name, "description": store.description, "tagline": store.tagline,
        "logo_url": media(store.logo), "banner_url": media(store.banner),
        "primary_color": store.primary_color, "secondary_color": store.secondary_color,
        "currency": store.currency, "currency_decimals": exponent_of(store.currency), "country": store.country,
        "language": (store.languages or ["pt-BR"])[0], "languages": store.languages, "timezone": store.timezone,
        "phone": store.phone, "whatsapp_number": store.whatsapp_number or store.phone, "email": store.email,
        "address": street, "neighborhood": address.get("neighbourhood", ""), "city": address.get("city", ""),
        "state": address.get("state", ""), "zip_code": address.get("postal_code", ""),
        "latitude": main.latitude, "longitude": main.longitude, "hours": main.hours,
        "services": store.services, "payment_methods": store.payment_methods, "min_order": store.min_order,
        "prep_minutes": store.prep_minutes, "tax_mode": store.tax.get("mode"), "service_charge": store.service_charge,
        "seo": store.seo, "metadata": {"city": address.get("city", ""), "state": address.get("state", ""), **store.metadata},
        "outlets": [_outlet(row, store) for row in rows.outlets],
    }  # fmt: skip


def _outlet(row: Outlet, store: Store) -> dict[str, Any]:
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "services": row.services, "phone": row.phone or store.phone,
        "address": row.address, "latitude": row.latitude, "longitude": row.longitude, "hours": row.hours,
        "tax_mode": (row.tax or store.tax).get("mode"),
        "service_charge": store.service_charge if row.service_charge is None else row.service_charge,
    }  # fmt: skip


def _category(row: Category) -> dict[str, Any]:
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "description": row.description, "image_url": media(row.image),
        "parent": row.parent_id, "position": row.position, "translations": row.translations,
    }  # fmt: skip


def _stock(available: int | None) -> dict[str, Any]:
    return {
        "stock_quantity": available,
        "is_in_stock": available is None or available > 0,
        "is_low_stock": available is not None and available <= LOW,
    }


def _product(
    row: Product, rows: CatalogRows, categories: Mapping[UUID, Category], types: Mapping[UUID, ProductType]
) -> dict[str, Any]:
    variants = [_variant(variant, rows) for variant in rows.variants.get(row.pk, [])]
    images = rows.images.get(row.pk, [])
    kind = types.get(row.product_type_id) if row.product_type_id else None
    return {
        "id": row.pk, "slug": row.slug, "sku": row.sku, "name": row.name, "description": row.description,
        "short_description": row.short_description, "kind": row.kind, "featured": row.featured,
        "price": row.price if row.price is not None else _from_price(row, rows, variants), "compare_at_price": row.compare_at_price,
        "main_image_url": media(images[0].image) if images else None,
        "images": [{"url": media(image.image), "alt": image.alt} for image in images],
        "category": {"id": row.category_id, "name": categories[row.category_id].name},
        "category_name": categories[row.category_id].name, "category_slug": categories[row.category_id].slug,
        "status": row.status, "tags": row.tags, "allergens": row.allergens, "attributes": row.attributes,
        "type_attributes": row.attributes, "product_type_name": kind.name if kind else "",
        "product_type": {"id": kind.pk, "slug": kind.slug, "name": kind.name} if kind else None,
        "variants": variants, "modifier_groups": rows.group_ids.get(row.pk, []), "min_age": row.min_age,
        "content": row.content, "pack": row.pack, "seo": row.seo, "translations": row.translations,
        **_stock(_available(row, rows, variants)),
    }  # fmt: skip


def _from_price(row: Product, rows: CatalogRows, variants: list[dict[str, Any]]) -> Any:
    """The lowest price of something with several: "from R$ 39,90"."""
    if row.kind == ProductKind.PIZZA:
        flavours = [value for flavour in rows.products for value in flavour.flavour_prices.values()]
        return min((float(value) for value in flavours), default=0)
    return min((variant["price"] for variant in variants), default=0)


def _available(row: Product, rows: CatalogRows, variants: list[dict[str, Any]]) -> int | None:
    """Units of the product: its own level, or the sum of its variants when every one of them is tracked."""
    own = rows.available(row.pk)
    levels: list[int | None] = [variant["stock_quantity"] for variant in variants]
    if own is not None or not levels or None in levels:
        return own
    return sum(level for level in levels if level is not None)


def _variant(row: Any, rows: CatalogRows) -> dict[str, Any]:
    available = rows.available(row.pk)
    return {
        "id": row.pk, "slug": row.slug, "sku": row.sku, "name": row.name, "price": row.price, "content": row.content,
        "is_available": available is None or available > 0, **_stock(available),
    }  # fmt: skip


def _flavour(row: Product, rows: CatalogRows, categories: Mapping[UUID, Category]) -> dict[str, Any]:
    images = rows.images.get(row.pk, [])
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "description": row.description, "status": row.status,
        "category": {"id": row.category_id, "name": categories[row.category_id].name},
        "prices": {size: float(price) for size, price in row.flavour_prices.items()},
        "tags": row.tags, "allergens": row.allergens, "image_url": media(images[0].image) if images else None,
        "translations": row.translations, **_stock(rows.available(row.pk)),
    }  # fmt: skip


def _group(row: ModifierGroup, rows: CatalogRows) -> dict[str, Any]:
    options = [
        {
            "id": option.pk, "slug": option.slug, "name": option.name, "price": option.price, "max": option.max,
            "status": option.status, "is_available": option.status == SaleStatus.ACTIVE and rows.available(option.pk) != 0,
            "opens": rows.opens.get(option.pk, []), "translations": option.translations,
        }
        for option in rows.options.get(row.pk, [])
    ]  # fmt: skip
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "min": row.min, "max": row.max, "required": row.min > 0,
        "options": options, "translations": row.translations,
    }  # fmt: skip


def _combo(row: Combo, rows: CatalogRows, categories: Mapping[UUID, Category]) -> dict[str, Any]:
    names = {product.pk: product.name for product in rows.products}
    variants = {variant.pk: variant.name for found in rows.variants.values() for variant in found}
    slots = [_slot(slot, rows, names.get, variants.get) for slot in rows.slots.get(row.pk, [])]
    firsts = [(slot, choice) for slot in slots for choice in slot["choices"][:1]]
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "description": row.description, "price": row.price,
        "compare_at_price": row.compare_at_price, "original_price": row.compare_at_price,
        "savings": row.compare_at_price - row.price if row.compare_at_price else 0,
        "image_url": media(row.image), "is_active": row.status == SaleStatus.ACTIVE, "status": row.status,
        "featured": row.featured, "category": row.category_id, "category_slug": categories[row.category_id].slug,
        **_stock(_makeable(slots)), "slots": slots, "translations": row.translations,
        "items": [
            {
                "id": choice["id"], "quantity": slot["min"], "product_name": choice["product_name"],
                "product": {"id": choice["product_id"], "name": choice["product_name"]},
            }
            for slot, choice in firsts
        ],
    }  # fmt: skip


def _makeable(slots: list[dict[str, Any]]) -> int | None:
    """How many combos there is enough for: as many as the scarcest slot that has to be filled allows. None: any number."""
    limits = [_fillable(slot["min"], [choice["stock_quantity"] for choice in slot["choices"]]) for slot in slots]
    return min((limit for limit in limits if limit is not None), default=None)


def _fillable(wanted: int, units: list[int | None]) -> int | None:
    """How often a slot for `wanted` can be filled from its best choice, or once from several together. None: any number."""
    counted = [count for count in units if count is not None]
    if not wanted or len(counted) < len(units):
        return None
    return max(max(counted, default=0) // wanted, min(1, sum(counted) // wanted))


def _units(row: ComboChoice, rows: CatalogRows) -> int | None:
    """Units of a choice: of its variant or else its product, as an order would take them. None: any number."""
    variants = rows.variants.get(row.product_id, [])
    if row.variant_id is not None and row.variant_id not in {variant.pk for variant in variants}:
        return 0  # the form it names is not sold any more
    if row.variant_id is not None and row.variant_id in rows.stock:
        return rows.available(row.variant_id)
    if row.product_id in rows.stock or row.variant_id is not None:
        return rows.available(row.product_id)
    levels = [rows.available(variant.pk) for variant in variants]
    return sum(level for level in levels if level is not None) if levels and None not in levels else None


def _slot(
    row: ComboSlot, rows: CatalogRows, name: Callable[[UUID], str | None], variant: Callable[[UUID], str | None]
) -> dict[str, Any]:
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "min": row.min, "max": row.max,
        "choices": [_choice(choice, rows, name, variant) for choice in rows.choices.get(row.pk, []) if name(choice.product_id)],
    }  # fmt: skip


def _choice(
    row: ComboChoice, rows: CatalogRows, name: Callable[[UUID], str | None], variant: Callable[[UUID], str | None]
) -> dict[str, Any]:
    return {
        "id": row.pk, "product_id": row.product_id, "product_name": name(row.product_id), "variant_id": row.variant_id,
        "variant_name": variant(row.variant_id) if row.variant_id else None, "extra": row.extra, "size": row.size or None,
        "flavours": rows.choice_flavours.get(row.pk, []), **_stock(_units(row, rows)),
    }  # fmt: skip


def _type(row: ProductType) -> dict[str, Any]:
    return {
        "id": row.pk, "slug": row.slug, "name": row.name, "icon": row.icon,
        "attributes": [
            {"slug": part.slug, "name": part.name, "type": part.kind, "choices": part.choices, "unit": part.unit}
            for part in row.attributes.all()
        ],
    }  # fmt: skip
