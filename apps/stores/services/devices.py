"""Pairing screens without a keyboard: the device shows a code, a manager claims it, the device picks its token up.

The device keeps a secret of its own from the start, so reading the code off the screen is not enough to get its token; the
token is made at the moment it is picked up, so nothing but its hash is ever stored.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.bearer import digest, new_secret
from apps.core.clock import now
from apps.core.ids import readable_code
from apps.core.problems import Conflict, Forbidden, Invalid, NotFound, Unavailable
from apps.core.scope import current_store_id, scope
from apps.events.registry import Fact, Subject
from apps.events.services import record, unit_of_work
from apps.stores import facts_staff
from apps.stores.models import Device, DevicePairing, Outlet, Role, Store
from apps.stores.queries import devices as queries
from apps.stores.queries.access import Access
from apps.users.services import attempts

CODE_LENGTH = 6
CODE_TRIES = 5
LIFE = timedelta(minutes=10)
# A screen that was claimed but lost its network for a while may still pick its token up.
KEEP = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=5)

PAIR_PER_ADDRESS = attempts.Limit(
    name="device-pair", most=30, window=timedelta(minutes=10), cooldown=timedelta(minutes=5)
)
# Six characters are 887 million codes; ten wrong ones in ten minutes will not find a stranger's screen.
CLAIM_PER_PERSON = attempts.Limit(
    name="device-claim", most=10, window=timedelta(minutes=10), cooldown=timedelta(minutes=10)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """What a screen is told at the start: the code to show, and the secret to come back with."""

    code: str
    secret: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Where a pairing stands. `token` is set exactly once, at the first look after the claim."""

    status: Literal["pending", "claimed", "expired"]
    token: str = field(default="", repr=False)
    device: Device | None = None
    store: Store | None = None


def start_pairing(*, address: str) -> Pairing:
    """A new code for a screen. Raises 429."""
    attempts.spend(PAIR_PER_ADDRESS, address)
    DevicePairing.objects.filter(expires_at__lt=now() - KEEP).delete()
    secret, expires_at = new_secret(), now() + LIFE
    for _attempt in range(CODE_TRIES):
        code = readable_code(CODE_LENGTH)
        try:
            with transaction.atomic():
                DevicePairing.objects.create(code=code, secret_hash=digest(secret), expires_at=expires_at)
        except IntegrityError:
            continue  # the code is on another screen right now
        return Pairing(code=code, secret=secret, expires_at=expires_at)
    raise Unavailable("no_code_free", _("Too many screens are being paired. Try again."), retry_after=5)


def claim(*, by: Access, code: str, name: str, kind: str, station: str = "", outlet: UUID | None = None) -> Device:
    """Make the screen that shows `code` a device of the store in scope. Records `device.paired`.

    Raises 404 `pairing_unknown`, 409 `pairing_claimed`, 400 for an unknown outlet, 403 `outlet_not_yours`, 429.
    """
    attempts.spend(CLAIM_PER_PERSON, by.actor.id)
    _check_outlet(by, outlet)
    shown = "".join(code.split()).replace("-", "").upper()
    with unit_of_work():
        device = Device.objects.create(
            name=name, kind=kind, station=station, outlet_id=outlet, paired_by_id=by.actor.id, paired_at=now()
        )
        if not _take(shown, device):
            raise _refusal(shown)
        _record(facts_staff.DEVICE_PAIRED, device, by=by)
    attempts.forgive(CLAIM_PER_PERSON, by.actor.id)
    return device


def _check_outlet(by: Access, outlet: UUID | None) -> None:
    if outlet is not None and not Outlet.objects.filter(pk=outlet).exists():
        text = _("This store has no such outlet.")
        raise Invalid("invalid", text, errors={"outlet": [text]})
    if by.outlets and by.role != Role.OWNER and outlet not in by.outlets:
        raise Forbidden("outlet_not_yours", _("You may only pair devices of your own outlets."))


def _take(code: str, device: Device) -> bool:
    """Tie the pairing to the device unless somebody else just did: of two claims, one changes the row."""
    free = DevicePairing.objects.filter(code=code, device__isnull=True, expires_at__gt=now())
    return free.update(device=device, store_id=current_store_id()) == 1


def _refusal(code: str) -> Conflict | NotFound:
    if DevicePairing.objects.filter(code=code, device__isnull=False, expires_at__gt=now()).exists():
        return Conflict("pairing_claimed", _("Somebody else has just claimed this screen."))
    return NotFound("pairing_unknown", _("No screen shows this code. Codes are good for ten minutes."))


def poll(*, secret: str) -> Poll:
    """Where the pairing of a screen stands; the first look after the claim picks the token up. Never raises."""
    pairing = queries.pairing_by_secret(secret)
    if pairing is None:
        return Poll(status="expired")
    if pairing.device_id is None or pairing.store_id is None:
        return Poll(status="pending" if pairing.expires_at > now() else "expired")
    with scope(pairing.store_id):
        device = Device.objects.select_related("store").filter(pk=pairing.device_id, revoked_at__isnull=True).first()
        if device is None:
            return Poll(status="expired")
        return Poll(status="claimed", token=_pick_up(device), device=device, store=device.store)


def _pick_up(device: Device) -> str:
    """The device's token if nobody picked it up before, else nothing."""
    token = new_secret()
    waiting = Device.objects.filter(pk=device.pk, token_hash="", revoked_at__isnull=True)
    return token if waiting.update(token_hash=digest(token)) == 1 else ""


def revoke(*, by: Access, device_id: UUID) -> Device:
    """Take a device's access away, at once and for good; revoking twice changes nothing. Records `device.revoked`.

    Raises 404 `device_not_found`, 403 `outlet_not_yours`.
    """
    with unit_of_work():
        device = queries.device(device_id)
        _check_outlet(by, device.outlet_id)
        if Device.objects.filter(pk=device_id, revoked_at__isnull=True).update(revoked_at=now()):
            _record(facts_staff.DEVICE_REVOKED, device, by=by)
    return queries.device(device_id)


def note_seen(device: Device) -> None:
    """Remember that a device is alive, at most every five minutes: a screen asks all day."""
    moment = now()
    if device.last_seen_at is None or device.last_seen_at < moment - SEEN_EVERY:
        with scope(device.store_id):
            Device.objects.filter(pk=device.pk).update(last_seen_at=moment)


def _record(fact: Fact, device: Device, *, by: Access) -> None:
    payload = {"device_id": str(device.pk), "name": device.name, "kind": device.kind}
    record(fact, subject=Subject(type="device", id=device.pk), payload=payload, actor=by.actor)
