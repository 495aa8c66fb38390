"""Delivery zones and parcel rates."""

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.stores.models import DeliveryZone, ShippingZone
from apps.stores.services import zone_rules
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import (
    Values,
    assign,
    free_slug,
    insert,
    next_position,
    remove,
    settings_fact,
    update,
    wrong,
)

Zone = DeliveryZone | ShippingZone
NOUNS = {DeliveryZone: "delivery_zone", ShippingZone: "shipping_zone"}


def create(*, zone: Zone, actor: Actor, values: Values) -> Zone:
    """Fill in and insert a new zone (pass an empty `DeliveryZone()` or `ShippingZone()`), last in its list."""
    with catalog_unit(actor=actor) as publish:
        assign(zone, values)
        rows = type(zone).objects.all()
        zone.slug = zone.slug or free_slug(rows, zone.name)
        if "position" not in values:
            zone.position = next_position(rows)
        _check(zone)
        insert(zone)
        _check_against_others(zone)
        settings_fact(f"{NOUNS[type(zone)]}.created", zone.pk, actor=actor)
        publish()
    return zone


def change(*, zone: Zone, actor: Actor, values: Values) -> Zone:
    """Change columns of a zone."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(zone, values)
        _check(zone)
        update(zone, changed)
        _check_against_others(zone)
        if changed:
            settings_fact(f"{NOUNS[type(zone)]}.updated", zone.pk, actor=actor, changed=changed)
            publish()
    return zone


def delete(*, zone: Zone, actor: Actor) -> None:
    """Delete a zone; orders keep the fee they were placed with."""
    with catalog_unit(actor=actor) as publish:
        settings_fact(f"{NOUNS[type(zone)]}.deleted", zone.pk, actor=actor)
        remove(zone)
        publish()


def _check_against_others(zone: Zone) -> None:
    """After the row's own shape is known to be sound."""
    if isinstance(zone, DeliveryZone):
        zone_rules.check_overlaps(zone)


def _check(zone: Zone) -> None:
    """What a kind of zone needs in its rule, so that a quote never meets a half-made zone."""
    if isinstance(zone, ShippingZone):
        if zone.days_from > zone.days_to:
            raise wrong("days_to", _("The most is less than the least."))
        return
    if zone.eta_from > zone.eta_to:
        raise wrong("eta_to", _("The most is less than the least."))
    zone_rules.check(zone)
