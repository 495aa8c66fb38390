"""Reads of tables: the rows of an export, with the columns an import of the same kind takes."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.core.money import exponent_of
from apps.customers.models import Customer, IdentityKind
from apps.stores.models import OutletOverride, Product, StockLevel, Store, Variant

MOST = 100_000
Cells = list[Any]


def rows(kind: str, store_id: UUID, outlets: frozenset[UUID]) -> list[Cells]:
    """The rows of a table of the store in scope. `outlets`: those the person is limited to; empty: all."""
    currency = Store.objects.values_list("currency", flat=True).get(pk=store_id)
    found: Iterator[Cells] = {"products": _products, "prices": _prices, "stock": _stock, "customers": _customers}[kind](
        exponent_of(currency), outlets
    )
    return [row for _number, row in zip(range(MOST), found, strict=False)]


def _money(value: Decimal | None, exponent: int) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-exponent))


def _products(exponent: int, outlets: frozenset[UUID]) -> Iterator[Cells]:
    for row in Product.objects.select_related("category").order_by("category__position", "position", "pk"):
        money = [_money(value, exponent) for value in (row.price, row.compare_at_price, row.cost_price)]
        yield [row.sku, row.name, row.category.name, *money, row.status, row.barcode, row.description]


def _prices(exponent: int, outlets: frozenset[UUID]) -> Iterator[Cells]:
    for row in Product.objects.exclude(price=None).order_by("sku"):
        money = [_money(value, exponent) for value in (row.price, row.compare_at_price, row.cost_price)]
        yield [row.sku, row.name, *money, ""]
    for form in Variant.objects.select_related("product").order_by("sku"):
        yield [form.sku, f"{form.product.name} – {form.name}", _money(form.price, exponent), None, None, ""]
    own = OutletOverride.objects.exclude(price=None).select_related("outlet", "product", "variant")
    for special in own.filter(outlet__in=outlets) if outlets else own:
        sold = special.variant or special.product
        yield [sold.sku, special.product.name, _money(special.price, exponent), None, None, special.outlet.slug]


def _stock(exponent: int, outlets: frozenset[UUID]) -> Iterator[Cells]:
    levels = StockLevel.objects.filter(option=None).select_related("outlet", "product", "variant__product")
    for level in levels.filter(Q(outlet=None) | Q(outlet__in=outlets)) if outlets else levels:
        sold = level.variant or level.product
        name = f"{level.variant.product.name} – {level.variant.name}" if level.variant else str(level.product)
        place = level.outlet.slug if level.outlet else ""
        yield [getattr(sold, "sku", ""), name, level.on_hand, level.low_threshold, place]


def _customers(exponent: int, outlets: frozenset[UUID]) -> Iterator[Cells]:
    for row in Customer.objects.prefetch_related("identities").order_by("created_at", "pk"):
        known = {identity.kind: identity.value for identity in row.identities.all()}
        yield [row.name, known.get(IdentityKind.PHONE, ""), known.get(IdentityKind.EMAIL, "")]
