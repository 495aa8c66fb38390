"""The link of a draft: what its holder sees, and his yes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor, ActorKind
from apps.core.clock import now
from apps.core.problems import NotFound
from apps.core.scope import scope
from apps.stores.models import DraftOrder, DraftStatus, Store
from apps.stores.queries import drafts as queries
from apps.stores.services import drafts
from apps.stores.services.checkout import Placed
from apps.stores.services.draft_preview import preview, wish_of


@contextmanager
def _behind(token: str) -> Iterator[UUID]:
    """The draft behind a token, inside its store. Raises 404 `draft_not_found`."""
    found = queries.store_of_token(token)
    if found is None:
        raise NotFound("draft_not_found", _("There is no such draft."))
    with scope(found[0]):
        yield found[1]


def offer(*, token: str) -> dict[str, Any]:
    """What was put together for the holder, at the prices of this moment. 404 for a draft that was not sent."""
    with _behind(token) as draft_id:
        draft = DraftOrder.objects.select_related("order", "store").get(pk=draft_id)
        if draft.status in {DraftStatus.OPEN, DraftStatus.CANCELLED}:
            raise NotFound("draft_not_found", _("There is no such draft."))
        store: Store = draft.store
        wish = wish_of(draft)
        possible = [row["method"] for row in store.payment_methods if wish.service in row.get("services", [])]
        return {
            **preview(draft, store), "status": draft.status, "service": wish.service, "payment_method": wish.payment_method,
            "payment_methods": [name for name in possible if name not in {"card", "boleto"} and (name != "pix" or store.pix_key)],
            "expires_at": draft.expires_at, "expired": draft.expires_at is not None and draft.expires_at <= now(),
            "needs_name": not draft.customer_name, "needs_phone": not draft.customer_phone, "notes": wish.notes, "address": wish.address,
            "store": {"name": store.name, "slug": store.slug, "currency": store.currency, "languages": store.languages},
            "access_token": draft.order.access_token if draft.order else None,
        }  # fmt: skip


def confirm(*, token: str, **filled: Any) -> Placed:
    """The holder says yes: the order is placed; saying it again answers the same order."""
    actor = Actor(kind=ActorKind.CUSTOMER, id="guest", label="")
    with _behind(token) as draft_id:
        return drafts.place(draft_id=draft_id, actor=actor, by_link=True, **filled)
