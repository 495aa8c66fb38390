"""Reads of when: an outlet's timetable from its rows, what is open now, and the slots that can still be chosen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.core.clock import local, now, zone
from apps.core.scope import current_store_id
from apps.stores.models import Outlet, ServicePause, SpecialDay, Store
from apps.stores.models import Slot as SlotRow
from apps.stores.opening import Week
from apps.stores.timetable import Pause, Slot, SlotRules, Timetable

# What one answer lists at most, however far ahead a store plans.
MOST_DAYS = 31
KEYS = ("slot_minutes", "lead_minutes", "max_days", "orders_per_slot")


def build(
    store: Store, outlet: Outlet, special_days: Sequence[SpecialDay], pauses: Iterable[ServicePause]
) -> Timetable:
    """The timetable of an outlet: its own rows, and what it inherits of the store."""
    days = {row.date: row.hours for row in special_days}
    services = set(outlet.service_hours) | {name for row in special_days for name in row.service_hours}
    base = store.scheduling
    own = outlet.scheduling or {}
    per_service: Mapping[str, Any] = own.get("services") or {}
    return Timetable(
        week=Week(days=outlet.hours, special=days),
        weeks={
            service: Week(
                days=outlet.service_hours.get(service, outlet.hours),
                special={row.date: row.service_hours.get(service, row.hours) for row in special_days},
            )
            for service in services
        },
        pauses=tuple(_pauses(store, outlet, pauses)),
        rules=_rules(base, own),
        service_rules={service: _rules(base, own, service, row) for service, row in per_service.items()},
        prep_minutes=store.prep_minutes if outlet.prep_minutes is None else outlet.prep_minutes,
    )


def _rules(
    base: Mapping[str, Any] | None, own: Mapping[str, Any], service: str = "", row: Mapping[str, Any] | None = None
) -> SlotRules | None:
    """The store's rules with what the outlet, then the service, says otherwise. None when nobody said enough."""
    if service and row is None:
        return None
    merged = {**(base or {}), **own, **(row or {})}
    if any(merged.get(key) is None for key in KEYS[:3]):
        return None
    # A service with a grid or a number of its own does not share places with the others.
    apart = bool(row) and bool({"slot_minutes", "orders_per_slot"} & set(row or {}))
    return SlotRules(
        slot_minutes=int(merged["slot_minutes"]),
        lead_minutes=int(merged["lead_minutes"]),
        max_days=int(merged["max_days"]),
        capacity=int(merged.get("orders_per_slot") or 0),
        pool=service if apart else "",
    )


def _pauses(store: Store, outlet: Outlet, rows: Iterable[ServicePause]) -> Iterable[Pause]:
    def wall(moment: datetime) -> datetime:
        return local(moment, store.timezone).replace(tzinfo=None)

    for owner in (store, outlet):
        if owner.paused_until is not None:
            yield Pause(until=wall(owner.paused_until), reason=owner.pause_reason)
    for row in rows:
        if row.outlet_id in {None, outlet.pk}:
            yield Pause(until=wall(row.until), reason=row.reason, service=row.service)


def state_of(table: Timetable, service: str | None, at: datetime, timezone: str) -> dict[str, Any]:
    """`is_open`, `opens_at`, `closes_at` (store time), `paused_until` (a moment) and `pause_reason` of a service."""
    state, pause = table.week_of(service).at(at), table.pause_at(service, at)
    return {
        "is_open": state.is_open and pause is None,
        "opens_at": state.opens_at,
        "closes_at": state.closes_at,
        "paused_until": pause.until.replace(tzinfo=zone(timezone)) if pause else None,
        "pause_reason": pause.reason if pause else "",
    }


def breaks(at: datetime) -> list[dict[str, Any]]:
    """Every break of the store in scope that is on at a moment, the longest first."""
    names: dict[UUID | None, str] = dict(Outlet.objects.values_list("pk", "name"))
    store = Store.objects.only("paused_until", "pause_reason").get(pk=current_store_id())
    rows: list[tuple[UUID | None, str, datetime | None, str]] = [(None, "", store.paused_until, store.pause_reason)]
    rows += [(row.pk, "", row.paused_until, row.pause_reason) for row in Outlet.objects.all()]
    rows += [(row.outlet_id, row.service, row.until, row.reason) for row in ServicePause.objects.all()]
    found: list[dict[str, Any]] = [
        {
            "outlet": outlet,
            "outlet_name": names.get(outlet, ""),
            "service": service,
            "paused_until": until,
            "reason": reason,
        }
        for outlet, service, until, reason in rows
        if until is not None and until > at
    ]
    return sorted(found, key=lambda row: str(row["paused_until"]), reverse=True)


def moment_of(wall: datetime, timezone: str) -> datetime:
    """A wall clock time of the store as a moment."""
    return wall.replace(tzinfo=zone(timezone)).astimezone(UTC)


def exists(wall: datetime, timezone: str) -> bool:
    """Whether the clock of the store ever shows this: it jumps over an hour in spring."""
    return local(moment_of(wall, timezone), timezone).replace(tzinfo=None) == wall


def free_slots(
    *, outlet_id: UUID, table: Timetable, service: str, timezone: str, first: date | None = None, days: int = MOST_DAYS
) -> list[dict[str, Any]]:
    """The slots of some days: `[{date, slots: [{starts_at, ends_at, time_slot, available, remaining}]}]`. One query.

    Only what can still be chosen by lead time and horizon is listed; a full slot is listed as not available.
    `remaining` is None where there is no limit.
    """
    rules = table.rules_of(service)
    if rules is None:
        return []
    at = local(now(), timezone).replace(tzinfo=None)
    since, until = rules.window(at)
    begin = max(first or since.date(), since.date())
    last = min(until.date(), begin + timedelta(days=max(1, min(days, MOST_DAYS)) - 1))
    found: dict[date, list[Slot]] = {}
    for offset in range(-1, (last - begin).days + 1):  # an opening of the evening before may run over midnight
        for slot in table.slots_of(service, begin + timedelta(days=offset)):
            wanted = since <= slot.starts <= until and begin <= slot.starts.date() <= last
            if wanted and exists(slot.starts, timezone):
                found.setdefault(slot.starts.date(), []).append(slot)
    taken = _taken(outlet_id, rules.pool, [slot for slots in found.values() for slot in slots], timezone)
    return [
        {"date": day, "slots": [_shown(slot, table, service, rules, taken, timezone) for slot in slots]}
        for day, slots in sorted(found.items())
    ]


def _taken(outlet_id: UUID, pool: str, slots: Sequence[Slot], timezone: str) -> dict[datetime, int]:
    if not slots:
        return {}
    moments = [moment_of(slot.starts, timezone) for slot in slots]
    rows = SlotRow.objects.filter(
        outlet_id=outlet_id, pool=pool, starts_at__gte=min(moments), starts_at__lte=max(moments)
    )
    return dict(rows.values_list("starts_at", "taken"))


def _shown(
    slot: Slot, table: Timetable, service: str, rules: SlotRules, taken: Mapping[datetime, int], timezone: str
) -> dict[str, Any]:
    starts = moment_of(slot.starts, timezone)
    left = max(rules.capacity - taken.get(starts, 0), 0) if rules.capacity else None
    return {
        "starts_at": local(starts, timezone),
        "ends_at": local(moment_of(slot.ends, timezone), timezone),
        "time_slot": f"{slot.starts:%H:%M}-{slot.ends:%H:%M}",
        "remaining": left,
        "available": left != 0 and table.pause_at(service, slot.starts) is None,
    }
