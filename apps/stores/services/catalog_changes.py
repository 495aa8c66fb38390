"""The one thing every change of the menu ends with: the catalog gets a new version, and the log says so."""

from django.db import transaction
from django.db.models import F

from apps.core.actors import Actor
from apps.core.scope import current_store_id
from apps.events.registry import Fact, Subject
from apps.events.services import record
from apps.stores import facts
from apps.stores.models import Product, Store
from apps.stores.queries import access


def catalog_changed(*, actor: Actor) -> None:
    """Give the store's catalog a new version. Call inside the unit of work of the change, once, at its end.

    The row lock of the version orders publishers of one store; caches learn of it after the commit.
    """
    store_id = current_store_id()
    Store.objects.filter(pk=store_id).update(catalog_version=F("catalog_version") + 1)
    store = Store.objects.only("slug", "catalog_version").get(pk=store_id)
    payload = {"version": store.catalog_version}
    record(facts.CATALOG_PUBLISHED, subject=Subject(type="store", id=store_id), payload=payload, actor=actor)
    transaction.on_commit(lambda: access.forget_store(store))


def product_fact(fact: Fact, product: Product, *, actor: Actor, **payload: object) -> None:
    """Record something about a product."""
    body = {"product_id": str(product.pk), "name": product.name, "sku": product.sku, **payload}
    record(fact, subject=Subject(type="product", id=product.pk), payload=body, actor=actor)
