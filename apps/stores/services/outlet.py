"""Outlets: branches of a store, their special days, and what they price or stop otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.stores import facts
from apps.stores.models import Outlet, OutletOverride, Product, SaleStatus, SpecialDay, Store, Variant, validators
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import (
    Values,
    assign,
    clashes_as_errors,
    free_slug,
    insert,
    next_position,
    remove,
    settings_fact,
    update,
    wrong,
)

# The longest holiday that is entered at once.
MOST_HOLIDAYS = 62


def create(*, actor: Actor, values: Values) -> Outlet:
    """A new outlet, last in the list unless `position` is given."""
    outlet = Outlet()
    with catalog_unit(actor=actor) as publish:
        assign(outlet, values)
        outlet.slug = outlet.slug or free_slug(Outlet.objects.all(), outlet.name)
        if "position" not in values:
            outlet.position = next_position(Outlet.objects.all())
        _check_taxes(outlet)
        insert(outlet)
        settings_fact("outlet.created", outlet.pk, actor=actor)
        publish()
    return outlet


def change(*, outlet: Outlet, actor: Actor, values: Values) -> Outlet:
    """Change columns. Raises 409 `last_outlet` when the only active one would be closed for good."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(outlet, values)
        if "is_active" in changed and not outlet.is_active:
            _keep_one(outlet)
        if "tax" in changed:
            _check_taxes(outlet)
        update(outlet, changed)
        if changed:
            settings_fact("outlet.updated", outlet.pk, actor=actor, changed=changed)
            publish()
    return outlet


def _check_taxes(outlet: Outlet) -> None:
    """An outlet's own rates cover every code of the store: a product's code must not lead to no tax at all."""
    if not isinstance(outlet.tax, dict):
        return
    validators.tax(outlet.tax)
    store = Store.objects.only("tax").get(pk=current_store_id())
    own = {row["code"] for row in outlet.tax.get("rates", [])}
    missing = [row["code"] for row in store.tax.get("rates", []) if row["code"] not in own]
    if missing:
        raise wrong("tax", _("Rates are missing: %(codes)s.") % {"codes": ", ".join(missing)}, "missing_rates")


def delete(*, outlet: Outlet, actor: Actor) -> None:
    """Delete an outlet that never took an order and that no membership is limited to. Raises 409 `in_use` or `last_outlet`."""
    with catalog_unit(actor=actor) as publish:
        _keep_one(outlet)
        settings_fact("outlet.deleted", outlet.pk, actor=actor)
        remove(outlet)
        publish()


def _keep_one(outlet: Outlet) -> None:
    """Two people closing the last two outlets at once do it one after the other (`catalog_unit`)."""
    if not Outlet.objects.filter(is_active=True).exclude(pk=outlet.pk).exists():
        raise Conflict("last_outlet", _("A store keeps at least one active outlet."))


def set_special_day(
    *,
    outlet: Outlet,
    day: date,
    hours: Sequence[Any],
    service_hours: Mapping[str, Any] | None = None,
    note: str = "",
    actor: Actor,
) -> SpecialDay:
    """Set the hours of one date (none: closed), for services their own; replaces what was set for it."""
    with catalog_unit(actor=actor) as publish:
        row = SpecialDay.objects.filter(outlet=outlet, date=day).first() or SpecialDay(outlet=outlet, date=day)
        changed = assign(row, {"hours": list(hours), "service_hours": dict(service_hours or {}), "note": note})
        if row._state.adding:
            insert(row)
        else:
            update(row, changed)
        settings_fact("outlet.updated", outlet.pk, actor=actor, changed=["special_days"])
        publish()
    return row


def set_holiday(
    *, outlets: Iterable[Outlet], first: date, last: date, hours: Sequence[Any], note: str = "", actor: Actor
) -> list[SpecialDay]:
    """The same hours (none: closed) on every date from `first` to `last` at all these outlets, or nowhere.

    Raises field errors for an end before the beginning and for more than `MOST_HOLIDAYS` days.
    """
    days = (last - first).days + 1
    if not 1 <= days <= MOST_HOLIDAYS:
        raise wrong("until", _("From 1 to %(most)s days.") % {"most": MOST_HOLIDAYS})
    with catalog_unit(actor=actor):
        return [
            set_special_day(outlet=outlet, day=first + timedelta(days=offset), hours=hours, note=note, actor=actor)
            for outlet in outlets
            for offset in range(days)
        ]


def delete_special_day(*, special_day: SpecialDay, actor: Actor) -> None:
    """Give a date its weekday's hours back."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("outlet.updated", special_day.outlet_id, actor=actor, changed=["special_days"])
        remove(special_day)
        publish()


def set_override(
    *, outlet: Outlet, product: Product, variant: Variant | None = None, actor: Actor, values: Values
) -> OutletOverride:
    """Set another price or status of a product or variant at an outlet; what is left out is inherited."""
    if variant is not None and variant.product_id != product.pk:
        raise wrong("variant", _("This is a variant of another product."), "not_found")
    row = OutletOverride(outlet=outlet, product=product, variant=variant)
    with catalog_unit(actor=actor) as publish:
        old = _override(outlet, product, variant)
        row = old or row
        until = values.get("paused_until") if values.get("status") == SaleStatus.PAUSED else None
        shown = {"price": values.get("price"), "status": values.get("status") or "", "paused_until": until}
        changed = assign(row, shown)
        with clashes_as_errors(OutletOverride):
            if old is None:
                insert(row)
            else:
                update(row, changed)
        settings_fact("outlet.updated", outlet.pk, actor=actor, changed=["overrides"])
        publish()
    return row


def pause_product(*, outlet_id: UUID, product: Product, until: datetime | None, actor: Actor) -> OutletOverride:
    """Take a product off sale at one outlet, for a while or until somebody resumes it. Its price there stays."""
    outlet = Outlet.objects.get(pk=outlet_id)
    with catalog_unit(actor=actor):
        old = _override(outlet, product, None)
        values = {"price": old.price if old else None, "status": SaleStatus.PAUSED, "paused_until": until}
        row = set_override(outlet=outlet, product=product, actor=actor, values=values)
        told = until.isoformat() if until else None
        product_fact(facts.PRODUCT_PAUSED, product, actor=actor, paused_until=told, outlet=str(outlet_id))
    return row


def resume_product(*, outlet_id: UUID, product: Product, actor: Actor) -> None:
    """Sell it at the outlet as at the others; fine if it was not paused there."""
    outlet = Outlet.objects.get(pk=outlet_id)
    with catalog_unit(actor=actor):
        old = _override(outlet, product, None)
        if old is None or old.status != SaleStatus.PAUSED:
            return
        if old.price is None:
            delete_override(override=old, actor=actor)
        else:
            set_override(outlet=outlet, product=product, actor=actor, values={"price": old.price})
        product_fact(facts.PRODUCT_RESUMED, product, actor=actor, outlet=str(outlet_id))


def _override(outlet: Outlet, product: Product, variant: Variant | None) -> OutletOverride | None:
    """What the outlet says of it, held until the commit."""
    rows = OutletOverride.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(outlet=outlet, product=product, variant=variant).first()


def delete_override(*, override: OutletOverride, actor: Actor) -> None:
    """Let the outlet inherit price and status again."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("outlet.updated", override.outlet_id, actor=actor, changed=["overrides"])
        remove(override)
        publish()
