"""Writers of points: spend, earn, give back, take back, expire, adjust.

Every change first holds the account's row, changes the balance by one conditional update, and adds one line to the ledger: its
sum is the balance less what is owed.
Inside an order's transaction the account is locked before stock is, on every road, so that two of them cannot block each other.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor, system
from apps.core.clock import now
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.customers import facts
from apps.customers.models import LoyaltyProgram, PointsAccount, PointsEntry, PointsKind, PointsLot
from apps.customers.services.recording import tell
from apps.events.services import unit_of_work

SYSTEM = system("loyalty")


def _hold(customer_id: UUID) -> PointsAccount:
    """The account, made if it is the first time, locked until the end of the transaction, expired points gone."""
    fresh = PointsAccount(store_id=current_store_id(), customer_id=customer_id)
    PointsAccount.objects.bulk_create([fresh], ignore_conflicts=True)
    account = PointsAccount.objects.select_for_update(of=("self",)).get(customer_id=customer_id)
    _expire(account)
    return account


def _write(
    account: PointsAccount, kind: str, points: int, *, actor: Actor, order_id: UUID | None = None, reason: str = "",
    expires_at: datetime | None = None,
) -> PointsEntry:  # fmt: skip
    """The line of the ledger and the fact. `account.balance` is already what it is afterwards."""
    entry = PointsEntry.objects.create(
        customer_id=account.customer_id, kind=kind, points=points, balance=account.balance, order_id=order_id,
        reason=reason[:280], expires_at=expires_at, actor_kind=str(actor.kind), actor_label=actor.label[:120],
    )  # fmt: skip
    tell(
        facts.POINTS_CHANGED, account.customer_id, actor=actor, kind=str(kind), points=points, balance=account.balance,
        order_id=str(order_id) if order_id else None,
    )  # fmt: skip
    return entry


def _take(account: PointsAccount, points: int) -> bool:
    """Lower the balance if it is high enough: of two who want the same points, one gets them."""
    enough = PointsAccount.objects.filter(pk=account.pk, balance__gte=points)
    if not enough.update(balance=F("balance") - points, updated_at=now()):
        return False
    account.refresh_from_db(fields=["balance"])
    _use_lots(account.customer_id, points)
    return True


def _use_lots(customer_id: UUID, points: int) -> None:
    """Points that expire first are used first."""
    lots = PointsLot.objects.filter(customer_id=customer_id, remaining__gt=0)
    for lot in lots.order_by(F("expires_at").asc(nulls_last=True), "created_at", "id"):
        if points <= 0:
            return
        used = min(lot.remaining, points)
        PointsLot.objects.filter(pk=lot.pk).update(remaining=F("remaining") - used)
        points -= used


def _give(account: PointsAccount, points: int, expires_at: datetime | None) -> None:
    """Raise the balance. What is owed is paid first, so the lot may be smaller than what was earned."""
    paid = min(points, account.debt)
    PointsAccount.objects.filter(pk=account.pk).update(
        balance=F("balance") + points - paid, debt=F("debt") - paid, updated_at=now()
    )
    account.refresh_from_db(fields=["balance", "debt"])
    if points > paid:
        PointsLot.objects.create(customer_id=account.customer_id, remaining=points - paid, expires_at=expires_at)


def _expiry() -> datetime | None:
    days = LoyaltyProgram.objects.values_list("expire_days", flat=True).first()
    return now() + timedelta(days=days) if days else None


def _expire(account: PointsAccount) -> int:
    over = PointsLot.objects.filter(customer_id=account.customer_id, remaining__gt=0, expires_at__lte=now())
    points = over.aggregate(points=Sum("remaining"))["points"] or 0
    if points:
        over.update(remaining=0)
        PointsAccount.objects.filter(pk=account.pk).update(balance=F("balance") - points, updated_at=now())
        account.refresh_from_db(fields=["balance"])
        _write(account, PointsKind.EXPIRED, -points, actor=SYSTEM)
    return int(points)


def _of_order(order_id: UUID, *kinds: str) -> int:
    found = PointsEntry.objects.filter(order_id=order_id, kind__in=kinds).aggregate(points=Sum("points"))
    return int(found["points"] or 0)


def spend(*, customer_id: UUID, order_id: UUID, points: int, actor: Actor) -> None:
    """Redeem points for an order that is being placed. Raises 409 `points_not_enough` with what is `available`."""
    with unit_of_work():
        account = _hold(customer_id)
        if not _take(account, points):
            text = _("There are not that many points.")
            raise Conflict("points_not_enough", text, available=account.balance)
        _write(account, PointsKind.REDEEMED, -points, actor=actor, order_id=order_id)


def give_back(*, customer_id: UUID, order_id: UUID, actor: Actor) -> int:
    """The order came to nothing: what was redeemed for it comes back, once however often this is called."""
    with unit_of_work():
        account = _hold(customer_id)
        points = -_of_order(order_id, PointsKind.REDEEMED, PointsKind.GIVEN_BACK)
        if points <= 0:
            return 0
        expires_at = _expiry()
        _give(account, points, expires_at)
        _write(account, PointsKind.GIVEN_BACK, points, actor=actor, order_id=order_id, expires_at=expires_at)
        return points


def earn(*, customer_id: UUID, order_id: UUID, points: int, actor: Actor) -> int:
    """Points for a completed order, once however often this is called."""
    if points <= 0:
        return 0
    with unit_of_work():
        account = _hold(customer_id)
        if PointsEntry.objects.filter(order_id=order_id, kind=PointsKind.EARNED).exists():
            return 0
        expires_at = _expiry()
        _give(account, points, expires_at)
        _write(account, PointsKind.EARNED, points, actor=actor, order_id=order_id, expires_at=expires_at)
        return points


def take_back(*, customer_id: UUID, order_id: UUID, keep: int, actor: Actor) -> int:
    """Money was refunded: of what the order earned only `keep` points stay. What is spent already is owed.

    Called again with the same `keep` it takes nothing more. Returns what was taken.
    """
    with unit_of_work():
        account = _hold(customer_id)
        points = _of_order(order_id, PointsKind.EARNED, PointsKind.REVERSED) - max(keep, 0)
        if points <= 0:
            return 0
        taken = min(points, account.balance)
        _take(account, taken)
        PointsAccount.objects.filter(pk=account.pk).update(debt=F("debt") + points - taken)
        _write(account, PointsKind.REVERSED, -points, actor=actor, order_id=order_id)
        return points


def adjust(*, customer_id: UUID, points: int, reason: str, actor: Actor) -> PointsEntry:
    """Staff give or take points. Raises 409 `points_not_enough` for more than there are."""
    with unit_of_work():
        account = _hold(customer_id)
        expires_at = _expiry() if points > 0 else None
        if points > 0:
            _give(account, points, expires_at)
        elif not _take(account, -points):
            text = _("There are not that many points.")
            raise Conflict("points_not_enough", text, available=account.balance)
        return _write(account, PointsKind.ADJUSTED, points, actor=actor, reason=reason, expires_at=expires_at)


def credit(*, customer_id: UUID, points: int, kind: str, reason: str, actor: Actor) -> None:
    """Points for another reason than an order: a reward, or what a customer brought along."""
    with unit_of_work():
        account = _hold(customer_id)
        expires_at = _expiry()
        _give(account, points, expires_at)
        _write(account, kind, points, actor=actor, reason=reason, expires_at=expires_at)


def expire_of(*, customer_id: UUID) -> int:
    """Let the points of one customer expire whose time is over. Returns how many."""
    with unit_of_work():
        account = PointsAccount.objects.select_for_update(of=("self",)).filter(customer_id=customer_id).first()
        return _expire(account) if account is not None else 0


def move_all(*, source_id: UUID, target_id: UUID, actor: Actor) -> dict[str, Any]:
    """A merge: lots, balance, debt and stamps go to the target. Returns what `move_back` has to know."""
    if not PointsAccount.objects.filter(customer_id=source_id).exists():
        return {}
    held = {pk: _hold(pk) for pk in sorted((source_id, target_id))}
    source, target = held[source_id], held[target_id]
    lots = PointsLot.objects.filter(customer_id=source_id, remaining__gt=0)
    moved = {
        "lots": [str(pk) for pk in lots.values_list("pk", flat=True)],
        "debt": source.debt, "stamps": source.stamps, "rewards_claimed": source.rewards_claimed,
    }  # fmt: skip
    lots.update(customer_id=target_id)
    _shift(source, target, source.balance, moved, actor)
    return {"points": moved}


def move_back(*, moved: dict[str, Any], source_id: UUID, target_id: UUID, actor: Actor) -> None:
    """The merge is undone: the lots that came along go back with what is left in them."""
    kept = moved.get("points")
    if not kept:
        return
    held = {pk: _hold(pk) for pk in sorted((source_id, target_id))}
    source, target = held[source_id], held[target_id]
    lots = PointsLot.objects.filter(pk__in=kept["lots"], customer_id=target_id, remaining__gt=0)
    points = lots.aggregate(points=Sum("remaining"))["points"] or 0
    lots.update(customer_id=source_id)
    _shift(target, source, points, kept, actor)


def _shift(giver: PointsAccount, taker: PointsAccount, points: int, kept: dict[str, Any], actor: Actor) -> None:
    """Numbers from one account to another; the lots have moved already."""
    numbers = {name: min(kept[name], getattr(giver, name)) for name in ("debt", "stamps", "rewards_claimed")}
    for account, sign in ((giver, -1), (taker, 1)):
        changes: dict[str, Any] = {name: F(name) + sign * value for name, value in numbers.items()}
        PointsAccount.objects.filter(pk=account.pk).update(balance=F("balance") + sign * points, **changes)
        account.refresh_from_db()
        kind = PointsKind.MERGED_IN if sign > 0 else PointsKind.MERGED_OUT
        if points or numbers["debt"]:
            _write(account, kind, sign * (points - numbers["debt"]), actor=actor)
    _settle(taker)


def _settle(account: PointsAccount) -> None:
    """Who owes and has, pays. The ledger's sum is balance less debt, so it says nothing new."""
    paid = min(account.balance, account.debt)
    if paid and _take(account, paid):
        PointsAccount.objects.filter(pk=account.pk).update(debt=F("debt") - paid)
