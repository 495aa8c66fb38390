"""Writing products: rows, variants, the groups they ask, the outlets they are limited to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.stores.importing.products import Plan
from apps.stores.importing.source import World
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import Product, ProductModifierGroup, ProductOutlet, Variant


def write(plan: Plan, world: World) -> None:
    """Everything of the plan but stock. SKUs that belong to rows outside of the file are refused."""
    products = list(Product.objects.filter(slug__in=plan.products))
    variants = list(Variant.objects.filter(product__in=[row.pk for row in products]))
    if not _skus_are_free(plan, world, products, variants):
        return
    wanted = {slug: {**fields, **_references(plan, world, slug)} for slug, fields in plan.products.items()}
    world.products = sync(Product, products, wanted, key=lambda row: row.slug, tally=world.report.tally("products"))
    _write_variants(plan, world, variants)
    _write_groups(plan, world)
    _write_outlets(plan, world)


def _references(plan: Plan, world: World, slug: str) -> dict[str, Any]:
    return {
        "category_id": world.categories[plan.categories[slug]].pk,
        "product_type_id": world.types[plan.types[slug]].pk,
    }


def _skus_are_free(plan: Plan, world: World, products: Iterable[Product], variants: Iterable[Variant]) -> bool:
    """An SKU of the file may not belong to another row of the store, one that the file renames included."""
    slugs = {row.pk: row.slug for row in products}
    owners: dict[str, tuple[str, str]] = {}
    wanted = {fields["sku"]: key for key, fields in plan.variants.items()}
    wanted |= {fields["sku"]: (slug, "") for slug, fields in plan.products.items()}
    for row in Product.objects.filter(sku__in=wanted).only("sku", "slug"):
        owners[row.sku] = (row.slug, "")
    for variant in Variant.objects.filter(sku__in=wanted).select_related("product"):
        owners[variant.sku] = (slugs.get(variant.product_id, variant.product.slug), variant.slug)
    taken = {sku: owner for sku, owner in owners.items() if owner != wanted[sku]}
    for sku, owner in taken.items():
        shown = {"sku": sku, "owner": "/".join(filter(None, owner))}
        world.errors.add(f"{plan.paths[wanted[sku]]}.sku", _("“%(sku)s” belongs to “%(owner)s” in the store") % shown)
    return not taken


def _write_variants(plan: Plan, world: World, variants: Iterable[Variant]) -> None:
    """A variant the file no longer has is taken off sale, not deleted: stock and orders point at it."""
    ids = {slug: row.pk for slug, row in world.products.items()}
    wanted = {(ids[slug], name): {"product_id": ids[slug], **fields} for (slug, name), fields in plan.variants.items()}
    tally = world.report.tally("variants")
    rows = list(variants)
    found = sync(Variant, rows, wanted, key=lambda row: (row.product_id, row.slug), tally=tally)
    slugs = {pk: slug for slug, pk in ids.items()}
    world.variants = {(slugs[product], name): row for (product, name), row in found.items()}
    gone = [row.pk for row in rows if row.is_active and (row.product_id, row.slug) not in wanted]
    if gone:
        tally.removed += Variant.objects.filter(pk__in=gone).update(is_active=False)


def _write_groups(plan: Plan, world: World) -> None:
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for slug, groups in plan.groups.items():
        product = world.products[slug].pk
        for position, name in enumerate(groups):
            group = world.groups[name].pk
            wanted[(product, group)] = {"product_id": product, "group_id": group, "position": position}
    known = ProductModifierGroup.objects.filter(product__in=_ids(world))
    tally = world.report.tally("asked groups")
    sync_children(ProductModifierGroup, known, wanted, key=lambda row: (row.product_id, row.group_id), tally=tally)


def _write_outlets(plan: Plan, world: World) -> None:
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for slug, outlets in plan.outlets.items():
        product = world.products[slug].pk
        for name in outlets:
            outlet = world.outlets[name].pk
            wanted[(product, outlet)] = {"product_id": product, "outlet_id": outlet}
    known = ProductOutlet.objects.filter(product__in=_ids(world))
    tally = world.report.tally("outlet limits")
    sync_children(ProductOutlet, known, wanted, key=lambda row: (row.product_id, row.outlet_id), tally=tally)


def _ids(world: World) -> list[UUID]:
    return [row.pk for row in world.products.values()]
