"""Whether a product, variant or combo may be bought: status, pauses, outlets and windows (data/README.md "products").

Independent of any line, so the catalog can use it to mark what is sold out of hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from .context import PricingContext
from .model import Combo, OutletOverride, PricingCatalog, Product, Status, Variant, Window
from .selection import LineCode

_INHERIT = OutletOverride()


def override_for(
    catalog: PricingCatalog, outlet_id: str | None, product: Product, variant: Variant | None = None
) -> OutletOverride:
    """What the outlet says about exactly this product or variant; an empty override when it says nothing."""
    if outlet_id is None or not catalog.overrides:
        return _INHERIT
    return catalog.overrides.get((outlet_id, product.id, variant.id if variant else None), _INHERIT)


def status_code(status: Status, paused_until: datetime | None, at: datetime) -> LineCode | None:
    """The problem with a status at a moment; a pause is over at ``paused_until``."""
    if status is Status.INACTIVE:
        return LineCode.PRODUCT_INACTIVE
    if status is Status.PAUSED and not (paused_until is not None and paused_until <= at):
        return LineCode.PRODUCT_PAUSED
    return None


def in_windows(windows: Iterable[Window], at: datetime, service: str | None) -> bool:
    """Whether the moment is inside one of the windows, or there is none. Service None: any service counts."""
    rows = tuple(windows)
    return not rows or any(_in_window(row, at, service) for row in rows)


def _in_window(window: Window, at: datetime, service: str | None) -> bool:
    if window.services and service is not None and service not in window.services:
        return False
    return _in_hours(window, at)


def _in_hours(window: Window, at: datetime) -> bool:
    """The hours of a window that runs past midnight belong to the day it began on."""
    since, until, now = window.since, window.until, at.time()
    if since is None or until is None or since < until:
        after = since is None or since <= now
        before = until is None or now < until
        return after and before and _on_day(window, at)
    if now >= since:
        return _on_day(window, at)
    return now < until and _on_day(window, at - timedelta(days=1))


def _on_day(window: Window, at: datetime) -> bool:
    return not window.weekdays or at.weekday() in window.weekdays


def product_problem(catalog: PricingCatalog, product: Product, context: PricingContext) -> LineCode | None:
    """Why the product cannot be bought in this context, or None. An outlet's status replaces the product's."""
    at = context.available_at
    override = override_for(catalog, context.outlet_id, product)
    until = product.paused_until if override.status is None else override.paused_until
    code = status_code(override.status or product.status, until, at)
    return code or _place_and_time(product, context)


def variant_problem(
    catalog: PricingCatalog, product: Product, variant: Variant, context: PricingContext
) -> LineCode | None:
    """Why this variant cannot be bought although its product can, or None."""
    override = override_for(catalog, context.outlet_id, product, variant)
    until = variant.paused_until if override.status is None else override.paused_until
    return status_code(override.status or variant.status, until, context.available_at)


def combo_problem(combo: Combo, context: PricingContext) -> LineCode | None:
    """Why the combo cannot be bought in this context, or None; its parts are judged one by one."""
    code = status_code(combo.status, combo.paused_until, context.available_at)
    return code or _place_and_time(combo, context)


def _place_and_time(item: Product | Combo, context: PricingContext) -> LineCode | None:
    if item.outlet_ids and context.outlet_id is not None and context.outlet_id not in item.outlet_ids:
        return LineCode.NOT_AT_OUTLET
    if not in_windows(item.windows, context.available_at, context.service):
        return LineCode.OUTSIDE_HOURS
    return None
