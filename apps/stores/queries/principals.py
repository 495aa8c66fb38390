"""Who holds a token, and what it lets them look at in a store: the door of every socket.

A socket has no request, so what `api.base` does for HTTP is done here once: token → person or device → access.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Forbidden, NotFound, Unauthenticated
from apps.stores import facts_staff
from apps.stores.models import Device
from apps.stores.permissions import Perm
from apps.stores.queries import access as access_queries
from apps.stores.queries.access import Access, StoreRef
from apps.stores.queries.devices import device_by_token
from apps.users import queries as user_queries
from apps.users.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Leave to look at one store, for as long as nothing in the log ends it."""

    store: StoreRef
    access: Access
    user_id: UUID | None = None
    device_id: UUID | None = None
    station: str = ""

    def is_ended_by(self, fact: str, payload: Mapping[str, Any]) -> bool:
        """Whether this fact ends the leave. Any change of a membership does: who still may look comes in again."""
        if fact in (facts_staff.STAFF_REMOVED.name, facts_staff.STAFF_UPDATED.name):
            return self.user_id is not None and payload.get("user_id") == str(self.user_id)
        if fact == facts_staff.DEVICE_REVOKED.name:
            return self.device_id is not None and payload.get("device_id") == str(self.device_id)
        return False


def principal_of(token: str) -> User | Device | None:
    """The person (40-hex token or access JWT) or paired device behind a token. One query at most; never raises."""
    return user_queries.user_of(token) or device_by_token(token)


def let_in(token: str, *, store: str, needed: Perm) -> Pass:
    """Leave to look at `store` (slug or UUID) with the permission `needed`.

    Raises 401 `token_not_valid`, 404 `store_not_found`, 403 `forbidden` – the last also for a member of another store.
    """
    principal = principal_of(token)
    if principal is None:
        raise Unauthenticated("token_not_valid", _("Your session has ended. Log in again."))
    if not store.isprintable():
        raise NotFound("store_not_found", _("There is no such store."))
    ref = access_queries.find_store(store)
    access = _access(principal, ref.id)
    if access is None or needed not in access.permissions:
        raise Forbidden("forbidden", _("You may not do this."))
    if isinstance(principal, Device):
        return Pass(store=ref, access=access, device_id=principal.pk, station=principal.station)
    return Pass(store=ref, access=access, user_id=principal.pk)


def _access(principal: User | Device, store_id: UUID) -> Access | None:
    if isinstance(principal, Device):
        return access_queries.device_access(principal) if principal.store_id == store_id else None
    return access_queries.staff_access(user=principal, store_id=store_id)
