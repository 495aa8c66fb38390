"""Price lists: create, change, delete; their fixed prices and the customers who buy by them."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import NotFound
from apps.core.scope import current_store_id
from apps.customers.models import Customer
from apps.stores.models import PriceList, PriceListMember, PriceListPrice, Product, Variant
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import (
    Values,
    assign,
    clashes_as_errors,
    free_slug,
    insert,
    not_found,
    remove,
    settings_fact,
    update,
    wrong,
)

# What a product, or one variant of it, costs by the list.
Price = tuple[Product, Variant | None, Decimal]


def create(*, actor: Actor, values: Values, prices: Sequence[Price] = ()) -> PriceList:
    """A new price list. Raises 400 with field errors."""
    price_list = PriceList()
    with catalog_unit(actor=actor) as publish:
        assign(price_list, values)
        price_list.slug = price_list.slug or free_slug(PriceList.objects.all(), price_list.name)
        _check(price_list)
        insert(price_list)
        _set_prices(price_list, prices)
        settings_fact("price_list.created", price_list.pk, actor=actor)
        publish()
    return price_list


def change(*, price_list: PriceList, actor: Actor, values: Values, prices: Sequence[Price] | None = None) -> PriceList:
    """Change columns, and all fixed prices at once if `prices` is given."""
    with catalog_unit(actor=actor) as publish:
        price_list = _lock(price_list)
        changed = assign(price_list, values)
        _check(price_list)
        update(price_list, changed)
        if prices is not None and _set_prices(price_list, prices):
            changed.append("prices")
        if changed:
            settings_fact("price_list.updated", price_list.pk, actor=actor, changed=changed)
            publish()
    return price_list


def delete(*, price_list: PriceList, actor: Actor) -> None:
    """Delete a list; its customers buy at plain prices again."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("price_list.deleted", price_list.pk, actor=actor)
        remove(price_list)
        publish()


def add_member(*, price_list: PriceList, customer: Customer, actor: Actor) -> PriceListMember:
    """Let a customer buy by the list, instead of any other list they had."""
    with catalog_unit(actor=actor) as publish:
        if customer.store_id != current_store_id():
            raise not_found("customer")
        old = PriceListMember.objects.select_for_update(of=("self",)).filter(customer=customer).first()
        if old is None:
            member = PriceListMember(price_list=price_list, customer=customer)
            with clashes_as_errors(PriceListMember):
                insert(member)
        else:
            member = old
            update(member, assign(member, {"price_list": price_list}))
        settings_fact("price_list.updated", price_list.pk, actor=actor, changed=["members"])
        publish()
    return member


def remove_member(*, member: PriceListMember, actor: Actor) -> None:
    """Plain prices again."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("price_list.updated", member.price_list_id, actor=actor, changed=["members"])
        remove(member)
        publish()


def check_prices(price_list: PriceList) -> None:
    """Fixed prices that were written row by row: a variant is one of its product. Raises 400 on `prices`."""
    rows = PriceListPrice.objects.filter(price_list=price_list, variant__isnull=False)
    if rows.exclude(variant__product=F("product")).exists():
        raise wrong("prices", _("This is a variant of another product."), "not_found")


def _check(price_list: PriceList) -> None:
    if price_list.percentage < 0:
        raise wrong("percentage", _("A percentage off is at least 0."))


def _lock(price_list: PriceList) -> PriceList:
    locked = PriceList.objects.select_for_update(of=("self",), no_key=True).filter(pk=price_list.pk).first()
    if locked is None:
        raise NotFound("not_found", _("There is no such price list."))
    return locked


def _set_prices(price_list: PriceList, prices: Sequence[Price]) -> bool:
    """Make the fixed prices what is wanted; tells whether anything changed."""
    want = {}
    for product, variant, price in prices:
        key = (product.pk, variant.pk if variant else None)
        if key in want:
            raise wrong("prices", _("A product is named twice."), "unique")
        if product.store_id != current_store_id():
            raise not_found("prices")
        if variant is not None and variant.product_id != product.pk:
            raise wrong("prices", _("This is a variant of another product."), "not_found")
        want[key] = price
    rows = PriceListPrice.objects.filter(price_list=price_list)
    have = {(row.product_id, row.variant_id): row.price for row in rows}
    if have == want:
        return False
    rows.delete()
    PriceListPrice.objects.bulk_create(
        [
            PriceListPrice(
                store_id=current_store_id(), price_list=price_list, product_id=key[0], variant_id=key[1], price=price
            )
            for key, price in want.items()
        ]
    )
    return True
