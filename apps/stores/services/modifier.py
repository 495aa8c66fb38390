"""Modifier groups and their options: shared questions, nested at most three deep, never in a circle."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.stores.models import ModifierGroup, ModifierOption, OptionOpens, SaleStatus
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

MAX_DEPTH = 3
MAX_OPTIONS = 100


def create(*, actor: Actor, values: Values, options: Sequence[Values] = ()) -> ModifierGroup:
    """A new group with its options. An option is its columns and `opens`: the groups it asks when chosen."""
    group = ModifierGroup()
    with catalog_unit(actor=actor) as publish:
        assign(group, values)
        group.slug = group.slug or free_slug(ModifierGroup.objects.all(), group.name)
        _check_limits(group)
        insert(group)
        _set_options(group, options)
        settings_fact("modifier_group.created", group.pk, actor=actor)
        publish()
    return group


def change(
    *, group: ModifierGroup, actor: Actor, values: Values, options: Sequence[Values] | None = None
) -> ModifierGroup:
    """Change a group. `options`, when given, is the whole new list: rows are recognised by slug, the others go."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(group, values)
        _check_limits(group)
        update(group, changed)
        if options is not None:
            _set_options(group, options)
            changed.append("options")
        if changed:
            settings_fact("modifier_group.updated", group.pk, actor=actor, changed=changed)
            publish()
    return group


def delete(*, group: ModifierGroup, actor: Actor) -> None:
    """Delete a group with its options. Products and options no longer ask it; orders keep their snapshot."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("modifier_group.deleted", group.pk, actor=actor)
        remove(group)
        publish()


def _check_limits(group: ModifierGroup) -> None:
    if group.min > group.max:
        raise wrong("max", _("The most is less than the least."))


def _set_options(group: ModifierGroup, wanted: Sequence[Values]) -> None:
    if len(wanted) > MAX_OPTIONS:
        raise wrong("options", _("At most a hundred options."), "too_many")
    old = {row.slug: row for row in ModifierOption.objects.filter(group=group)}
    seen: set[str] = set()
    for position, values in enumerate(wanted):
        slug = values.get("slug") or free_slug(ModifierOption.objects.none(), str(values.get("name", "")))
        if slug in seen:
            raise wrong(f"options.{position}.slug", _("This is already in use."), "unique")
        seen.add(slug)
        _write_option(old.get(slug) or ModifierOption(group=group), {**values, "slug": slug, "position": position})
    for slug in set(old) - seen:
        remove(old[slug])
    if any(values.get("opens") for values in wanted):
        check_nesting("options")


def _write_option(option: ModifierOption, values: Values) -> list[str]:
    """Insert or update an option with the groups it opens. Returns what changed."""
    columns = {name: value for name, value in values.items() if name != "opens"}
    changed = assign(option, columns)
    if "status" in changed and option.status != SaleStatus.PAUSED and "paused_until" not in columns:
        changed += assign(option, {"paused_until": None})
    if option._state.adding:
        insert(option)
    else:
        update(option, changed)
    if "opens" in values and _set_opens(option, values["opens"]):
        changed.append("opens")
    return changed


def _set_opens(option: ModifierOption, groups: Sequence[ModifierGroup]) -> bool:
    links = OptionOpens.objects.filter(option=option)
    if list(links.order_by("position").values_list("group_id", flat=True)) == [group.pk for group in groups]:
        return False
    links.delete()
    rows = [
        OptionOpens(store_id=option.store_id, option=option, group=group, position=n) for n, group in enumerate(groups)
    ]
    OptionOpens.objects.bulk_create(rows)
    return True


def check_nesting(field: str) -> None:
    """Refuse circles and more than three levels, over all groups of the store. Raises a field error for `field`."""
    opens: dict[UUID, set[UUID]] = {}
    for asking, asked in OptionOpens.objects.values_list("option__group_id", "group_id"):
        opens.setdefault(asking, set()).add(asked)
    if any(_levels(group, opens, MAX_DEPTH) > MAX_DEPTH for group in opens):
        raise wrong(field, _("Groups may be nested three deep, and never in a circle."), "nested_too_deep")


def _levels(group: UUID, opens: dict[UUID, set[UUID]], left: int) -> int:
    """Levels from this group down; stops counting just beyond the limit, so a circle ends too."""
    if left == 0:
        return 1
    return 1 + max((_levels(asked, opens, left - 1) for asked in opens.get(group, ())), default=0)


def add_option(*, group: ModifierGroup, actor: Actor, values: Values) -> ModifierOption:
    """One more option at the end of a group."""
    with catalog_unit(actor=actor) as publish:
        others = ModifierOption.objects.filter(group=group)
        if others.count() >= MAX_OPTIONS:
            raise wrong("group", _("At most a hundred options."), "too_many")
        option = ModifierOption(group=group)
        slug = values.get("slug") or free_slug(others, str(values["name"]))
        _write_option(option, {"position": next_position(others), **values, "slug": slug})
        if values.get("opens"):
            check_nesting("opens")
        settings_fact("modifier_group.updated", group.pk, actor=actor, changed=["options"])
        publish()
    return option


def change_option(*, option: ModifierOption, actor: Actor, values: Values) -> ModifierOption:
    """Change an option and what it opens."""
    with catalog_unit(actor=actor) as publish:
        changed = _write_option(option, values)
        if "opens" in changed:
            check_nesting("opens")
        if changed:
            settings_fact("option.updated", option.pk, actor=actor, changed=changed)
            publish()
    return option


def pause_option(*, option: ModifierOption, until: datetime | None, actor: Actor) -> ModifierOption:
    """Take an option off sale (86), for a while or until somebody resumes it."""
    values = {"status": SaleStatus.PAUSED, "paused_until": until}
    return change_option(option=option, actor=actor, values=values)


def resume_option(*, option: ModifierOption, actor: Actor) -> ModifierOption:
    """Put an option back on sale."""
    return change_option(option=option, actor=actor, values={"status": SaleStatus.ACTIVE, "paused_until": None})


def delete_option(*, option: ModifierOption, actor: Actor) -> None:
    """Delete an option; orders keep their snapshot."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("option.deleted", option.pk, actor=actor)
        remove(option)
        publish()
