"""The loyalty program: one row, or none."""

from typing import Any

from apps.customers.models import LoyaltyProgram
from apps.customers.services import program
from apps.stores.importing.source import Source, World

Values = dict[str, Any]


def read(source: Source) -> Values | None:
    """The columns of the program; None when the store has none."""
    row = source.root.child("loyalty")
    if row is None:
        return None
    values = {
        "earn_per": row.amount("earn_per"), "earn_points": row.integer("earn_points"), "point_value": row.amount("point_value"),
        "min_redeem": row.integer("min_redeem"),
    }  # fmt: skip
    return {**row.check(LoyaltyProgram, values), "is_active": True}


def write(values: Values | None, world: World) -> None:
    """Make the program what the file says; a file without one ends a running one."""
    tally = world.report.tally("loyalty")
    had = LoyaltyProgram.objects.exists()
    if values is None and not LoyaltyProgram.objects.filter(is_active=True).exists():
        return
    _program, changed = program.save(values=values or {"is_active": False})
    tally.created += int(not had)
    tally.updated += int(had and bool(changed))
    tally.unchanged += int(had and not changed)
