"""The second wall: no row can point into another store, whatever code wrote it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.core import walls
from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.stores.models import Category, Product, Store
from apps.stores.tests.factories import make_product


def _constraints() -> dict[str, tuple[str, bool]]:
    """Constraint name → definition, and whether every row was checked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE contype = 'f'")
        return {name: (definition, is_valid) for name, definition, is_valid in cursor.fetchall()}


def test_every_foreign_key_between_tenant_tables_has_its_twin(db: None) -> None:
    found, twins = _constraints(), list(walls.twins())
    assert len({twin.name for twin in twins}) == len(twins) > 50
    for twin in twins:
        definition, is_valid = found[twin.name]
        assert is_valid
        assert definition == (
            f"FOREIGN KEY (store_id, {twin.column}) REFERENCES {twin.target}(store_id, id) DEFERRABLE INITIALLY DEFERRED"
        )
        assert len(twin.name) <= 63


def test_building_again_changes_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        walls.build()


@pytest.fixture
def ours(store: Store) -> Product:
    return make_product(store, "ours")


@pytest.fixture
def theirs(other_store: Store) -> Product:
    return make_product(other_store, "theirs")


def _commit() -> None:
    """What a commit does with deferred constraints."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _pointing_at(ours: Product, theirs: Product) -> Product:
    ours.category_id = theirs.category_id
    return ours


Write = Callable[[Product, Product], Any]
WRITES: dict[str, Write] = {
    "create": lambda ours, theirs: Product.objects.create(
        category_id=theirs.category_id, slug="x", sku="x", name="x", price=1
    ),
    "save": lambda ours, theirs: _pointing_at(ours, theirs).save(),
    "update": lambda ours, theirs: Product.objects.update(category_id=theirs.category_id),
    "bulk_create": lambda ours, theirs: Product.objects.bulk_create(
        [Product(store_id=ours.store_id, category_id=theirs.category_id, slug="x", sku="x", name="x", price=1)]
    ),
    "bulk_update": lambda ours, theirs: Product.objects.bulk_update([_pointing_at(ours, theirs)], ["category"]),
    "a parent of another store": lambda ours, theirs: Category.objects.update(parent_id=theirs.category_id),
    "raw SQL": lambda ours, theirs: connection.cursor().execute(
        "UPDATE store_products SET category_id = %s WHERE id = %s", [theirs.category_id, ours.pk]
    ),
    "raw SQL that moves a row": lambda ours, theirs: connection.cursor().execute(
        "UPDATE store_products SET store_id = %s WHERE id = %s", [theirs.store_id, ours.pk]
    ),
    "raw SQL that moves a target": lambda ours, theirs: connection.cursor().execute(
        "UPDATE store_categories SET store_id = %s, slug = 'x' WHERE id = %s", [theirs.store_id, ours.category_id]
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_key_of_another_store_is_refused(ours: Product, theirs: Product, name: str) -> None:
    with (
        pytest.raises(IntegrityError, match="violates foreign key constraint"),
        transaction.atomic(),
        scope(ours.store_id),
    ):
        WRITES[name](ours, theirs)
        _commit()


def test_a_key_of_the_own_store_and_no_key_at_all_are_fine(ours: Product) -> None:
    with scope(ours.store_id):
        child = Category.objects.create(slug="child", name="Child", parent_id=ours.category_id)
        Product.objects.update(category=child)
        Category.objects.filter(pk=child.pk).update(parent=None)
        _commit()


def test_without_the_twin_the_key_would_go_through(ours: Product, theirs: Product) -> None:
    """The control, and why it matters: the join shows what the scope hides."""
    twin = next(twin for twin in walls.twins() if (twin.table, twin.column) == ("store_products", "category_id"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE store_products DROP CONSTRAINT {twin.name}")
    Category.objects.unscoped().filter(pk=theirs.category_id).update(name="Secret")
    with scope(ours.store_id):
        Product.objects.update(category_id=theirs.category_id)
        _commit()
        assert Product.objects.values_list("category__name", flat=True).get() == "Secret"
        assert not Category.objects.filter(name="Secret").exists()


def test_a_lost_twin_is_built_again_even_beside_rows_that_break_it(
    ours: Product, theirs: Product, caplog: pytest.LogCaptureFixture
) -> None:
    twin = next(twin for twin in walls.twins() if (twin.table, twin.column) == ("store_products", "category_id"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE store_products DROP CONSTRAINT {twin.name}")
    with scope(ours.store_id):
        Product.objects.filter(pk=ours.pk).update(category_id=theirs.category_id)
        _commit()
    with transaction.atomic():
        walls.build()
    assert "rows_point_into_another_store" in caplog.text
    assert _constraints()[twin.name][1] is False, "kept for new rows, not yet true of the old ones"
    with pytest.raises(IntegrityError), transaction.atomic(), scope(ours.store_id):
        Product.objects.create(id=uuid7(), category_id=theirs.category_id, slug="x", sku="x", name="x", price=1)
        _commit()
