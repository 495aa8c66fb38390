"""Writers of saved views. A person's own are nobody else's business; the store's own are settings and leave a fact."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.events.services import unit_of_work
from apps.stores.models import SavedView
from apps.stores.services.catalog_unit import take_turn
from apps.stores.services.saving import Values, assign, insert, remove, settings_fact, update

MOST = 50


def create(*, user_id: UUID | None, actor: Actor, values: Values) -> SavedView:
    """Keep a view (`user_id` None: for everybody). Raises a field error `unique`, 409 `too_many_views`."""
    row = SavedView(user_id=user_id)
    with unit_of_work():
        take_turn(current_store_id())  # so that two at once cannot both find room
        owner = Q(user=None) if user_id is None else Q(user_id=user_id)
        if SavedView.objects.filter(owner).count() >= MOST:
            raise Conflict("too_many_views", _("That is enough: delete a view you do not need."))
        assign(row, values)
        insert(row)
        _tell(row, "created", actor)
    return row


def change(*, view: SavedView, actor: Actor, values: Values) -> SavedView:
    """Rename it or change its filters."""
    with unit_of_work():
        update(view, assign(view, values))
        _tell(view, "updated", actor)
    return view


def delete(*, view: SavedView, actor: Actor) -> None:
    """Forget it."""
    with unit_of_work():
        _tell(view, "deleted", actor)
        remove(view)


def _tell(view: SavedView, what: str, actor: Actor) -> None:
    if view.user_id is None:
        settings_fact(f"order_view.{what}", view.pk, actor=actor)
