"""Writing combos: rows, slots, choices, and the flavours of pizza choices."""

from typing import Any
from uuid import UUID

from apps.stores.importing.combos import Plan
from apps.stores.importing.source import World
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import Combo, ComboChoice, ComboChoiceFlavour, ComboSlot

# A choice in the tables: slot, product, variant, size.
Key = tuple[UUID, UUID, UUID | None, str]


def write(plan: Plan, world: World) -> None:
    """Everything of the plan, parents first."""
    wanted = {
        slug: {**fields, "category_id": world.categories[plan.categories[slug]].pk}
        for slug, fields in plan.combos.items()
    }
    existing = Combo.objects.filter(slug__in=wanted)
    world.combos = sync(Combo, existing, wanted, key=lambda row: row.slug, tally=world.report.tally("combos"))
    slots = _write_slots(plan, world)
    choices = _write_choices(plan, world, slots)
    _write_flavours(plan, world, slots, choices)


def _write_slots(plan: Plan, world: World) -> dict[tuple[UUID, str], ComboSlot]:
    wanted: dict[tuple[UUID, str], dict[str, Any]] = {}
    for (combo, name), fields in plan.slots.items():
        owner = world.combos[combo].pk
        wanted[(owner, name)] = {"combo_id": owner, **fields}
    known = ComboSlot.objects.filter(combo__in=[row.pk for row in world.combos.values()])
    tally = world.report.tally("combo slots")
    return sync_children(ComboSlot, known, wanted, key=lambda row: (row.combo_id, row.slug), tally=tally)


def _write_choices(plan: Plan, world: World, slots: dict[tuple[UUID, str], ComboSlot]) -> dict[Key, ComboChoice]:
    wanted: dict[Key, dict[str, Any]] = {}
    for (combo, slot, choice), fields in plan.choices.items():
        key = _key(world, slots, combo, slot, choice)
        wanted[key] = {"slot_id": key[0], "product_id": key[1], "variant_id": key[2], **fields}
    known = ComboChoice.objects.filter(slot__in=[row.pk for row in slots.values()])
    tally = world.report.tally("combo choices")
    return sync_children(ComboChoice, known, wanted, key=_key_of, tally=tally)


def _key(
    world: World, slots: dict[tuple[UUID, str], ComboSlot], combo: str, slot: str, choice: tuple[str, str, str]
) -> Key:
    product, variant, size = choice
    variant_id = world.variants[(product, variant)].pk if variant else None
    return slots[(world.combos[combo].pk, slot)].pk, world.products[product].pk, variant_id, size


def _key_of(row: ComboChoice) -> Key:
    return row.slot_id, row.product_id, row.variant_id, row.size


def _write_flavours(
    plan: Plan, world: World, slots: dict[tuple[UUID, str], ComboSlot], choices: dict[Key, ComboChoice]
) -> None:
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for (combo, slot, choice), flavours in plan.flavours.items():
        owner = choices[_key(world, slots, combo, slot, choice)].pk
        for name in flavours:
            flavour = world.products[name].pk
            wanted[(owner, flavour)] = {"choice_id": owner, "flavour_id": flavour}
    known = ComboChoiceFlavour.objects.filter(choice__in=[row.pk for row in choices.values()])
    tally = world.report.tally("combo flavours")
    sync_children(ComboChoiceFlavour, known, wanted, key=lambda row: (row.choice_id, row.flavour_id), tally=tally)
