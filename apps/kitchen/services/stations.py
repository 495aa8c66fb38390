"""Stations and routes. Every change gives the catalog a new version: that is what tells all processes to re-read the routes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.problems import Conflict, Invalid
from apps.core.scope import current_store_id
from apps.events.services import unit_of_work
from apps.kitchen.models import Route, Station
from apps.kitchen.models.ticket import OPEN
from apps.kitchen.queries.routes import Place, place_of
from apps.stores.models import Category, Order, Outlet, Product
from apps.stores.services.catalog_changes import catalog_changed
from apps.stores.services.catalog_unit import catalog_unit

FIRST_SLUG = "kitchen"


def create(
    *, fields: Mapping[str, Any], categories: Iterable[UUID] = (), products: Iterable[UUID] = (), actor: Actor
) -> Station:
    """A new station with its routes. `fields`: outlet_id, name, and what else a `Station` has; the slug may be left out.

    Raises 400 for an unknown outlet, category or product and for an overdue time before the target, 409 `station_exists`.
    """
    with catalog_unit(actor=actor) as publish:
        station = Station(store_id=current_store_id(), **fields)
        station.slug = station.slug or slugify(station.name)[:50] or FIRST_SLUG
        _save(station)
        _route(station, categories=categories, products=products)
        publish()
        return station


def update(
    *,
    station: Station,
    fields: Mapping[str, Any],
    categories: Iterable[UUID] | None = None,
    products: Iterable[UUID] | None = None,
    actor: Actor,
) -> Station:
    """Change a station; given categories or products replace all its routes of that kind. Raises as `create`."""
    with catalog_unit(actor=actor) as publish:
        for name, value in fields.items():
            setattr(station, name, value)
        _save(station)
        if categories is not None:
            Route.objects.filter(station=station, category__isnull=False).delete()
        if products is not None:
            Route.objects.filter(station=station, product__isnull=False).delete()
        _route(station, categories=categories or (), products=products or ())
        publish()
        return station


def _save(station: Station) -> None:
    if station.overdue_minutes < station.target_minutes:
        _invalid("overdue_minutes", _("Overdue comes after late."))
    if not Outlet.objects.filter(pk=station.outlet_id).exists():
        _invalid("outlet", _("This store has no such outlet."))
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError as error:
        raise Conflict("station_exists", _("This outlet already has a station with that short name.")) from error


def close(*, station: Station, actor: Actor) -> None:
    """Take a station out of use; its tickets stay for the records. 409 `station_busy` while it has open ones."""
    with catalog_unit(actor=actor) as publish:
        if station.tickets.filter(status__in=OPEN).exists():
            raise Conflict("station_busy", _("This station still has open tickets."))
        Station.objects.filter(pk=station.pk).update(is_active=False)
        Route.objects.filter(station=station).delete()
        publish()


def first_station(*, order: Order, actor: Actor) -> Place:
    """The station of an outlet that has none yet: made (or reopened) for its first order, so that no order is lost.

    It takes no turn (`catalog_unit`): the order that asks holds stock already, which a change of the menu may want.
    """
    with unit_of_work():
        with translation.override((order.store.languages or ["en"])[0].lower()):
            name = _("Kitchen")
        station, is_new = Station.objects.get_or_create(
            outlet_id=order.outlet_id, slug=FIRST_SLUG, defaults={"name": name}
        )
        if is_new or not station.is_active:
            Station.objects.filter(pk=station.pk).update(is_active=True)
            catalog_changed(actor=actor)
        return place_of(station)


@dataclass(slots=True)
class Imported:
    """How many stations an import made, changed and found as they should be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    routes: int = 0
    routes_removed: int = 0


def import_stations(
    *, outlets: Mapping[UUID, Iterable[Mapping[str, str]]], routed: Mapping[UUID, Iterable[str]]
) -> Imported:
    """Stations and category routes as a store file has them; repeating it writes nothing.

    `outlets`: outlet id → rows of `slug` and `name`, in order. `routed`: category id → station slugs, valid at every outlet and
    complete: other routes of these categories to these outlets' stations go.
    The importer gives the menu its new version once everything is written.
    """
    with unit_of_work():
        done, by_slug = Imported(), dict[str, list[Station]]()
        known = {
            (station.outlet_id, station.slug): station for station in Station.objects.filter(outlet_id__in=outlets)
        }
        for outlet_id, rows in outlets.items():
            for position, row in enumerate(rows):
                station = known.get((outlet_id, row["slug"]), Station(outlet_id=outlet_id, slug=row["slug"]))
                _import_station(station, name=row["name"], position=position, done=done)
                by_slug.setdefault(station.slug, []).append(station)
        wanted = {
            (station.pk, category_id)
            for category_id, slugs in routed.items()
            for slug in slugs
            for station in by_slug.get(slug, ())
        }
        here = [station.pk for stations in by_slug.values() for station in stations]
        found = {
            (row.station_id, row.category_id): row
            for row in Route.objects.filter(category_id__in=routed, station_id__in=here)
        }
        missing, extra = wanted - found.keys(), [row.pk for key, row in found.items() if key not in wanted]
        store_id = current_store_id()
        Route.objects.bulk_create(
            [
                Route(store_id=store_id, station_id=station, category_id=category)
                for station, category in sorted(missing)
            ]
        )
        if extra:
            Route.objects.filter(pk__in=extra).delete()
        done.routes_removed = len(extra)
        done.routes = len(missing)
        return done


def _import_station(station: Station, *, name: str, position: int, done: Imported) -> None:
    is_new, wanted = station._state.adding, (name, position, True)
    if not is_new and (station.name, station.position, station.is_active) == wanted:
        done.unchanged += 1
        return
    station.name, station.position, station.is_active = wanted
    station.save()
    done.created += is_new
    done.updated += not is_new


def _route(station: Station, *, categories: Iterable[UUID], products: Iterable[UUID]) -> None:
    wanted: dict[str, set[UUID]] = {"categories": set(categories), "products": set(products)}
    for field, model in (("categories", Category), ("products", Product)):
        if wanted[field] and model.objects.filter(pk__in=wanted[field]).count() < len(wanted[field]):
            _invalid(field, _("This store has no such entry."))
    routes = [
        Route(store_id=station.store_id, station=station, category_id=category) for category in wanted["categories"]
    ]
    routes += [Route(store_id=station.store_id, station=station, product_id=product) for product in wanted["products"]]
    Route.objects.bulk_create(routes)


def _invalid(field: str, text: str) -> NoReturn:
    raise Invalid("invalid", text, errors={field: [text]})
