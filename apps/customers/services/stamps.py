"""Writers of stamp cards: a completed order stamps once, a refund takes the stamps back, a full card is handed in for a reward."""

from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.customers.models import LoyaltyProgram, PointsAccount, PointsKind, StampEntry
from apps.customers.services import points
from apps.customers.services.recording import lock, tell_changed
from apps.events.services import unit_of_work


def stamp(*, customer_id: UUID, order_id: UUID, stamps: int) -> None:
    """Stamps for a completed order, once however often this is called."""
    if stamps <= 0:
        return
    with unit_of_work():
        row = StampEntry(store_id=current_store_id(), customer_id=customer_id, order_id=order_id, stamps=stamps)
        StampEntry.objects.bulk_create([row], ignore_conflicts=True)
        if not StampEntry.objects.filter(pk=row.pk).exists():
            return
        account = PointsAccount(store_id=current_store_id(), customer_id=customer_id)
        PointsAccount.objects.bulk_create([account], ignore_conflicts=True)
        PointsAccount.objects.filter(customer_id=customer_id).update(stamps=F("stamps") + stamps, updated_at=now())


def unstamp(*, customer_id: UUID, order_id: UUID) -> None:
    """The order was refunded: its stamps go, once."""
    with unit_of_work():
        standing = StampEntry.objects.filter(order_id=order_id, reversed_at=None)
        row = standing.first()
        if row is not None and standing.update(reversed_at=now()):
            left = Greatest(F("stamps") - row.stamps, 0)
            PointsAccount.objects.filter(customer_id=customer_id).update(stamps=left, updated_at=now())


def claim_reward(*, customer_id: UUID, actor: Actor) -> PointsAccount:
    """Hand out the reward of a full card. Of two who claim the last one, one gets it. Raises 409 `no_reward`."""
    with unit_of_work():
        customer = lock(customer_id)
        program = LoyaltyProgram.objects.filter(is_active=True, stamps_required__gt=0).first()
        needed = program.stamps_required if program else 0
        full = PointsAccount.objects.filter(customer=customer, stamps__gte=(F("rewards_claimed") + 1) * needed)
        if program is None or not full.update(rewards_claimed=F("rewards_claimed") + 1, updated_at=now()):
            raise Conflict("no_reward", _("There is no full stamp card."))
        if program.stamp_reward_points:
            points.credit(
                customer_id=customer.pk, points=program.stamp_reward_points, kind=PointsKind.REWARD,
                reason=program.stamp_reward, actor=actor,
            )  # fmt: skip
        tell_changed(customer, ["stamps"], actor=actor)
        return PointsAccount.objects.get(customer=customer)
