"""Writers of wishlists. Each is safe to repeat and to race: the unique constraint has the last word."""

from typing import Any
from uuid import UUID

from apps.core.scope import current_store_id
from apps.customers.models import WishlistItem
from apps.customers.queries.wishlist import is_wished
from apps.events.services import unit_of_work
from apps.users.models import User

MAX_WISHES = 500


def add(*, user: User, product_id: UUID | None = None, combo_id: UUID | None = None) -> None:
    """Wish for a product or a combo; fine if it is wished for already. Past a few hundred the oldest wish goes."""
    with unit_of_work():
        row = WishlistItem(store_id=current_store_id(), user=user, product_id=product_id, combo_id=combo_id)
        WishlistItem.objects.bulk_create([row], ignore_conflicts=True)
        mine = WishlistItem.objects.filter(user=user).order_by("-added_at", "-id")
        WishlistItem.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MAX_WISHES:])).delete()


def remove(*, user: User, product_id: UUID | None = None, combo_id: UUID | None = None) -> None:
    """No longer wish for it; fine if nobody did."""
    with unit_of_work():
        target: dict[str, Any] = {"product_id": product_id, "combo_id": combo_id}
        WishlistItem.objects.filter(user=user, **target).delete()


def toggle(*, user: User, product_id: UUID | None = None, combo_id: UUID | None = None) -> bool:
    """Wish if it was not wished for, else no longer. Returns whether it is on the list now."""
    with unit_of_work():
        target = {"product_id": product_id, "combo_id": combo_id}
        if is_wished(user, **target):
            remove(user=user, **target)
            return False
        add(user=user, **target)
        return True
