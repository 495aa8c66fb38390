"""Products: create, change, pause, delete. Images, variants, copies and bulk changes have their own modules."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict, NotFound
from apps.core.scope import current_store_id
from apps.events.registry import Fact
from apps.stores import facts
from apps.stores.models import (
    ModifierGroup,
    Outlet,
    Product,
    ProductKind,
    ProductModifierGroup,
    ProductOutlet,
    SaleStatus,
    Store,
)
from apps.stores.searching import search_text
from apps.stores.services import images, product_type, stock
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import Values, assign, free_slug, insert, next_position, remove, update, wrong
from apps.stores.services.stock import StockWish

MAX_GROUPS = 30


def create(
    *,
    actor: Actor,
    values: Values,
    groups: Sequence[ModifierGroup] = (),
    outlets: Sequence[Outlet] = (),
    stock_wish: StockWish | None = None,
) -> Product:
    """A new product. `slug` and `sku` are made from the name when missing; it goes last unless `position` is given."""
    product = Product()
    with catalog_unit(actor=actor) as publish:
        assign(product, values)
        rows = Product.objects.all()
        product.slug = product.slug or free_slug(rows, product.name, length=80)
        product.sku = product.sku or free_slug(rows, product.slug, field="sku", length=60)
        if "position" not in values:
            product.position = next_position(rows.filter(category=product.category_id))
        _check(product, ["kind", "tax_code", "flavour_prices", "attributes"])
        fold(product)
        insert(product)
        set_groups(product, groups)
        set_outlets(product, outlets)
        if stock_wish is not None:
            stock.apply_wish(target=product, wish=stock_wish, actor=actor)
        product_fact(facts.PRODUCT_CREATED, product, actor=actor)
        publish()
    return product


def change(
    *,
    product: Product,
    actor: Actor,
    values: Values,
    groups: Sequence[ModifierGroup] | None = None,
    outlets: Sequence[Outlet] | None = None,
    stock_wish: StockWish | None = None,
    seen: datetime | None = None,
) -> Product:
    """Change columns and links. `seen` is the `updated_at` the editor started from: 409 `stale_state` if it moved on."""
    with catalog_unit(actor=actor) as publish:
        product = lock(product)
        if seen is not None and product.updated_at != seen:
            raise Conflict("stale_state", _("Somebody else changed this a moment ago. Reload and try again."))
        before = product.status
        changed = assign(product, values)
        _check(product, changed)
        if {"name", "sku", "barcode", "tags"} & set(changed):
            fold(product)
            changed.append("folded")
        changed += _end_pause(product, changed)
        update(product, changed)
        if groups is not None and set_groups(product, groups):
            changed.append("modifier_groups")
        if outlets is not None and set_outlets(product, outlets):
            changed.append("outlets")
        if stock_wish is not None:
            stock.apply_wish(target=product, wish=stock_wish, actor=actor)
        if changed:
            product_fact(_fact_of(product, before), product, actor=actor, changed=sorted(set(changed) - {"folded"}))
            publish()
    return product


def lock(product: Product) -> Product:
    """The product as it is now, held until the commit. Raises 404 when it is gone.

    `no_key`: a checkout that refers to the product meanwhile must not wait – it holds stock that we may want next.
    """
    locked = Product.objects.select_for_update(of=("self",), no_key=True).filter(pk=product.pk).first()
    if locked is None:
        raise NotFound("not_found", _("There is no such product."))
    return locked


def fold(product: Product) -> None:
    """Refresh the text the product is found by."""
    product.folded = search_text(product.name, product.sku, product.barcode, product.tags)


def _end_pause(product: Product, changed: list[str]) -> list[str]:
    if "status" in changed and product.status != SaleStatus.PAUSED and product.paused_until is not None:
        product.paused_until = None
        return ["paused_until"]
    return []


def _fact_of(product: Product, before: str) -> Fact:
    if product.status == SaleStatus.PAUSED and before != SaleStatus.PAUSED:
        return facts.PRODUCT_PAUSED
    if product.status == SaleStatus.ACTIVE and before == SaleStatus.PAUSED:
        return facts.PRODUCT_RESUMED
    return facts.PRODUCT_UPDATED


def _check(product: Product, changed: Sequence[str]) -> None:
    """The rules that need more than one column."""
    touched = set(changed)
    if product.kind == ProductKind.SIMPLE and product.price is None:
        raise wrong("price", _("A simple product needs a price."), "required")
    if touched & {"tax_code", "flavour_prices", "kind"} and (product.tax_code or product.flavour_prices):
        _check_store_words(product)
    if touched & {"attributes", "product_type"} and (product.product_type_id or product.attributes):
        product_type.check_values(product.product_type, product.attributes)


def _check_store_words(product: Product) -> None:
    """Tax codes and pizza sizes are named in the store's settings."""
    store = Store.objects.only("tax", "pizza").get(pk=current_store_id())
    if product.tax_code and product.tax_code not in [row.get("code") for row in store.tax.get("rates", [])]:
        raise wrong("tax_code", _("The store has no such tax rate."))
    sizes = {row.get("slug") for row in (store.pizza or {}).get("sizes", [])}
    if product.kind == ProductKind.FLAVOUR and not set(product.flavour_prices) <= sizes:
        raise wrong("flavour_prices", _("The store has no such pizza size."))


