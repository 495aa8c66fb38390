"""Writers of draft orders: build one, send its link, place it – by staff, or by the customer who holds the link."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.ids import access_token, uuid7
from apps.core.problems import Conflict, Invalid, NotFound, Refused
from apps.core.scope import current_store_id
from apps.events.registry import Fact, Subject
from apps.events.services import record, unit_of_work
from apps.stores import facts_drafts
from apps.stores.models import Cart, DraftOrder, DraftStatus, OrderItem, Store
from apps.stores.pricing.context import PricingContext
from apps.stores.queries import carts as cart_queries
from apps.stores.queries.bundle import bundle
from apps.stores.services import adjusting, carts
from apps.stores.services.adjusting import Adjustment
from apps.stores.services.carts import CartOwner
from apps.stores.services.checkout import Placed, checkout
from apps.stores.services.draft_preview import lines_of, preview, quoted, wish_of
from apps.stores.services.order_totals import money_of
from apps.stores.services.saving import Values, assign, insert, update
from apps.stores.services.wire import read_line

LIVE = frozenset({DraftStatus.OPEN, DraftStatus.SENT})
HOURS = 48


def owner_of(draft: DraftOrder) -> CartOwner:
    """Who the draft's cart belongs to: nobody a browser could claim to be."""
    return CartOwner(key=f"draft_{draft.pk}")


def create(*, values: Values, items: Sequence[Mapping[str, Any]], user_id: UUID | None, actor: Actor) -> DraftOrder:
    """A new draft with its lines. Raises the code of a line that cannot be sold, and then makes none."""
    with unit_of_work():
        draft = DraftOrder(id=uuid7(), token=access_token(), created_by_id=user_id)
        draft.cart = insert(Cart(key=owner_of(draft).key))
        assign(draft, values)
        insert(draft)
        _add(draft, items)
        _tell(facts_drafts.DRAFT_CREATED, draft, actor)
    return draft


def change(*, draft_id: UUID, values: Values, actor: Actor) -> DraftOrder:
    """Change who, where, when or how. Raises 409 `draft_closed`."""
    with unit_of_work():
        draft = _lock(draft_id)
        wish = {**draft.wish, **values.get("wish", {})}
        update(draft, assign(draft, {**values, "wish": wish}))
        _tell(facts_drafts.DRAFT_UPDATED, draft, actor)
    return draft


def add_items(*, draft_id: UUID, items: Sequence[Mapping[str, Any]], actor: Actor) -> DraftOrder:
    """More lines."""
    with unit_of_work():
        draft = _lock(draft_id)
        _add(draft, items)
        _tell(facts_drafts.DRAFT_UPDATED, draft, actor)
    return draft


def set_quantity(*, draft_id: UUID, line_id: UUID, quantity: int, actor: Actor) -> DraftOrder:
    """Another quantity of a line; 0 takes it out."""
    with unit_of_work():
        draft = _lock(draft_id)
        if quantity:
            carts.set_quantity(owner=owner_of(draft), line_id=line_id, quantity=quantity)
        else:
            carts.remove(owner=owner_of(draft), line_id=line_id)
        _tell(facts_drafts.DRAFT_UPDATED, draft, actor)
    return draft


def adjust(*, draft_id: UUID, wish: Adjustment, actor: Actor) -> DraftOrder:
    """A discount, surcharge or price by hand, each with its reason (400 `reason_required`); a zero takes it back."""
    with unit_of_work():
        draft = _lock(draft_id)
        manual = dict(draft.manual)
        for name in ("discount", "surcharge"):
            value = getattr(wish, name)
            if value is not None:
                manual |= {name: value, adjusting.WHY[name]: _reason(wish.reason_of(name), value, adjusting.WHY[name])}
        prices = dict(manual.get("prices") or {})
        known = {str(line.pk) for line in lines_of(draft)}
        for index, row in enumerate(wish.item_ops):
            if row.get("item_id") not in known:
                raise NotFound("line_not_found", _("This line is not in the order."))
            why = _reason(row.get("reason") or wish.reason, Decimal(1), f"item_ops.{index}.reason")
            prices[str(row["item_id"])] = {"unit_price": row["unit_price"], "reason": why}
        draft.manual = {**manual, "prices": prices}
        update(draft, ["manual"])
        _tell(facts_drafts.DRAFT_UPDATED, draft, actor, reason=wish.reason, manual=draft.manual)
    return draft


def _reason(text: str, value: Decimal, name: str) -> str:
    if value and not text.strip():
        raise Invalid("reason_required", _("Say why."), errors={name: [_("Say why.")]})
    return text.strip() if value else ""


def send(*, draft_id: UUID, hours: int = HOURS, actor: Actor) -> DraftOrder:
    """Make the link good for some hours. Raises 422 `cart_empty` or the first problem of a draft nobody could place."""
    store = Store.objects.get(pk=current_store_id())
    seen = preview(_found(draft_id), store)  # may ask the maps, so before anything is locked
    with unit_of_work():
        draft = _lock(draft_id)
        if not seen["items"]:
            raise Refused("cart_empty", _("The cart is empty."))
        if seen["problems"]:
            raise Refused(
                seen["problems"][0]["code"], _("This order cannot be placed as it is."), problems=seen["problems"]
            )
        draft.status, draft.sent_at = DraftStatus.SENT, now()
        draft.expires_at = draft.sent_at + timedelta(hours=hours)
        update(draft, ["status", "sent_at", "expires_at"])
        _tell(facts_drafts.DRAFT_SENT, draft, actor)
    return draft


