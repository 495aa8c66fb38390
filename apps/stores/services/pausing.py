"""Taking a break: the whole store, one outlet, or one service, until a moment. Breaks end by themselves."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.scope import current_store_id
from apps.events.registry import Fact, Subject
from apps.events.services import record
from apps.stores import facts_when
from apps.stores.models import Outlet, Service, ServicePause, Store
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import insert, update, wrong


def pause(*, until: datetime, reason: str = "", outlet: Outlet | None = None, service: str = "", actor: Actor) -> None:
    """Take no orders until `until`. A second pause of the same thing replaces the first."""
    _check_service(service)
    with catalog_unit(actor=actor) as publish:
        _set(outlet, service, until, reason)
        _tell(facts_when.STORE_PAUSED, outlet, service, actor, until=until.isoformat(), reason=reason)
        publish()


def resume(*, outlet: Outlet | None = None, service: str = "", actor: Actor) -> None:
    """Take orders again at once; fine if nothing was paused."""
    _check_service(service)
    with catalog_unit(actor=actor) as publish:
        if _set(outlet, service, None, ""):
            _tell(facts_when.STORE_RESUMED, outlet, service, actor)
            publish()


def _check_service(service: str) -> None:
    if service and service not in Service.values:
        raise wrong("service", _("There is no such service."), "unknown_service")


def _set(outlet: Outlet | None, service: str, until: datetime | None, reason: str) -> bool:
    """Write it down; whether anything changed."""
    if service:
        return _set_service(outlet, service, until, reason)
    row: Store | Outlet
    if outlet is None:
        row = Store.objects.select_for_update(no_key=True).get(pk=current_store_id())
    else:
        row = Outlet.objects.select_for_update(no_key=True).get(pk=outlet.pk)
    if until is None and row.paused_until is None:
        return False
    row.paused_until, row.pause_reason = until, reason
    update(row, ["paused_until", "pause_reason"])
    return True


def _set_service(outlet: Outlet | None, service: str, until: datetime | None, reason: str) -> bool:
    gone, _kinds = ServicePause.objects.filter(outlet=outlet, service=service).delete()
    if until is not None:
        insert(ServicePause(outlet=outlet, service=service, until=until, reason=reason))
    return bool(gone) or until is not None


def _tell(fact: Fact, outlet: Outlet | None, service: str, actor: Actor, **more: str) -> None:
    payload = {"outlet": str(outlet.pk) if outlet else None, "service": service, **more}
    record(fact, subject=Subject(type="store", id=current_store_id()), payload=payload, actor=actor)
