"""Finding the tenant: which store a slug names, and what a caller may do there.

This is the one place of the room that looks before a scope is entered, so it uses the unscoped doors.
"""

import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor, ActorKind
from apps.core.ids import parse_uuid
from apps.core.problems import NotFound
from apps.core.redis import hint
from apps.customers.models import Customer
from apps.stores.models import Device, Role, Staff, Store, StoreStatus
from apps.stores.permissions import DEVICE_PERMISSIONS, ROLE_PERMISSIONS, Perm
from apps.users.models import User

# What can be a slug or a UUID; anything else asks neither cache nor database.
NAME = re.compile(r"[\w-]{1,50}", re.ASCII)
# How long a process may believe a slug → store answer. Changes to a store drop the entry at once; the
# time only bounds how long a lost drop (Redis away at that moment) can matter.
STORE_SECONDS = 30
# Within a process an answer is repeated for this long without asking the shared cache.
MEMORY_SECONDS = 1.0
MEMORY_SIZE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRef:
    """What every request needs to know of its store."""

    id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    language: str
    status: str
    catalog_version: int


_memory: dict[str, tuple[float, "StoreRef"]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a caller may do in a store. `outlets` empty: all of them. `role` empty: a device, of the kind `device`.

    `log_seq` is how far the store's log was when access was checked, where that was read along with it."""

    role: str
    permissions: frozenset[Perm]
    outlets: frozenset[UUID]
    actor: Actor
    log_seq: int | None = None
    device: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether the caller works in some outlets only. Owners are never limited in what they may do."""
        return bool(self.outlets) and self.role != Role.OWNER


def store_cache_key(slug_or_id: str) -> str:
    """Where a store's reference is cached."""
    return f"store:{slug_or_id}"


def find_store(slug_or_id: str) -> StoreRef:
    """The active store called so (slug or UUID). Raises 404 `store_not_found`."""
    if not NAME.fullmatch(slug_or_id):
        raise NotFound("store_not_found", _("There is no such store."))
    key = store_cache_key(slug_or_id)
    until, ref = _memory.get(key, (0.0, None))
    if ref is None or until < time.monotonic():
        ref = hint(lambda _client: cache.get(key), None) or _load_store(slug_or_id)
        remembered = ref
        hint(lambda _client: cache.set(key, remembered, STORE_SECONDS), None)
        if len(_memory) >= MEMORY_SIZE:
            _memory.clear()
        _memory[key] = (time.monotonic() + MEMORY_SECONDS, ref)
    if ref.status != StoreStatus.ACTIVE:
        raise NotFound("store_not_found", _("There is no such store."))
    return ref


def _load_store(slug_or_id: str) -> StoreRef:
    store_id = parse_uuid(slug_or_id)
    row = Store.objects.filter(Q(pk=store_id) if store_id else Q(slug=slug_or_id)).first()
    if row is None:
        raise NotFound("store_not_found", _("There is no such store."))
    return as_ref(row)


def as_ref(store: Store) -> StoreRef:
    """The reference of a loaded store."""
    return StoreRef(
        id=store.pk,
        slug=store.slug,
        name=store.name,
        currency=store.currency,
        timezone=store.timezone,
        language=(store.languages or ["pt-BR"])[0],
        status=store.status,
        catalog_version=store.catalog_version,
    )


def forget_store(store: Store) -> None:
    """Drop the cached reference after a change."""
    keys = [store_cache_key(store.slug), store_cache_key(str(store.pk))]
    for key in keys:
        _memory.pop(key, None)
    hint(lambda _client: cache.delete_many(keys), None)


# By hand, because every request of the staff asks it: a row per outlet the membership is limited to, or one without.
MEMBERSHIP = """
SELECT staff.role, link.outlet_id, log.last_seq FROM store_staff AS staff
LEFT JOIN store_staff_outlets AS link ON link.staff_id = staff.id
LEFT JOIN events_eventcursor AS log ON log.store_id = staff.store_id
WHERE staff.store_id = %s AND staff.user_id = %s AND staff.is_active
"""


def staff_access(*, user: User, store_id: UUID) -> Access | None:
    """What `user` may do in the store; None for strangers. Platform administrators may do everything."""
    if user.is_platform_admin:
        return Access(role="owner", permissions=frozenset(Perm), outlets=frozenset(), actor=staff_actor(user))
    with connection.cursor() as cursor:
        cursor.execute(MEMBERSHIP, [store_id, user.pk])
        rows: list[tuple[str, UUID | None, int | None]] = cursor.fetchall()
    if not rows:
        return None
    role, _outlet, seq = rows[0]
    outlets = frozenset(row[1] for row in rows if row[1] is not None)
    return Access(
        role=role, permissions=ROLE_PERMISSIONS[role], outlets=outlets, actor=staff_actor(user), log_seq=seq or 0
    )


def device_access(device: Device) -> Access:
    """What a paired device may do in its store."""
    outlets = frozenset([device.outlet_id]) if device.outlet_id else frozenset()
    actor = Actor(kind=ActorKind.DEVICE, id=str(device.pk), label=device.name)
    return Access(
        role="", permissions=DEVICE_PERMISSIONS[device.kind], outlets=outlets, actor=actor, device=device.kind
    )


def staff_actor(user: User) -> Actor:
    """The actor of a logged-in person."""
    return Actor(kind=ActorKind.STAFF, id=str(user.pk), label=user.display_name)


def stores_of(user: User) -> QuerySet[Store]:
    """The stores `user` works in, oldest first."""
    if user.is_platform_admin:
        return Store.objects.order_by("created_at")
    mine = Staff.objects.unscoped().filter(user=user, is_active=True).values("store_id")
    return Store.objects.filter(pk__in=mine).order_by("created_at")


def may_enter_admin(user: Any) -> bool:
    """Whether `user` works in a store, or was let into the admin by name (platform people before their first store)."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_staff or Staff.objects.unscoped().filter(user=user, is_active=True).exists()


def roles_in(user: User, store_ids: Collection[UUID]) -> dict[UUID, str]:
    """The role of `user` in each of the stores; platform administrators count as owners."""
    if user.is_platform_admin:
        return dict.fromkeys(store_ids, "owner")
    mine = Staff.objects.unscoped().filter(user=user, is_active=True, store_id__in=store_ids)
    return dict(mine.values_list("store_id", "role"))


def store_with_customer(user: User, customer_id: UUID) -> str:
    """The slug of the store, among those `user` works in, that has this customer; "" when none has. For routes that name no store."""
    owner = Customer.objects.unscoped().filter(pk=customer_id).values("store_id")
    return stores_of(user).filter(pk__in=owner).values_list("slug", flat=True).first() or ""
