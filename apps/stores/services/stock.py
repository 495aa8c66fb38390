"""Stock by hand: switch tracking on and off, receive, count, waste. Orders reserve elsewhere (`services.reservation`).

Every change is one conditional UPDATE that cannot take what is reserved, and one ledger row with its reason.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict, NotFound
from apps.events.registry import Subject
from apps.events.services import record
from apps.stores import facts
from apps.stores.models import ModifierOption, Outlet, Product, StockLevel, StockMove, StockReason, Variant
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import insert, remove, update

Target = Product | Variant | ModifierOption
MAX_QUANTITY = 10_000_000


class Operation(StrEnum):
    """What a person says happened to the goods."""

    SET = "set"
    RECOUNT = "recount"
    ADD = "add"
    SUBTRACT = "subtract"
    WASTE = "waste"


REASONS = {
    Operation.SET: StockReason.RECOUNT,
    Operation.RECOUNT: StockReason.RECOUNT,
    Operation.ADD: StockReason.RESTOCK,
    Operation.SUBTRACT: StockReason.RECOUNT,
    Operation.WASTE: StockReason.WASTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StockWish:
    """How a product's or variant's stock shall be: not tracked, or tracked with a count and a threshold (None: as it is)."""

    tracked: bool
    on_hand: int | None = None
    low_threshold: int | None = None


def level_of(target: Target, outlet: Outlet | None = None) -> StockLevel | None:
    """The level of a product, variant or option (at an outlet: its own one); None when it is not tracked."""
    return StockLevel.objects.filter(outlet=outlet, **{_column(target): target}).first()


def _column(target: Target) -> str:
    return {Product: "product", Variant: "variant", ModifierOption: "option"}[type(target)]


def track(
    *, target: Target, on_hand: int, low_threshold: int | None = None, outlet: Outlet | None = None, actor: Actor
) -> StockLevel:
    """Switch tracking on, for all outlets or one. Raises a field error `unique` when it is on already."""
    level = StockLevel(**{_column(target): target}, outlet=outlet, on_hand=on_hand)
    if low_threshold is not None:
        level.low_threshold = low_threshold
    with catalog_unit(actor=actor) as publish:
        insert(level)
        _enter(level, on_hand, StockReason.RECOUNT, actor, "")
        _stock_fact(level, StockReason.RECOUNT, actor)
        publish()
    return level


def untrack(*, level: StockLevel, actor: Actor) -> None:
    """Switch tracking off; the ledger goes with it. Raises 409 `stock_reserved` while orders hold some of it."""
    with catalog_unit(actor=actor) as publish:
        locked = _lock(level)
        if locked.reserved:
            raise Conflict(
                "stock_reserved",
                _("Open orders hold some of it. Finish or cancel them first."),
                reserved=locked.reserved,
            )
        _stock_fact(locked, "untracked", actor)
        remove(locked)
        publish()


def set_threshold(*, level: StockLevel, low_threshold: int, actor: Actor) -> StockLevel:
    """Change when the level counts as low."""
    with catalog_unit(actor=actor) as publish:
        level.low_threshold = low_threshold
        update(level, ["low_threshold"])
        _stock_fact(level, "threshold", actor)
        publish()
    return level


def adjust(*, level: StockLevel, operation: Operation, quantity: int, actor: Actor, note: str = "") -> StockLevel:
    """Change what is on hand. Raises 409 `insufficient_stock` (with `available`) rather than take what is reserved."""
    with catalog_unit(actor=actor) as publish:
        locked = _lock(level)
        before = locked.on_hand - locked.reserved
        delta = _delta(operation, quantity, locked.on_hand)
        free = StockLevel.objects.filter(
            pk=locked.pk, on_hand__gte=F("reserved") - delta, on_hand__lte=MAX_QUANTITY - delta
        )
        if not free.update(on_hand=F("on_hand") + delta, updated_at=now()):
            raise Conflict("insufficient_stock", _("That would take what orders have reserved."), available=before)
        locked.on_hand += delta
        _enter(locked, delta, REASONS[operation], actor, note)
        _stock_fact(locked, REASONS[operation], actor)
        announce_if_low(locked, available_before=before, actor=actor)
        publish()
    return locked


def _delta(operation: Operation, quantity: int, on_hand: int) -> int:
    if operation in {Operation.SET, Operation.RECOUNT}:
        return quantity - on_hand
    return quantity if operation is Operation.ADD else -quantity


def _lock(level: StockLevel) -> StockLevel:
    """The level as it is now, held until the commit."""
    rows = StockLevel.objects.select_for_update(of=("self",), no_key=True).select_related(
        "product", "variant__product", "option"
    )
    locked = rows.filter(pk=level.pk).first()
    if locked is None:
        raise NotFound("not_found", _("This is no longer tracked."))
    return locked


def _enter(level: StockLevel, delta: int, reason: StockReason, actor: Actor, note: str) -> None:
    move = StockMove(
        level=level, on_hand_delta=delta, reason=reason, note=note, actor_kind=actor.kind, actor_id=actor.id
    )
    insert(move)


def _stock_fact(level: StockLevel, reason: str, actor: Actor) -> None:
    payload = {
        "level_id": str(level.pk), "on_hand": level.on_hand, "available": level.on_hand - level.reserved, "reason": str(reason),
    }  # fmt: skip
    record(facts.STOCK_CHANGED, subject=Subject(type="stock", id=level.pk), payload=payload, actor=actor)


def announce_if_low(level: StockLevel, *, available_before: int, actor: Actor) -> bool:
    """Record `product.low_stock` when this change took the level to its threshold. Returns whether it did.

    Only the crossing is told: a shelf that stays low is not news.
    """
    available = level.on_hand - level.reserved
    if not available_before > level.low_threshold >= available:
        return False
    product = level.product or (level.variant.product if level.variant else None)
    thing = level.variant or product or level.option
    payload = {
        "product_id": str(product.pk) if product else None,
        "name": str(thing),
        "sku": getattr(thing, "sku", ""),
        "available": available,
    }
    subject = Subject(
        type="product" if product else "option", id=product.pk if product else level.option_id or level.pk
    )
    record(facts.PRODUCT_LOW_STOCK, subject=subject, payload=payload, actor=actor)
    return True


def apply_wish(*, target: Target, wish: StockWish, actor: Actor) -> None:
    """Make the stock of a target what a product form says; for callers inside their own unit of work."""
    level = level_of(target)
    if not wish.tracked:
        if level is not None:
            untrack(level=level, actor=actor)
        return
    if level is None:
        track(target=target, on_hand=wish.on_hand or 0, low_threshold=wish.low_threshold, actor=actor)
        return
    if wish.low_threshold is not None and wish.low_threshold != level.low_threshold:
        set_threshold(level=level, low_threshold=wish.low_threshold, actor=actor)
    if wish.on_hand is not None and wish.on_hand != level.on_hand:
        adjust(level=level, operation=Operation.SET, quantity=wish.on_hand, actor=actor)
