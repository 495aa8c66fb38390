"""Another price or status at one outlet. What a row leaves out is inherited."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.stores.importing.products import Plan as Products
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World
from apps.stores.importing.sync import sync
from apps.stores.models import OutletOverride, SaleStatus

# Outlet, product, variant (or empty).
Key = tuple[str, str, str]


def read(source: Source, products: Products) -> dict[Key, dict[str, Any]]:
    """Columns by what the row is about."""
    found: dict[Key, dict[str, Any]] = {}
    for row in source.rows("outlet_overrides"):
        key = _key(row, source, products)
        if key in found:
            row.error("", _("the same outlet and product are there twice"))
        status = row.choice("status", SaleStatus.values, default="")
        found[key] = row.check(OutletOverride, {"price": row.optional_amount("price"), "status": status})
    return found


def _key(row: Row, source: Source, products: Products) -> Key:
    outlet = row.reference("outlet", source.slugs("outlets"), "outlets")
    product = row.reference("product", source.slugs("products"), "products")
    variant = row.text("variant")
    if variant and product and (product, variant) not in products.variants:
        row.error(
            "variant", _("“%(product)s” has no variant “%(variant)s”") % {"product": product, "variant": variant[:60]}
        )
    return outlet, product, variant


def write(plan: dict[Key, dict[str, Any]], world: World) -> None:
    """Create and update; overrides somebody set by hand for other products stay."""
    wanted: dict[tuple[UUID, UUID, UUID | None], dict[str, Any]] = {}
    for (outlet, product, variant), fields in plan.items():
        variant_id = world.variants[(product, variant)].pk if variant else None
        key = (world.outlets[outlet].pk, world.products[product].pk, variant_id)
        wanted[key] = {"outlet_id": key[0], "product_id": key[1], "variant_id": key[2], **fields}
    existing = OutletOverride.objects.filter(product__in=[row.pk for row in world.products.values()])
    tally = world.report.tally("outlet overrides")
    sync(OutletOverride, existing, wanted, key=lambda row: (row.outlet_id, row.product_id, row.variant_id), tally=tally)
