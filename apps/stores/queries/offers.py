"""A store's promotions and price lists as the values the pricing engine works on; part of every menu bundle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.stores.models import (
    PriceList,
    PriceListPrice,
    Product,
    Promotion,
    PromotionCategory,
    PromotionItem,
    PromotionOutlet,
    PromotionProduct,
    PromotionTrigger,
    PromotionType,
)
from apps.stores.opening import WEEKDAYS
from apps.stores.pricing import rules

# Stands for "nothing": a type without products must not become an empty scope, which means every line.
NOTHING = "nothing"
# The code of a promotion with single-use codes. Nobody can enter it (`coupon_codes.normal` lets no NUL pass).
UNREACHABLE = "\0"

Ids = Mapping[UUID, list[UUID]]


@dataclass(slots=True, kw_only=True)
class OfferRows:
    """Promotions with their links, and price lists, as rows."""

    promotions: list[Promotion]
    products: Ids
    categories: Ids
    types: Ids
    outlets: Ids
    items: Mapping[UUID, list[PromotionItem]]
    price_lists: list[PriceList]
    prices: Mapping[UUID, list[PriceListPrice]]


def load_offers() -> OfferRows:
    """The rows of the store in scope: what is switched off stays readable, so that its code can say so."""
    promotions = list(Promotion.objects.order_by("priority", "slug"))
    lists = list(PriceList.objects.filter(is_active=True))
    if not promotions:
        empty: dict[UUID, Any] = {}
        return OfferRows(
            promotions=[], products=empty, categories=empty, types=empty, outlets=empty, items=empty,
            price_lists=lists, prices=_prices(lists),
        )  # fmt: skip
    return OfferRows(
        promotions=promotions,
        products=_ids(PromotionProduct.objects.values_list("promotion_id", "product_id")),
        categories=_ids(PromotionCategory.objects.values_list("promotion_id", "category_id")),
        types=_ids(PromotionType.objects.values_list("promotion_id", "product_type_id")),
        outlets=_ids(PromotionOutlet.objects.values_list("promotion_id", "outlet_id")),
        items=_grouped(PromotionItem.objects.order_by("id"), "promotion_id"),
        price_lists=lists,
        prices=_prices(lists),
    )


def _prices(lists: list[PriceList]) -> Mapping[UUID, list[PriceListPrice]]:
    return _grouped(PriceListPrice.objects.filter(price_list__in=lists), "price_list_id") if lists else {}


def _grouped(rows: Iterable[Any], key: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _ids(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for parent, child in pairs:
        found[parent].append(child)
    return found


def promotions(rows: OfferRows, products: Iterable[Product]) -> tuple[rules.Promotion, ...]:
    """The promotions, in the order they are looked at."""
    by_type: dict[UUID, list[str]] = defaultdict(list)
    for product in products:
        if product.product_type_id is not None:
            by_type[product.product_type_id].append(str(product.pk))
    return tuple(_promotion(row, rows, by_type) for row in rows.promotions)


def _promotion(row: Promotion, rows: OfferRows, by_type: Mapping[UUID, list[str]]) -> rules.Promotion:
    return rules.Promotion(
        id=str(row.pk),
        slug=row.slug,
        name=row.name,
        kind=rules.PromotionKind(row.kind),
        code=row.code or (UNREACHABLE if row.trigger == PromotionTrigger.SINGLE_USE else None),
        value=row.value,
        buy=row.buy,
        get=row.get,
        items=tuple(
            rules.BundleItem(product_id=str(item.product_id), quantity=item.quantity)
            for item in rows.items.get(row.pk, ())
        ),
        scope=_scope(row, rows, by_type),
        min_subtotal=row.min_subtotal,
        max_discount=row.max_discount,
        starts=row.starts,
        ends=row.ends,
        weekdays=frozenset(WEEKDAYS.index(day) for day in row.weekdays),
        since=row.since,
        until=row.until,
        services=frozenset(row.services),
        channels=frozenset(row.channels),
        outlets=frozenset(map(str, rows.outlets.get(row.pk, ()))),
        first_order=row.first_order,
        per_customer_limit=row.per_customer_limit,
        total_limit=row.total_limit,
        retail_only=row.retail_only,
        combinable=row.combinable,
        priority=row.priority,
        enabled=row.is_active,
    )


def _scope(row: Promotion, rows: OfferRows, by_type: Mapping[UUID, list[str]]) -> rules.Scope:
    products = list(map(str, rows.products.get(row.pk, ())))
    for kind in rows.types.get(row.pk, ()):
        products += [NOTHING, *by_type.get(kind, ())]
    return rules.Scope(products=frozenset(products), categories=frozenset(map(str, rows.categories.get(row.pk, ()))))


def price_lists(rows: OfferRows) -> dict[str, rules.PriceList]:
    """The price lists in force, by id."""
    return {str(row.pk): _price_list(row, rows) for row in rows.price_lists}


def _price_list(row: PriceList, rows: OfferRows) -> rules.PriceList:
    return rules.PriceList(
        id=str(row.pk),
        name=row.name,
        percentage=Decimal(row.percentage),
        prices={
            (str(price.product_id), str(price.variant_id) if price.variant_id else None): price.price
            for price in rows.prices.get(row.pk, ())
        },
        min_order=row.min_order,
    )