def place(*, draft_id: UUID, actor: Actor, by_link: bool = False, **filled: Any) -> Placed:
    """Place it; a second time (or at the same time) answers the order of the first.

    `filled`: what the customer says where the draft says nothing. 409 `draft_closed`, `draft_not_sent`, `link_expired`, and all
    that checkout refuses.
    """
    seen = _found(draft_id)
    store = Store.objects.get(pk=current_store_id())
    wish = quoted(seen, wish_of(seen, **filled), bundle(store.pk, store.catalog_version))
    with unit_of_work():
        draft = _lock(draft_id, live=False)
        if draft.order is not None:
            payment = draft.order.payments.order_by("-created_at").first()
            return Placed(order=draft.order, payment=payment, is_new=False)
        _check_may_place(draft, by_link=by_link)
        if draft.updated_at != seen.updated_at:
            raise Conflict("stale_state", _("Somebody else changed this a moment ago. Reload and try again."))
        lines = lines_of(draft)
        wish = replace(wish_of(draft, **filled), quoted=wish.quoted, address=wish.address)
        placed = checkout(owner=owner_of(draft), wish=wish, actor=actor)
        order = placed.order
        if draft.manual:
            order = adjusting.adjust(
                order_id=order.pk, wish=_by_hand(draft, [str(line.pk) for line in lines], order.pk), actor=actor
            )
        draft.order, draft.status, draft.placed_at = order, DraftStatus.PLACED, now()
        update(draft, ["order", "status", "placed_at"])
        _tell(facts_drafts.DRAFT_PLACED, draft, actor)
        return Placed(order=order, payment=order.payments.order_by("-created_at").first(), is_new=True)


def _check_may_place(draft: DraftOrder, *, by_link: bool) -> None:
    if draft.status not in LIVE:
        raise _closed()
    if by_link and draft.status != DraftStatus.SENT:
        raise Conflict("draft_not_sent", _("The store is still writing this order."))
    if by_link and (draft.expires_at is None or draft.expires_at <= now()):
        raise Conflict("link_expired", _("This link has expired. Ask the store for a new one."))


def _by_hand(draft: DraftOrder, line_ids: Sequence[str], order_id: UUID) -> Adjustment:
    """What was done by hand to the draft, done to the order: its lines are in the same sequence."""
    items = OrderItem.objects.filter(order_id=order_id).order_by("position").values_list("pk", flat=True)
    by_line = dict(zip(line_ids, map(str, items), strict=True))
    prices = draft.manual.get("prices") or {}
    ops = [
        {
            "op": "price",
            "item_id": by_line[line],
            "unit_price": Decimal(str(row["unit_price"])),
            "reason": row["reason"],
        }
        for line, row in prices.items()
        if line in by_line
    ]
    reasons = {why: draft.manual[why] for why in adjusting.WHY.values() if draft.manual.get(why)}
    return Adjustment(
        discount=money_of(draft.manual, "discount"), surcharge=money_of(draft.manual, "surcharge"), reasons=reasons, item_ops=ops
    )  # fmt: skip


def cancel(*, draft_id: UUID, actor: Actor) -> DraftOrder:
    """Forget a draft: its link says so. Raises 409 `draft_closed` once it is placed."""
    with unit_of_work():
        draft = _lock(draft_id)
        draft.status, draft.cancelled_at = DraftStatus.CANCELLED, now()
        update(draft, ["status", "cancelled_at"])
        _tell(facts_drafts.DRAFT_CANCELLED, draft, actor)
    return draft


def _closed() -> Conflict:
    return Conflict("draft_closed", _("This draft is closed."))


def _found(draft_id: UUID) -> DraftOrder:
    """The draft as it is at the moment. Raises 404."""
    draft = DraftOrder.objects.select_related("cart").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("draft_not_found", _("There is no such draft."))
    return draft


def _lock(draft_id: UUID, *, live: bool = True) -> DraftOrder:
    """The draft as it is now, held until the commit. Raises 404, 409 `draft_closed`."""
    # Without its order: a join would show the order as it was before we waited for the lock.
    draft = DraftOrder.objects.select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("draft_not_found", _("There is no such draft."))
    if live and draft.status not in LIVE:
        raise _closed()
    return draft


def _add(draft: DraftOrder, items: Sequence[Mapping[str, Any]]) -> None:
    store = Store.objects.get(pk=current_store_id())
    menu = bundle(store.pk, store.catalog_version)
    outlet = menu.outlet(str(draft.outlet_id or ""))
    at = cart_queries.store_clock(store.timezone)
    context = PricingContext(at=at, channel=draft.channel, outlet_id=str(outlet.id) if outlet else None)
    for row in items:
        carts.add(owner=owner_of(draft), intent=read_line(row, menu.pricing), menu=menu, context=context)


def _tell(fact: Fact, draft: DraftOrder, actor: Actor, **more: Any) -> None:
    payload = {
        "draft_id": str(draft.pk),
        "status": draft.status,
        "order_id": str(draft.order_id) if draft.order_id else None,
        **more,
    }
    record(fact, subject=Subject(type="draft", id=draft.pk), payload=payload, actor=actor)
