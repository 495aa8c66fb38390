"""Promotions and price lists for tests, made through the services."""

from decimal import Decimal
from typing import Any

from apps.core.actors import system
from apps.core.scope import scope
from apps.customers.services import recognise
from apps.stores.models import CouponCode, PriceList, Promotion, PromotionUse, Store
from apps.stores.queries.access import forget_store
from apps.stores.services import coupon_batch, price_list, promotion

LINKS = ("products", "categories", "product_types", "outlets")


def make_promotion(store: Store, kind: str = "percentage", value: str = "10", **values: Any) -> Promotion:
    """A promotion; with `code` a coupon. `items`: product → units."""
    links = {name: values.pop(name) for name in LINKS if name in values}
    items = list(values.pop("items", {}).items())
    amounts: dict[str, Any] = {
        name: Decimal(values.pop(name)) for name in ("min_subtotal", "max_discount") if name in values
    }
    columns: dict[str, Any] = {"name": kind.title(), "kind": kind, "value": Decimal(value), **amounts, **values}
    with scope(store.pk):
        made = promotion.create(actor=system("test"), values=columns, links=links, items=items)
    forget_store(store)
    return made


def make_codes(store: Store, rule: Promotion, size: int = 1, **values: Any) -> list[str]:
    """Codes of a new batch."""
    with scope(store.pk):
        batch = coupon_batch.create(promotion=rule, actor=system("test"), values={"name": "B", "size": size, **values})
        return list(CouponCode.objects.filter(batch=batch).order_by("code").values_list("code", flat=True))


def make_price_list(store: Store, percentage: str = "10", *, phone: str = "", **values: Any) -> PriceList:
    """A price list; with `phone` somebody new who buys by it."""
    prices = values.pop("prices", ())
    with scope(store.pk):
        columns = {"name": "Trade", "percentage": Decimal(percentage), **values}
        made = price_list.create(actor=system("test"), values=columns, prices=prices)
        if phone:
            customer = recognise(name="Trader", phone=phone, actor=system("test"))
            price_list.add_member(price_list=made, customer=customer, actor=system("test"))
    forget_store(store)
    return made


def uses(store: Store) -> list[tuple[str, bool]]:
    """(slug, whether it still counts) of every use."""
    with scope(store.pk):
        rows = PromotionUse.objects.order_by("used_at").values_list("promotion__slug", "given_back_at")
        return [(slug, given_back is None) for slug, given_back in rows]


def used(rule: Promotion) -> int:
    """The counter of a promotion with a limit."""
    with scope(rule.store_id):
        return Promotion.objects.get(pk=rule.pk).used
