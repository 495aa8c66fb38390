"""The store itself: opening one, its settings, its pictures, taking it off and back on line."""

from collections.abc import Mapping
from contextlib import ExitStack

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.core.scope import scope
from apps.stores.models import Order, Outlet, Role, Store, StoreStatus
from apps.stores.models.validators import RESERVED_SLUGS
from apps.stores.queries import access
from apps.stores.services import images, staff
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import Values, assign, free_slug, insert, settings_fact, update
from apps.users.models import User

# What a new store starts with, so that it can take an order before anybody finds the page with the hours.
FIRST_HOURS = {day: [["10:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def open_store(*, owner: User, values: Values) -> Store:
    """A new store with its main outlet; `owner` becomes its owner. Raises field errors (`slug`: `unique`, `reserved`)."""
    actor = access.staff_actor(owner)
    store = Store()
    # The scope is that of a store which does not exist yet: its id is known, its row is the first thing written.
    with scope(store.pk), catalog_unit(actor=actor):
        assign(store, values)
        store.slug = store.slug or _slug_of(store.name)
        insert(store)
        insert(Outlet(slug="main", name=store.name, phone=store.phone, hours=FIRST_HOURS, services=store.services))
        staff.add_member(user=owner, role=Role.OWNER, actor=actor)
        settings_fact("store.created", store.pk, actor=actor)
    return store


def _slug_of(name: str) -> str:
    """A free slug; who calls a store "Orders" did not choose a reserved word and is not told off for one."""
    slug = free_slug(Store.objects.all(), name)
    return free_slug(Store.objects.all(), f"{name} 1") if slug in RESERVED_SLUGS else slug


def change(
    *, store: Store, actor: Actor, values: Values, pictures: Mapping[str, ContentFile[bytes] | None] | None = None
) -> Store:
    """Change settings. `pictures` are cleaned ones for `logo` and `banner`; None takes one away.

    Raises 409 `currency_locked` once there are orders: their amounts are in the old currency.
    """
    old = Store(pk=store.pk, slug=store.slug)
    with ExitStack() as stack:
        paths = {
            name: stack.enter_context(images.stored(store, name, content)) if content is not None else ""
            for name, content in (pictures or {}).items()
        }
        publish = stack.enter_context(catalog_unit(actor=actor))
        for name in paths:
            images.discard(store, name)
        changed = assign(store, {**values, **paths})
        if "currency" in changed and Order.objects.exists():
            raise Conflict("currency_locked", _("The store has orders; its currency cannot change any more."))
        update(store, changed)
        if changed:
            settings_fact("store.updated", store.pk, actor=actor, changed=changed)
            publish()
            transaction.on_commit(lambda: access.forget_store(old))
    return store


def set_online(*, store: Store, online: bool, actor: Actor) -> Store:
    """Take the store off line (its pages and API answer 404) or put it back. Raises 409 for a suspended store."""
    if store.status == StoreStatus.SUSPENDED:
        raise Conflict("suspended", _("The platform has suspended this store."))
    status = StoreStatus.ACTIVE if online else StoreStatus.INACTIVE
    with scope(store.pk):
        return change(store=store, actor=actor, values={"status": status})
