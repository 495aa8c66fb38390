"""Writer of a store's loyalty program. The room above publishes the menu anew, because prices depend on it."""

from collections.abc import Mapping
from typing import Any

from apps.core.clock import now
from apps.core.scope import current_store_id
from apps.customers.models import LoyaltyProgram
from apps.events.services import unit_of_work

COLUMNS = (
    "is_active", "earn_per", "earn_points", "point_value", "min_redeem", "expire_days", "stamps_required", "stamp_per",
    "stamp_categories", "stamp_min_subtotal", "stamp_reward", "stamp_reward_points",
)  # fmt: skip


def save(*, values: Mapping[str, Any]) -> tuple[LoyaltyProgram, list[str]]:
    """Create the program or change what is named. Returns it and the names of the columns that changed."""
    if not values and not LoyaltyProgram.objects.exists():
        return LoyaltyProgram(is_active=False), []
    with unit_of_work():
        fresh = LoyaltyProgram(store_id=current_store_id(), is_active=False)
        LoyaltyProgram.objects.bulk_create([fresh], ignore_conflicts=True)
        program = LoyaltyProgram.objects.select_for_update(of=("self",)).get()
        changed = [name for name in COLUMNS if name in values and getattr(program, name) != values[name]]
        for name in changed:
            setattr(program, name, values[name])
        if changed:
            program.updated_at = now()
            program.save(update_fields=[*changed, "updated_at"])
        return program, changed
