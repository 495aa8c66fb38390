"""The tenant wall, tried from every side, for every tenant model that exists (found by introspection)."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.core import serializers
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count, prefetch_related_objects

from apps.core.ids import uuid7
from apps.core.scope import ScopeError, current_store_id, in_scope_of, scope, scoped_or_none
from apps.core.tests.scope_calls import ASYNC, READS, TENANT_MODELS, WRITES
from apps.stores.models import Category, Product, Store
from apps.stores.tests.factories import make_product

each_model = pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)


# No `db` fixture: a call that got past the wall would fail as "database access not allowed", which is no ScopeError.
@each_model
def test_outside_a_scope_every_call_is_refused_before_the_database_is_asked(model: type[Any]) -> None:
    for name, call in (READS | WRITES).items():
        with pytest.raises(ScopeError):
            call(model)
            pytest.fail(f"{name} got through")


@each_model
async def test_outside_a_scope_every_async_call_is_refused(model: type[Any]) -> None:
    for name, call in ASYNC.items():
        with pytest.raises(ScopeError):
            await call(model)
            pytest.fail(f"{name} got through")


@each_model
def test_inside_a_scope_a_row_of_another_store_cannot_be_written(model: type[Any]) -> None:
    """For every model, without the database: the refusal comes first."""
    with scope(uuid7()):
        for name in ("create", "save", "save_base", "force_insert", "delete", "bulk_create", "bulk_update"):
            with pytest.raises(ScopeError):
                WRITES[name](model)
                pytest.fail(f"{name} got through")
        for kwargs in ({"store_id": uuid7()}, {"store": Store(id=uuid7())}):
            with pytest.raises(ScopeError):
                model.objects.update(**kwargs)
            with pytest.raises(ScopeError):
                model(**kwargs).save()


@pytest.fixture
def ours(store: Store) -> Product:
    return make_product(store, "ours")


@pytest.fixture
def theirs(other_store: Store) -> Product:
    return make_product(other_store, "theirs")


def _unchanged(product: Product) -> bool:
    with scope(product.store_id):
        fresh = Product.objects.get(pk=product.pk)
        return (fresh.name, fresh.store_id, fresh.category_id) == (product.name, product.store_id, product.category_id)


def test_inside_a_scope_rows_of_another_store_are_invisible(ours: Product, theirs: Product) -> None:
    with scope(ours.store_id):
        assert [row.pk for row in Product.objects.all()] == [ours.pk]
        assert Product.objects.count() == 1
        assert not Product.objects.filter(pk=theirs.pk).exists()
        assert Product.objects.in_bulk([ours.pk, theirs.pk]).keys() == {ours.pk}
        assert not Product.objects.all().contains(theirs)
        with pytest.raises(Product.DoesNotExist):
            Product.objects.get(slug="theirs")
        with pytest.raises(Product.DoesNotExist):
            theirs.refresh_from_db()
        with pytest.raises(Category.DoesNotExist):
            _ = Product(store_id=ours.store_id, category_id=theirs.category_id).category


def test_inside_a_scope_a_foreign_row_cannot_be_saved_deleted_or_moved(ours: Product, theirs: Product) -> None:
    original = theirs.name
    theirs.name = "Taken"
    attempts: list[Callable[[], Any]] = [
        lambda: theirs.save(),
        lambda: theirs.save(update_fields=["name"]),
        lambda: theirs.delete(),
        lambda: theirs.save_base(),
        lambda: Product.objects.bulk_update([ours, theirs], ["name"]),
        lambda: Product.objects.bulk_create(
            [theirs], update_conflicts=True, unique_fields=["id"], update_fields=["name"]
        ),
        lambda: next(serializers.deserialize("json", serializers.serialize("json", [theirs]))).save(),
    ]
    for attempt in attempts:
        with scope(ours.store_id), pytest.raises(ScopeError), transaction.atomic():
            attempt()
    with scope(ours.store_id):
        assert Product.objects.filter(pk=theirs.pk).update(name="Taken") == 0
        assert Product.objects.filter(pk=theirs.pk).delete()[0] == 0
    theirs.name = original
    assert _unchanged(theirs)


def test_a_foreign_row_claimed_as_ours_is_not_taken_over(ours: Product, theirs: Product) -> None:
    """The row lies about its store: the UPDATE finds nothing of ours, and the INSERT meets the primary key."""
    liar = Product(
        id=theirs.pk, store_id=ours.store_id, category_id=ours.category_id, slug="x", sku="x", name="Taken", price=1
    )
    with scope(ours.store_id), pytest.raises(IntegrityError), transaction.atomic():
        liar.save()
    with scope(ours.store_id), pytest.raises(DatabaseError), transaction.atomic():
        liar.save(force_update=True)
    assert _unchanged(theirs)


def test_a_row_cannot_be_moved_to_another_store(ours: Product, theirs: Product) -> None:
    home = ours.store_id
    ours.store_id = theirs.store_id
    with scope(home):
        with pytest.raises(ScopeError), transaction.atomic():
            ours.save()
        with pytest.raises(ScopeError), transaction.atomic():
            ours.save(update_fields=["store"])
        with pytest.raises(ScopeError):
            Product.objects.update(store=theirs.store_id)
    ours.store_id = home
    assert _unchanged(ours)


def test_related_managers_and_prefetches_stay_inside(ours: Product, theirs: Product) -> None:
    with scope(theirs.store_id):
        their_category = theirs.category
    with scope(ours.store_id):
        assert list(their_category.products.all()) == []
        assert their_category.products.count() == 0
        prefetch_related_objects([their_category], "products")
        assert list(their_category.products.all()) == []
        with pytest.raises(ScopeError), transaction.atomic():
            their_category.products.create(store_id=theirs.store_id, slug="y", sku="y", name="y")
    with pytest.raises(ScopeError):
        list(ours.category.products.filter(slug="ours"))


def test_following_a_key_or_prefetching_outside_a_scope_is_refused(ours: Product) -> None:
    with scope(ours.store_id):
        fresh = Product.objects.get(pk=ours.pk)
    with pytest.raises(ScopeError):
        _ = fresh.category
    with pytest.raises(ScopeError):
        list(fresh.variants.all())
    with pytest.raises(ScopeError):
        prefetch_related_objects([fresh], "category")


# -- what a query set remembers ------------------------------------------------------------------------------------

LATER: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "first": lambda rows: rows.first(),
    "clone": lambda rows: list(rows.filter(name="x")),
    "values": lambda rows: list(rows.values("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "update": lambda rows: rows.update(name="x"),
    "delete": lambda rows: rows.delete(),
    "sub-query": lambda rows: list(Product.objects.filter(pk__in=rows)),
    "union": lambda rows: list(Product.objects.all().union(rows)),
    "or": lambda rows: list(Product.objects.all() | rows),
}


@pytest.mark.parametrize("name", LATER)
def test_a_query_made_in_one_store_does_not_run_in_another(ours: Product, theirs: Product, name: str) -> None:
    with scope(ours.store_id):
        lazy = Product.objects.all()
    with scope(theirs.store_id), pytest.raises(ScopeError), transaction.atomic():
        LATER[name](lazy)
    with pytest.raises(ScopeError), transaction.atomic():
        LATER[name](lazy)
    assert _unchanged(ours)
    assert _unchanged(theirs)


def test_a_generator_started_in_one_store_does_not_turn_to_another(ours: Product, theirs: Product) -> None:
    def rows() -> Iterator[Any]:
        yield from Product.objects.iterator(chunk_size=1)
        yield from Product.objects.iterator(chunk_size=1)

    with scope(ours.store_id):
        lazy = rows()
        assert next(lazy).pk == ours.pk
    with scope(theirs.store_id):
        seen = [row.pk for row in itertools.islice(lazy, 2)]
    assert seen == [theirs.pk], "the second query was made in the second scope, and shows that scope's rows alone"


# -- where the scope reaches ---------------------------------------------------------------------------------------


def test_scopes_nest_and_are_left_even_by_an_error() -> None:
    outer, inner = uuid7(), uuid7()
    with scope(outer):
        with pytest.raises(ZeroDivisionError), scope(inner):
            assert current_store_id() == inner
            raise ZeroDivisionError
        assert current_store_id() == outer
    assert scoped_or_none() is None
    with pytest.raises(ScopeError):
        current_store_id()


def test_a_thread_starts_without_a_scope_and_is_given_one_on_purpose() -> None:
    seen: list[UUID | None] = []
    here = uuid7()

    def look() -> None:
        seen.append(scoped_or_none())

    with scope(here):
        for target in (look, in_scope_of(here, look)):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join(10)
    assert seen == [None, here]


def test_threads_do_not_see_each_others_scope() -> None:
    start = threading.Barrier(8)
    wrong: list[UUID] = []

    def work(mine: UUID) -> None:
        with scope(mine):
            start.wait(10)
            wrong.extend(mine for _ in range(200) if current_store_id() != mine)

    threads = [threading.Thread(target=work, args=(uuid7(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert wrong == []


async def test_tasks_inherit_the_scope_they_were_started_in_and_keep_theirs_to_themselves() -> None:
    outer = uuid7()
    met = asyncio.Barrier(3)

    async def work(mine: UUID) -> bool:
        assert current_store_id() == outer
        with scope(mine):
            await met.wait()
            in_thread = await sync_to_async(current_store_id)()
            await met.wait()
            return current_store_id() == mine == in_thread

    with scope(outer):
        assert await asyncio.gather(*(work(uuid7()) for _ in range(3))) == [True] * 3
        assert current_store_id() == outer
    assert scoped_or_none() is None


def test_the_wall_has_teeth(ours: Product, theirs: Product) -> None:
    """The control: through the one door, the same calls show both stores."""
    everybody: Iterable[Any] = Product.objects.unscoped()
    assert {row.pk for row in everybody} == {ours.pk, theirs.pk}
