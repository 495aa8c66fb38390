"""Outlets: branches of a store, their special days, and what they price or stop otherwise."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.stores.models import Outlet, OutletOverride, Product, SpecialDay, Variant
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


def create(*, actor: Actor, values: Values) -> Outlet:
    """A new outlet, last in the list unless `position` is given."""
    outlet = Outlet()
    with catalog_unit(actor=actor) as publish:
        assign(outlet, values)
        outlet.slug = outlet.slug or free_slug(Outlet.objects.all(), outlet.name)
        if "position" not in values:
            outlet.position = next_position(Outlet.objects.all())
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
        update(outlet, changed)
        if changed:
            settings_fact("outlet.updated", outlet.pk, actor=actor, changed=changed)
            publish()
    return outlet


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


def set_special_day(*, outlet: Outlet, day: date, hours: Sequence[Any], note: str = "", actor: Actor) -> SpecialDay:
    """Set the hours of one date (none: closed); replaces what was set for it."""
    with catalog_unit(actor=actor) as publish:
        row = SpecialDay.objects.filter(outlet=outlet, date=day).first() or SpecialDay(outlet=outlet, date=day)
        changed = assign(row, {"hours": list(hours), "note": note})
        if row._state.adding:
            insert(row)
        else:
            update(row, changed)
        settings_fact("outlet.updated", outlet.pk, actor=actor, changed=["special_days"])
        publish()
    return row


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
        old = (
            OutletOverride.objects.select_for_update(of=("self",), no_key=True)
            .filter(outlet=outlet, product=product, variant=variant)
            .first()
        )
        row = old or row
        changed = assign(row, {"price": values.get("price"), "status": values.get("status") or ""})
        with clashes_as_errors(OutletOverride):
            if old is None:
                insert(row)
            else:
                update(row, changed)
        settings_fact("outlet.updated", outlet.pk, actor=actor, changed=["overrides"])
        publish()
    return row


def delete_override(*, override: OutletOverride, actor: Actor) -> None:
    """Let the outlet inherit price and status again."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("outlet.updated", override.outlet_id, actor=actor, changed=["overrides"])
        remove(override)
        publish()