def set_groups(product: Product, groups: Sequence[ModifierGroup]) -> bool:
    """Ask exactly these groups, in this order. Returns whether that is a change."""
    if len(groups) > MAX_GROUPS:
        raise wrong("modifier_groups", _("At most 30 groups."))
    wanted = [group.pk for group in groups]
    links = ProductModifierGroup.objects.filter(product=product)
    if list(links.order_by("position").values_list("group_id", flat=True)) == wanted:
        return False
    links.delete()
    store_id = product.store_id
    ProductModifierGroup.objects.bulk_create(
        ProductModifierGroup(store_id=store_id, product=product, group=group, position=n)
        for n, group in enumerate(groups)
    )
    return True


def set_outlets(product: Product, outlets: Sequence[Outlet]) -> bool:
    """Sell only at these outlets (none: everywhere). Returns whether that is a change."""
    wanted = {outlet.pk for outlet in outlets}
    links = ProductOutlet.objects.filter(product=product)
    if set(links.values_list("outlet_id", flat=True)) == wanted:
        return False
    links.delete()
    ProductOutlet.objects.bulk_create(
        ProductOutlet(store_id=product.store_id, product=product, outlet=outlet) for outlet in outlets
    )
    return True


def pause(*, product: Product, until: datetime | None, actor: Actor) -> Product:
    """Take the product off sale (86), for a while or until somebody resumes it. It stays on the menu."""
    with catalog_unit(actor=actor) as publish:
        product = lock(product)
        if product.status == SaleStatus.INACTIVE:
            raise Conflict("not_active", _("The product is not on the menu."))
        product.status, product.paused_until = SaleStatus.PAUSED, until
        update(product, ["status", "paused_until"])
        product_fact(facts.PRODUCT_PAUSED, product, actor=actor, paused_until=until.isoformat() if until else None)
        publish()
    return product


def resume(*, product: Product, actor: Actor) -> Product:
    """Put a paused product back on sale; one that is on sale stays so."""
    with catalog_unit(actor=actor) as publish:
        product = lock(product)
        if product.status == SaleStatus.INACTIVE:
            raise Conflict("not_active", _("The product is not on the menu."))
        if product.status == SaleStatus.PAUSED:
            product.status, product.paused_until = SaleStatus.ACTIVE, None
            update(product, ["status", "paused_until"])
            product_fact(facts.PRODUCT_RESUMED, product, actor=actor)
            publish()
    return product


def delete(*, product: Product, actor: Actor) -> None:
    """Delete a product. Carts lose the line, orders keep their snapshot; 409 `in_use` while a combo offers it."""
    with catalog_unit(actor=actor) as publish:
        product = lock(product)
        for picture in product.images.all():
            images.discard(picture, "image")
        product_fact(facts.PRODUCT_DELETED, product, actor=actor)
        remove(product)
        publish()
