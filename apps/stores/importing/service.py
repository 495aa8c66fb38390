"""The one call: a checked document in, a store in the tables and a report of what changed out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.scope import scope
from apps.events.services import unit_of_work
from apps.stores.importing import (
    catalog_groups,
    combos,
    combos_write,
    customers,
    delivery,
    loyalty,
    modifiers,
    outlets,
    overrides,
    price_lists,
    products,
    products_write,
    promotions,
    staff,
    stock,
    store,
)
from apps.stores.importing.errors import Errors, refusal
from apps.stores.importing.hooks import Write, sections
from apps.stores.importing.later import kept_for_later
from apps.stores.importing.reading import check_document
from apps.stores.importing.report import Report
from apps.stores.importing.source import Source, World
from apps.stores.services.catalog_changes import catalog_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Everything read: the store's columns, and the writers of the sections in their order."""

    store: dict[str, Any]
    writers: tuple[Write, ...]


class _OnlyLooking(Exception):
    """Ends the unit of work of a dry run, so that nothing of it stays."""


def import_store(
    *,
    document: Mapping[str, Any],
    actor: Actor,
    dry_run: bool = False,
    owner: str | None = None,
    password: str | None = None,
) -> Report:
    """Bring a store to what `document` says. A second run changes nothing and records no fact.

    `owner`: e-mail of a person who becomes an owner. `password`: for logins made here (demo only; without it nobody can
    log in until a password is set). Raises `ImportRefused` with every problem; then nothing was written.
    """
    source = Source.of(check_document(dict(document)))
    plan = _read(source, owner)
    report = Report(store=plan.store["slug"], name=plan.store["name"], dry_run=dry_run)
    report.kept_for_later = kept_for_later(source, sections())
    source.reader.warn_of_unread_keys()
    source.errors.refuse_if_any()
    report.warnings = source.errors.warnings
    try:
        with unit_of_work():
            _write(plan, report, actor, password)
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        return report
    except (IntegrityError, DataError) as error:
        reason = str(error).splitlines()[0]
        raise refusal("", _("The file contradicts what the store has: %(reason)s") % {"reason": reason}) from error
    return report


def _read(source: Source, owner: str | None) -> _Plan:
    """Every section, to the end, whatever is wrong."""
    fields = store.read(source)
    places = outlets.read(source)
    members = staff.read(source, owner)
    types = catalog_groups.read_types(source)
    categories = catalog_groups.read_categories(source)
    groups = modifiers.read(source)
    goods = products.read(source, types, products.tax_codes(source.document))
    sets = combos.read(source, goods)
    special = overrides.read(source, goods)
    ways = delivery.read(source)
    people = customers.read(source)
    offers = promotions.read(source)
    lists = price_lists.read(source, goods, people)
    points = loyalty.read(source)
    writers: tuple[Write, ...] = (
        lambda world: outlets.write(places, world),
        lambda world: staff.write(members, world),
        lambda world: catalog_groups.write_types(types, world),
        lambda world: catalog_groups.write_categories(categories, world),
        lambda world: modifiers.write(groups, world),
        lambda world: products_write.write(goods, world),
        lambda world: stock.write(goods, world),
        lambda world: combos_write.write(sets, world),
        lambda world: overrides.write(special, world),
        lambda world: delivery.write(ways, world),
        lambda world: loyalty.write(points, world),
        lambda world: customers.write(people, world),
        lambda world: promotions.write(offers, world),
        lambda world: price_lists.write(lists, world),
    )
    return _Plan(store=fields, writers=writers + tuple(handler(source) for handler in sections().values()))


def _write(plan: _Plan, report: Report, actor: Actor, password: str | None) -> None:
    """Inside the unit of work: the rows, and one new version of the menu if anything changed."""
    errors = Errors()
    row = store.write(plan.store, report.tally("store"), errors)
    errors.refuse_if_any()
    with scope(row.pk):
        world = World(store=row, actor=actor, report=report, errors=errors, password=password)
        for write in plan.writers:
            write(world)
            errors.refuse_if_any()
        if report.changed:
            catalog_changed(actor=actor)
