"""Which stations make a line: by its product, else by its category or the nearest one above it, else the first station.
A part of a combo goes its own way, else that of the combo.

The table of a store is kept in the process by catalog version: every change of the menu and of the stations gives the
catalog a new version (see `services.stations`), so a stale table cannot be used, whichever process made the change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from uuid import UUID

from apps.core.scope import current_store_id
from apps.kitchen.models import Station
from apps.stores.queries import for_kitchen

# Tables kept per process; one is a few kilobytes. Forgetting one costs two statements.
KEPT = 2_000
_tables: dict[UUID, tuple[int, "Table"]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An active station as routing needs it."""

    id: UUID
    slug: str
    name: str
    outlet_id: UUID
    target_minutes: int
    overdue_minutes: int

    def deadlines(self, moment: datetime, scheduled_for: datetime | None) -> tuple[datetime, datetime, datetime]:
        """`(fire_at, due_at, overdue_at)` of a ticket that arrives at `moment`."""
        target = timedelta(minutes=self.target_minutes)
        fire_at = max(moment, scheduled_for - target) if scheduled_for else moment
        due_at = fire_at + target
        return fire_at, due_at, fire_at + timedelta(minutes=self.overdue_minutes)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The stations of a store in order, and what leads to them."""

    places: tuple[Place, ...]
    by_product: Mapping[UUID, frozenset[UUID]]
    by_category: Mapping[UUID, frozenset[UUID]]
    parents: Mapping[UUID, UUID | None]

    @cached_property
    def by_outlet(self) -> Mapping[UUID, tuple[Place, ...]]:
        """Outlet → its stations, first one first."""
        outlets = {place.outlet_id for place in self.places}
        return {outlet: tuple(place for place in self.places if place.outlet_id == outlet) for outlet in outlets}

    def places_for(
        self,
        *,
        outlet_id: UUID,
        product_id: UUID | None,
        category_id: UUID | None,
        combo_category_id: UUID | None = None,
    ) -> tuple[Place, ...]:
        """The stations of the outlet that make this line, or part of a combo; empty only for an outlet without stations."""
        here = self.by_outlet.get(outlet_id, ())
        ways = chain(self._candidates(product_id, category_id), self._candidates(None, combo_category_id))
        for routed in ways:
            if found := tuple(place for place in here if place.id in routed):
                return found
        return here[:1]

    def _candidates(self, product_id: UUID | None, category_id: UUID | None) -> Iterable[frozenset[UUID]]:
        if product_id is not None and product_id in self.by_product:
            yield self.by_product[product_id]
        seen: set[UUID] = set()
        while category_id is not None and category_id not in seen:
            seen.add(category_id)  # a loop in the tree must not hang an order
            if category_id in self.by_category:
                yield self.by_category[category_id]
            category_id = self.parents.get(category_id)


def place_of(station: Station) -> Place:
    """A loaded station as routing knows it."""
    return Place(
        id=station.pk,
        slug=station.slug,
        name=station.name,
        outlet_id=station.outlet_id,
        target_minutes=station.target_minutes,
        overdue_minutes=station.overdue_minutes,
    )


def table(catalog_version: int) -> Table:
    """The table of the store in scope as of this catalog version. No statement when it is known, else two."""
    store_id = current_store_id()
    known = _tables.get(store_id)
    if known is not None and known[0] == catalog_version:
        return known[1]
    loaded = _load()
    if len(_tables) >= KEPT:
        _tables.pop(next(iter(_tables)), None)
    _tables[store_id] = (catalog_version, loaded)
    return loaded


def forget_tables() -> None:
    """Forget every table (tests that count statements)."""
    _tables.clear()


def _load() -> Table:
    places: dict[UUID, Place] = {}
    by_product: dict[UUID, set[UUID]] = {}
    by_category: dict[UUID, set[UUID]] = {}
    stations = Station.objects.filter(is_active=True).order_by("position", "created_at", "id")
    columns = (
        "id",
        "slug",
        "name",
        "outlet_id",
        "target_minutes",
        "overdue_minutes",
        "routes__product_id",
        "routes__category_id",
    )
    for *place, product_id, category_id in stations.values_list(*columns):
        station_id = place[0]
        places.setdefault(station_id, Place(**dict(zip(columns, place, strict=False))))
        if product_id is not None:
            by_product.setdefault(product_id, set()).add(station_id)
        if category_id is not None:
            by_category.setdefault(category_id, set()).add(station_id)
    return Table(
        places=tuple(places.values()),
        by_product={key: frozenset(ids) for key, ids in by_product.items()},
        by_category={key: frozenset(ids) for key, ids in by_category.items()},
        parents=for_kitchen.category_parents(),
    )
