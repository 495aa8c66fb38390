"""Stock on hand. The file's number is where the ledger begins; once there is a ledger, it alone knows how much is left."""

from uuid import UUID

from apps.core.scope import current_store_id
from apps.stores.importing.products import Plan
from apps.stores.importing.source import World
from apps.stores.importing.sync import BATCH
from apps.stores.models import StockLevel, StockMove, StockReason


def write(plan: Plan, world: World) -> None:
    """A level and its first ledger row for what has none yet; a level that has moved since is left as it is."""
    wanted = {_target(world, *key): amount for key, amount in plan.stock.items()}
    products = [row.pk for row in world.products.values()]
    variants = {row.pk for row in world.variants.values()}
    shared = StockLevel.objects.filter(outlet=None)
    known = shared.filter(product__in=products) | shared.filter(variant__in=variants)
    levels = {row.variant_id or row.product_id: row for row in known}
    begun = set(
        StockMove.objects.filter(level__in=[row.pk for row in levels.values()]).values_list("level_id", flat=True)
    )
    fresh = [_level(target, is_variant=target in variants) for target in wanted if target not in levels]
    StockLevel.objects.bulk_create(fresh, batch_size=BATCH)
    unused = [row for target, row in levels.items() if target in wanted and row.pk not in begun]
    moves = [_begin(row, wanted[_target_of(row)], world) for row in [*fresh, *unused]]
    StockLevel.objects.bulk_update([move.level for move in moves], ["on_hand"], batch_size=BATCH)
    StockMove.objects.bulk_create(moves, batch_size=BATCH)
    tally = world.report.tally("stock levels")
    tally.created += len(fresh)
    tally.updated += len(unused)
    tally.unchanged += len(wanted) - len(moves)


def _target(world: World, slug: str, variant: str) -> UUID:
    return world.variants[(slug, variant)].pk if variant else world.products[slug].pk


def _target_of(level: StockLevel) -> UUID:
    target = level.variant_id or level.product_id
    assert target is not None
    return target


def _level(target: UUID, *, is_variant: bool) -> StockLevel:
    owner = {"variant_id": target} if is_variant else {"product_id": target}
    return StockLevel(store_id=current_store_id(), **owner)


def _begin(level: StockLevel, amount: int, world: World) -> StockMove:
    """The first ledger row: whatever the level said before, it now has `amount`."""
    delta = amount - level.on_hand
    level.on_hand = amount
    return StockMove(
        store_id=current_store_id(),
        level=level,
        on_hand_delta=delta,
        reason=StockReason.IMPORT,
        actor_kind=world.actor.kind,
        actor_id=world.actor.id,
    )
