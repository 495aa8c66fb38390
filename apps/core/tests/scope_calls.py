"""Every way Django has to touch rows, as calls on a model: what `test_scope.py` tries on each tenant model."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from django.apps import apps
from django.db.models import Count, Q

from apps.core.ids import uuid7
from apps.core.scope import ScopedModel

TENANT_MODELS: list[type[Any]] = [model for model in apps.get_models() if issubclass(model, ScopedModel)]


def _row(model: type[Any]) -> Any:
    """An unsaved row of a store that does not exist. It must never get as far as the database."""
    return model(id=uuid7(), store_id=uuid7())


READS: dict[str, Callable[[Any], Any]] = {
    "all": lambda model: list(model.objects.all()),
    "iterate the manager's clone": lambda model: list(model.objects.order_by("pk")[:1]),
    "filter": lambda model: list(model.objects.filter(pk=uuid7())),
    "exclude": lambda model: list(model.objects.exclude(pk=uuid7())),
    "none": lambda model: model.objects.filter(Q(pk=uuid7()) | Q(pk=uuid7())).exists(),
    "get": lambda model: model.objects.get(pk=uuid7()),
    "count": lambda model: model.objects.count(),
    "exists": lambda model: model.objects.exists(),
    "contains": lambda model: model.objects.contains(_row(model)),
    "aggregate": lambda model: model.objects.aggregate(Count("pk")),
    "annotate": lambda model: list(model.objects.annotate(many=Count("pk"))),
    "first": lambda model: model.objects.first(),
    "last": lambda model: model.objects.last(),
    "latest": lambda model: model.objects.latest("pk"),
    "iterator": lambda model: list(model.objects.iterator()),
    "in_bulk": lambda model: model.objects.in_bulk([uuid7()]),
    "values": lambda model: list(model.objects.values("pk")),
    "values_list": lambda model: list(model.objects.values_list("pk", flat=True)),
    "distinct": lambda model: list(model.objects.distinct()),
    "only": lambda model: list(model.objects.only("pk")),
    "explain": lambda model: model.objects.all().explain(),
    "union": lambda model: list(model.objects.all().union(model.objects.all())),
    "select_for_update": lambda model: list(model.objects.select_for_update()),
    "raw": lambda model: list(model.objects.raw("SELECT 1 AS id")),
    "base manager": lambda model: model._base_manager.count(),
    "refresh_from_db": lambda model: _row(model).refresh_from_db(),
}
WRITES: dict[str, Callable[[Any], Any]] = {
    "create": lambda model: model.objects.create(id=uuid7(), store_id=uuid7()),
    "save": lambda model: _row(model).save(),
    "save without a store": lambda model: model().save(),
    "save_base": lambda model: _row(model).save_base(raw=True),
    "force_insert": lambda model: _row(model).save(force_insert=True),
    "delete": lambda model: _row(model).delete(),
    "update": lambda model: model.objects.update(id=uuid7()),
    "queryset delete": lambda model: model.objects.all().delete(),
    "raw delete": lambda model: model.objects.all()._raw_delete("default"),
    "bulk_create": lambda model: model.objects.bulk_create([_row(model)]),
    "bulk_create nothing": lambda model: model.objects.bulk_create([]),
    "bulk_update": lambda model: model.objects.bulk_update([_row(model)], ["store"]),
    "get_or_create": lambda model: model.objects.get_or_create(pk=uuid7()),
    "update_or_create": lambda model: model.objects.update_or_create(pk=uuid7()),
}
ASYNC: dict[str, Callable[[Any], Any]] = {
    "aget": lambda model: model.objects.aget(pk=uuid7()),
    "acount": lambda model: model.objects.acount(),
    "aexists": lambda model: model.objects.aexists(),
    "afirst": lambda model: model.objects.afirst(),
    "aaggregate": lambda model: model.objects.aaggregate(Count("pk")),
    "ain_bulk": lambda model: model.objects.ain_bulk([uuid7()]),
    "acreate": lambda model: model.objects.acreate(store_id=uuid7()),
    "aget_or_create": lambda model: model.objects.aget_or_create(pk=uuid7()),
    "aupdate_or_create": lambda model: model.objects.aupdate_or_create(pk=uuid7()),
    "abulk_create": lambda model: model.objects.abulk_create([_row(model)]),
    "abulk_update": lambda model: model.objects.abulk_update([_row(model)], ["store"]),
    "aupdate": lambda model: model.objects.aupdate(id=uuid7()),
    "queryset adelete": lambda model: model.objects.all().adelete(),
    "asave": lambda model: _row(model).asave(),
    "adelete": lambda model: _row(model).adelete(),
    "arefresh_from_db": lambda model: _row(model).arefresh_from_db(),
    "aiterator": lambda model: _collect(model.objects.all().aiterator()),
    "async for": lambda model: _collect(model.objects.all()),
}


async def _collect(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]
