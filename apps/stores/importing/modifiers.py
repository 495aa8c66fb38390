"""Questions with priced answers: groups, their options, and the groups an option opens (three levels at most)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import ModifierGroup, ModifierOption, OptionOpens, SaleStatus

MAX_DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Groups by slug, options and what they open by (group, option)."""

    groups: dict[str, dict[str, Any]]
    options: dict[tuple[str, str], dict[str, Any]]
    opens: dict[tuple[str, str], list[str]]


def read(source: Source) -> Plan:
    """All groups with their options."""
    rows = unique(source.rows("modifier_groups"))
    groups, options, opens = {}, {}, {}
    for slug, row in rows.items():
        inner = unique(row.rows("options"))
        groups[slug] = _group(slug, row, len(inner))
        for index, (name, option) in enumerate(inner.items()):
            options[(slug, name)] = _option(name, option, index)
            opens[(slug, name)] = option.texts("opens", known=source.slugs("modifier_groups"), noun="modifier_groups")
    plan = Plan(groups=groups, options=options, opens=opens)
    for slug in _too_deep(plan):
        rows[slug].error(
            "options", _("open groups more than %(depth)s levels deep, or the group itself") % {"depth": MAX_DEPTH}
        )
    return plan


def _group(slug: str, row: Row, options: int) -> dict[str, Any]:
    low, high = row.integer("min"), row.integer("max", 1, low=1)
    if low > high:
        row.error("max", _("is less than min"))
    if not options:
        row.error("options", _("a group has at least one option"))
    name = row.text("name", required=True)
    fields = {"slug": slug, "name": name, "min": low, "max": high, "translations": row.plain("translations")}
    return row.check(ModifierGroup, fields)


def _option(slug: str, row: Row, index: int) -> dict[str, Any]:
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "price": row.amount("price"),
        "max": row.integer("max", 1, low=1),
        "status": row.choice("status", SaleStatus.values, default=SaleStatus.ACTIVE.value),
        "paused_until": row.moment("paused_until"),
        "position": index,
        "translations": row.plain("translations"),
    }
    return row.check(ModifierOption, fields)


def _too_deep(plan: Plan) -> list[str]:
    """Groups from which more than `MAX_DEPTH` levels can be opened; a circle never ends."""
    opened: dict[str, set[str]] = {slug: set() for slug in plan.groups}
    for (group, _option_slug), names in plan.opens.items():
        opened[group] |= set(names) & plan.groups.keys()
    level = {slug: {slug} for slug in plan.groups}
    for _depth in range(MAX_DEPTH):
        level = {slug: {below for name in names for below in opened[name]} for slug, names in level.items()}
    return [slug for slug, names in level.items() if names]


def write(plan: Plan, world: World) -> None:
    """Groups, then options, then what they open."""
    existing = ModifierGroup.objects.filter(slug__in=plan.groups)
    groups = sync(
        ModifierGroup, existing, plan.groups, key=lambda row: row.slug, tally=world.report.tally("modifier groups")
    )
    world.groups = groups
    wanted = {
        (groups[group].pk, slug): {"group_id": groups[group].pk, **row} for (group, slug), row in plan.options.items()
    }
    known = ModifierOption.objects.filter(group__in=[row.pk for row in groups.values()])
    tally = world.report.tally("options")
    options = sync_children(ModifierOption, known, wanted, key=lambda row: (row.group_id, row.slug), tally=tally)
    links: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for (group, slug), names in plan.opens.items():
        option = options[(groups[group].pk, slug)].pk
        for position, name in enumerate(names):
            links[(option, groups[name].pk)] = {"option_id": option, "group_id": groups[name].pk, "position": position}
    opened = OptionOpens.objects.filter(option__in=[row.pk for row in options.values()])
    sync_children(
        OptionOpens,
        opened,
        links,
        key=lambda row: (row.option_id, row.group_id),
        tally=world.report.tally("opened groups"),
    )
