"""A copy of a product to start the next one from: hidden, with its own slug, SKU and pictures, without stock."""

from contextlib import ExitStack
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.ids import uuid7
from apps.core.scope import ScopedModel
from apps.stores import facts
from apps.stores.models import Product, ProductModifierGroup, ProductOutlet, SaleStatus, Variant
from apps.stores.services import images
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.product import fold
from apps.stores.services.saving import free_slug, insert

Copied = TypeVar("Copied", bound=ScopedModel)


def _copy(row: Copied, **changes: Any) -> Copied:
    """An unsaved copy of a row with a new key."""
    fields = (field.attname for field in row._meta.concrete_fields if field.attname != "id")
    values = {name: getattr(row, name) for name in fields if name not in {"created_at", "updated_at"}}
    return type(row)(id=uuid7(), **{**values, **changes})


def duplicate(*, product: Product, actor: Actor) -> Product:
    """The copy. Files are copied before the transaction, so that the two products never share one."""
    pictures = list(product.images.order_by("position"))
    with ExitStack() as stack:
        paths = [stack.enter_context(images.stored(row, "image", images.copy(row, "image"))) for row in pictures]
        publish = stack.enter_context(catalog_unit(actor=actor))
        twin = _twin(product)
        insert(twin)
        for row, path in zip(pictures, paths, strict=True):
            insert(_copy(row, product_id=twin.pk, image=path))
        _copy_links(product, twin)
        product_fact(facts.PRODUCT_CREATED, twin, actor=actor, copied_from=str(product.pk))
        publish()
    return twin


def _twin(product: Product) -> Product:
    twin = _copy(
        product,
        name=_("%(name)s (copy)") % {"name": product.name[:150]},
        slug=free_slug(Product.objects.all(), product.slug, length=80),
        sku=free_slug(Product.objects.all(), f"{product.sku}-copy", field="sku", length=60),
        barcode="",
        status=SaleStatus.INACTIVE,
        paused_until=None,
        position=product.position + 1,
    )
    fold(twin)
    return twin


def _copy_links(product: Product, twin: Product) -> None:
    for variant in product.variants.order_by("position"):
        sku = free_slug(Variant.objects.all(), f"{variant.sku}-copy", field="sku", length=60)
        insert(_copy(variant, product_id=twin.pk, sku=sku))
    for link in [*ProductModifierGroup.objects.filter(product=product), *ProductOutlet.objects.filter(product=product)]:
        insert(_copy(link, product_id=twin.pk))
