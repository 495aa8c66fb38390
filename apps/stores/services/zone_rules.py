"""What a delivery zone has to be, alone and beside the others, so that a quote never meets a half-made or a hidden one."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.stores.models import DeliveryZone, ZoneKind, zone_shapes
from apps.stores.services.saving import wrong

NEEDED: dict[str, tuple[str, ...]] = {
    ZoneKind.DISTANCE: ("max_km",), ZoneKind.POLYGON: ("polygon",), ZoneKind.NEIGHBOURHOOD: (),
    ZoneKind.BAND: ("to_km",), ZoneKind.ZIP: ("ranges",),
}  # fmt: skip


def check(zone: DeliveryZone) -> None:
    """What its kind needs in `rule`, and that its numbers are in order. Raises a field error."""
    rule: Mapping[str, Any] = zone.rule if isinstance(zone.rule, dict) else {}
    for name in NEEDED.get(zone.kind, ()):
        if rule.get(name) is None:
            raise wrong("rule", _("This kind of zone needs “%(name)s”.") % {"name": name}, "required")
    if zone.kind == ZoneKind.DISTANCE:
        _check_distance(rule)
    if zone.kind == ZoneKind.BAND and not (_km(rule, "from_km") or Decimal(0)) < (_km(rule, "to_km") or Decimal(0)):
        raise wrong("rule", _("A ring ends further away than it begins."))


def _check_distance(rule: Mapping[str, Any]) -> None:
    flat, far, most = _km(rule, "flat_km") or Decimal(0), _km(rule, "far_km"), _km(rule, "max_km") or Decimal(0)
    if most <= 0 or flat > most:
        raise wrong("rule", _("The furthest distance is less than what the flat fee covers."))
    if (far is None) != (rule.get("far_per_km") is None):
        raise wrong("rule", _("A rate for far away needs both “far_km” and “far_per_km”."), "required")
    if far is not None and not flat <= far <= most:
        raise wrong("rule", _("Far away begins after the flat distance and before the furthest."))


def _km(rule: Mapping[str, Any], name: str) -> Decimal | None:
    """A distance of the rule; None when it is missing, or is none (which the column's own check says)."""
    try:
        return None if rule.get(name) is None else Decimal(str(rule[name]))
    except InvalidOperation:
        return None


def check_overlaps(zone: DeliveryZone) -> None:
    """No other active zone of the kind, at the same outlet, claims the same place. Raises a field error `overlap`.

    Areas on the map may overlap on purpose (the first one counts), and so may neighbourhoods of different cities.
    """
    compare = CLASHES.get(zone.kind)
    if compare is None or not zone.is_active:
        return
    others = DeliveryZone.objects.filter(kind=zone.kind, is_active=True).exclude(pk=zone.pk)
    if zone.outlet_id is not None:
        others = others.filter(Q(outlet=None) | Q(outlet_id=zone.outlet_id))
    for other in others.order_by("position", "name"):
        if compare(zone.rule, other.rule):
            raise wrong("rule", _("This overlaps with “%(name)s”.") % {"name": other.name}, "overlap")


def _rings_clash(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    start_a, start_b = _km(a, "from_km") or Decimal(0), _km(b, "from_km") or Decimal(0)
    return start_a < (_km(b, "to_km") or Decimal(0)) and start_b < (_km(a, "to_km") or Decimal(0))


def _codes_clash(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return any(zone_shapes.overlap(x, y) for x in a.get("ranges", []) for y in b.get("ranges", []))


CLASHES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]] = {
    ZoneKind.BAND: _rings_clash,
    ZoneKind.ZIP: _codes_clash,
    ZoneKind.DISTANCE: lambda _a, _b: True,  # the second formula would never be asked
}
