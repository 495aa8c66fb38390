"""Combos: sets at one price, with slots and the choices that may fill them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.stores.models import (
    Combo,
    ComboChoice,
    ComboChoiceFlavour,
    ComboSlot,
    Product,
    ProductKind,
    SaleStatus,
    Store,
    Variant,
)
from apps.stores.services import images
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import (
    Values,
    assign,
    free_slug,
    insert,
    next_position,
    remove,
    settings_fact,
    update,
    wrong,
)

MAX_SLOTS = 20
MAX_CHOICES = 100


def create(*, actor: Actor, values: Values, slots: Sequence[Values] = ()) -> Combo:
    """A new combo. A slot is its columns and `choices`: product, variant, extra, size, flavours."""
    combo = Combo()
    with catalog_unit(actor=actor) as publish:
        assign(combo, values)
        combo.slug = combo.slug or free_slug(Combo.objects.all(), combo.name, length=80)
        if "position" not in values:
            combo.position = next_position(Combo.objects.all())
        insert(combo)
        _set_slots(combo, slots)
        settings_fact("combo.created", combo.pk, actor=actor)
        publish()
    return combo


def change(*, combo: Combo, actor: Actor, values: Values, slots: Sequence[Values] | None = None) -> Combo:
    """Change a combo. `slots`, when given, is the whole new list: rows are recognised by slug, the others go."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(combo, values)
        if "status" in changed and combo.status != SaleStatus.PAUSED and "paused_until" not in values:
            changed += assign(combo, {"paused_until": None})
        update(combo, changed)
        if slots is not None:
            _set_slots(combo, slots)
            changed.append("slots")
        if changed:
            settings_fact("combo.updated", combo.pk, actor=actor, changed=changed)
            publish()
    return combo


def pause(*, combo: Combo, until: datetime | None, actor: Actor) -> Combo:
    """Take a combo off sale for a while, or until somebody resumes it."""
    if combo.status == SaleStatus.INACTIVE:
        raise Conflict("not_active", _("The combo is not on the menu."))
    return change(combo=combo, actor=actor, values={"status": SaleStatus.PAUSED, "paused_until": until})


def resume(*, combo: Combo, actor: Actor) -> Combo:
    """Put a combo back on sale."""
    if combo.status == SaleStatus.INACTIVE:
        raise Conflict("not_active", _("The combo is not on the menu."))
    return change(combo=combo, actor=actor, values={"status": SaleStatus.ACTIVE, "paused_until": None})


def delete(*, combo: Combo, actor: Actor) -> None:
    """Delete a combo. Carts lose the line, orders keep their snapshot."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("combo.deleted", combo.pk, actor=actor)
        images.discard(combo, "image")
        remove(combo)
        publish()


def set_image(*, combo: Combo, content: ContentFile[bytes] | None, actor: Actor) -> Combo:
    """Give the combo a cleaned picture, or none."""
    if content is None:
        return _put_image(combo, "", actor)
    with images.stored(combo, "image", content) as path:
        return _put_image(combo, path, actor)


def _put_image(combo: Combo, path: str, actor: Actor) -> Combo:
    with catalog_unit(actor=actor) as publish:
        images.discard(combo, "image")
        combo.image = path
        update(combo, ["image"])
        settings_fact("combo.updated", combo.pk, actor=actor, changed=["image"])
        publish()
    return combo


def _set_slots(combo: Combo, wanted: Sequence[Values]) -> None:
    if len(wanted) > MAX_SLOTS:
        raise wrong("slots", _("At most twenty slots."), "too_many")
    old = {row.slug: row for row in ComboSlot.objects.filter(combo=combo)}
    seen: set[str] = set()
    for position, values in enumerate(wanted):
        slug = values.get("slug") or free_slug(ComboSlot.objects.none(), str(values.get("name", "")))
        if slug in seen:
            raise wrong(f"slots.{position}.slug", _("This is already in use."), "unique")
        seen.add(slug)
        _write_slot(old.get(slug) or ComboSlot(combo=combo), {**values, "slug": slug, "position": position}, position)
    for slug in set(old) - seen:
        remove(old[slug])


def _write_slot(slot: ComboSlot, values: Values, index: int) -> None:
    changed = assign(slot, {name: value for name, value in values.items() if name != "choices"})
    if slot.min > slot.max:
        raise wrong(f"slots.{index}.max", _("The most is less than the least."))
    if slot._state.adding:
        insert(slot)
    else:
        update(slot, changed)
    if "choices" in values:
        _set_choices(slot, values["choices"], f"slots.{index}.choices")


def _set_choices(slot: ComboSlot, wanted: Sequence[Values], path: str) -> None:
    """Write the choices anew: nothing refers to them (carts and orders name products)."""
    if not 1 <= len(wanted) <= MAX_CHOICES:
        raise wrong(path, _("A slot needs between one and a hundred choices."), "required")
    ComboChoice.objects.filter(slot=slot).delete()
    sizes = pizza_sizes()
    choices, flavours = [], []
    for position, values in enumerate(wanted):
        check_choice(values, sizes, f"{path}.{position}")
        columns = {name: value for name, value in values.items() if name != "flavours"}
        choice = ComboChoice(store_id=slot.store_id, slot=slot, position=position, **columns)
        choices.append(choice)
        flavours += [
            ComboChoiceFlavour(store_id=slot.store_id, choice=choice, flavour=product)
            for product in values.get("flavours", [])
        ]
    ComboChoice.objects.bulk_create(choices)
    ComboChoiceFlavour.objects.bulk_create(flavours)


def pizza_sizes() -> set[str]:
    """Slugs of the store's pizza sizes."""
    pizza: Any = Store.objects.values_list("pizza", flat=True).get(pk=current_store_id())
    return {row.get("slug") for row in (pizza or {}).get("sizes", [])}


def check_choice(values: Values, sizes: set[str], path: str) -> None:
    """Refuse a choice that could not be sold: flavours alone, another product's variant, a pizza without a size."""
    product: Product = values["product"]
    variant: Variant | None = values.get("variant")
    flavours: Sequence[Product] = values.get("flavours", [])
    if product.kind == ProductKind.FLAVOUR:
        raise wrong(f"{path}.product", _("A flavour is sold only in a pizza."))
    if variant is not None and variant.product_id != product.pk:
        raise wrong(f"{path}.variant", _("This is a variant of another product."), "not_found")
    if product.kind == ProductKind.PIZZA and values.get("size") not in sizes:
        raise wrong(f"{path}.size", _("The store has no such pizza size."), "required")
    if product.kind != ProductKind.PIZZA and (values.get("size") or flavours):
        raise wrong(f"{path}.size", _("Only a pizza has a size and flavours."))
    if any(flavour.kind != ProductKind.FLAVOUR for flavour in flavours):
        raise wrong(f"{path}.flavours", _("Not a flavour."))
