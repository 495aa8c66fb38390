"""The same change to many products: all of them, or – with an error per row – none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.money import MAX_DIGITS, round_money
from apps.core.problems import Invalid, Text
from apps.core.scope import current_store_id
from apps.events.registry import Fact
from apps.stores import facts
from apps.stores.models import Category, Product, SaleStatus, Store, Variant
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import touch

MAX_ROWS = 500
HIGHEST_PRICE = Decimal(10) ** (MAX_DIGITS - 2)


class BulkAction(StrEnum):
    """What can be done to many products at once."""

    PAUSE = "pause"
    UNPAUSE = "unpause"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    PRICE_PERCENT = "price_percent"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """An action and what it takes: `until` of a pause, `percent` (−90 … 500) of prices, the `category` to move to."""

    action: BulkAction
    until: datetime | None = None
    percent: Decimal = Decimal(0)
    category: Category | None = None

    def raised(self, price: Decimal, currency: str) -> Decimal:
        """The price after the percentage, rounded to the currency."""
        return round_money(price * (100 + self.percent) / 100, currency)


FACTS: Mapping[BulkAction, Fact] = {BulkAction.PAUSE: facts.PRODUCT_PAUSED, BulkAction.UNPAUSE: facts.PRODUCT_RESUMED}
COLUMNS = ["status", "paused_until", "price", "category", "updated_at"]


def apply(*, ids: Sequence[UUID], wish: BulkChange, actor: Actor) -> int:
    """Change the products. Returns how many really changed.

    Raises `Invalid` `bulk_refused` with `errors` keyed `ids.<index>`; then nothing was changed.
    """
    with catalog_unit(actor=actor) as publish:
        rows, currency = _lock_rows(ids), _currency()
        _refuse_bad_rows(ids, rows, wish, currency)
        changed = [product for product in rows.values() if _CHANGES[wish.action](product, wish, currency)]
        touch(changed)
        Product.objects.bulk_update(changed, COLUMNS)
        if wish.action is BulkAction.PRICE_PERCENT:
            changed = _change_variants(rows, changed, wish, currency)
        for product in changed:
            product_fact(
                FACTS.get(wish.action, facts.PRODUCT_UPDATED), product, actor=actor, changed=[str(wish.action)]
            )
        if changed:
            publish()
    return len(changed)


def _lock_rows(ids: Sequence[UUID]) -> dict[UUID, Product]:
    rows = Product.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return {product.pk: product for product in rows}


def _refuse_bad_rows(ids: Sequence[UUID], rows: Mapping[UUID, Product], wish: BulkChange, currency: str) -> None:
    errors: dict[str, list[Text]] = {}
    codes: dict[str, list[str]] = {}
    for index, pk in enumerate(ids):
        problem = _row_problem(rows.get(pk), wish, currency)
        if problem is not None:
            codes[f"ids.{index}"], errors[f"ids.{index}"] = [problem[0]], [problem[1]]
    if errors:
        raise Invalid(
            "bulk_refused", _("Some products cannot be changed so. Nothing was changed."), errors=errors, codes=codes
        )


def _row_problem(product: Product | None, wish: BulkChange, currency: str) -> tuple[str, Text] | None:
    if product is None:
        return "not_found", _("There is no such product.")
    if wish.action in {BulkAction.PAUSE, BulkAction.UNPAUSE} and product.status == SaleStatus.INACTIVE:
        return "not_active", _("The product is not on the menu.")
    if (
        wish.action is BulkAction.PRICE_PERCENT
        and product.price
        and wish.raised(product.price, currency) >= HIGHEST_PRICE
    ):
        return "invalid", _("The price would be too high.")
    return None


def _set_status(product: Product, status: SaleStatus, until: datetime | None) -> bool:
    if product.status == status and product.paused_until == until:
        return False
    product.status, product.paused_until = status, until
    return True


def _pause(product: Product, wish: BulkChange, currency: str) -> bool:
    return _set_status(product, SaleStatus.PAUSED, wish.until)


def _activate(product: Product, wish: BulkChange, currency: str) -> bool:
    return _set_status(product, SaleStatus.ACTIVE, None)


def _deactivate(product: Product, wish: BulkChange, currency: str) -> bool:
    return _set_status(product, SaleStatus.INACTIVE, None)


def _move(product: Product, wish: BulkChange, currency: str) -> bool:
    if wish.category is None or product.category_id == wish.category.pk:
        return False
    product.category = wish.category
    return True


def _reprice(product: Product, wish: BulkChange, currency: str) -> bool:
    old = product.price
    if old is None:
        return False
    product.price = wish.raised(old, currency)
    return product.price != old


_CHANGES: Mapping[BulkAction, Callable[[Product, BulkChange, str], bool]] = {
    BulkAction.PAUSE: _pause,
    BulkAction.UNPAUSE: _activate,
    BulkAction.ACTIVATE: _activate,
    BulkAction.DEACTIVATE: _deactivate,
    BulkAction.PRICE_PERCENT: _reprice,
    BulkAction.CATEGORY: _move,
}


def _currency() -> str:
    return Store.objects.values_list("currency", flat=True).get(pk=current_store_id())


def _change_variants(
    rows: Mapping[UUID, Product], changed: list[Product], wish: BulkChange, currency: str
) -> list[Product]:
    """Variants carry the prices of products sold by variant. Returns every product that changed."""
    variants = list(
        Variant.objects.select_for_update(of=("self",), no_key=True).filter(product__in=rows).order_by("pk")
    )
    for variant in variants:
        variant.price = min(wish.raised(variant.price, currency), HIGHEST_PRICE - 1)
    Variant.objects.bulk_update(variants, ["price"])
    touched = {product.pk for product in changed} | {variant.product_id for variant in variants}
    return [product for pk, product in rows.items() if pk in touched]
