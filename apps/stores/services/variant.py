"""Variants: the priced and stocked forms of a product that is sold by variant."""

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.stores import facts
from apps.stores.models import Product, ProductKind, Variant
from apps.stores.services import stock
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.product import lock
from apps.stores.services.saving import Values, assign, free_slug, insert, next_position, remove, update, wrong
from apps.stores.services.stock import StockWish

MAX_VARIANTS = 100


def create(*, product: Product, actor: Actor, values: Values, stock_wish: StockWish | None = None) -> Variant:
    """A new variant, last in its list. Raises 409 `not_sold_by_variant` for other kinds of product."""
    with catalog_unit(actor=actor) as publish:
        product = lock(product)
        if product.kind != ProductKind.VARIANTS:
            raise Conflict("not_sold_by_variant", _("This product is not sold by variant. Change its kind first."))
        others = Variant.objects.filter(product=product)
        if others.count() >= MAX_VARIANTS:
            raise wrong("product", _("A product has at most a hundred variants."), "too_many")
        variant = Variant(product=product, store_id=product.store_id)
        assign(variant, values)
        variant.slug = variant.slug or free_slug(others, variant.name)
        variant.sku = variant.sku or free_slug(
            Variant.objects.all(), f"{product.sku}-{variant.slug}", field="sku", length=60
        )
        if "position" not in values:
            variant.position = next_position(others)
        insert(variant)
        if stock_wish is not None:
            stock.apply_wish(target=variant, wish=stock_wish, actor=actor)
        product_fact(facts.PRODUCT_UPDATED, product, actor=actor, changed=["variants"])
        publish()
    return variant


def change(*, variant: Variant, actor: Actor, values: Values, stock_wish: StockWish | None = None) -> Variant:
    """Change columns and stock of a variant."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(variant, values)
        update(variant, changed)
        if stock_wish is not None:
            stock.apply_wish(target=variant, wish=stock_wish, actor=actor)
        if changed:
            product_fact(facts.PRODUCT_UPDATED, variant.product, actor=actor, changed=["variants"])
            publish()
    return variant


def delete(*, variant: Variant, actor: Actor) -> None:
    """Delete a variant. Carts lose the line, orders keep their snapshot; 409 `in_use` while a combo offers it."""
    with catalog_unit(actor=actor) as publish:
        product_fact(facts.PRODUCT_UPDATED, variant.product, actor=actor, changed=["variants"])
        remove(variant)
        publish()
