"""The open cart as every cart call and every order reads it: two statements written by hand (see `core.reading`)."""

from typing import NamedTuple
from uuid import UUID

from django.db import connection

from apps.core.reading import attributes, instance, select_list
from apps.core.scope import current_store_id
from apps.stores.models import CartLine, Store

# What an order has to know of its store, read fresh with the cart.
STORE = attributes(
    Store, "id", "name", "currency", "timezone", "country", "catalog_version", "payment_methods", "scheduling", "auto_accept",
    "payment_expiry_minutes", "prep_minutes", "pix_key", "pix_name", "pix_city",
)  # fmt: skip
LINE = attributes(CartLine)
# Whoever comes second waits here and then finds the cart placed. (A test takes it away to see that this is what holds.)
LOCK = "FOR UPDATE OF cart"


class Locked(NamedTuple):
    """An open cart that nobody else can place before the transaction ends, and its store."""

    id: UUID
    store: Store


def lock(key: str) -> Locked | None:
    """The open cart with this key, its row locked."""
    columns = select_list(Store, STORE, "store")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT cart.id, {columns} FROM store_carts AS cart JOIN stores AS store ON store.id = cart.store_id"  # noqa: S608  # names of columns
            f" WHERE cart.store_id = %s AND cart.key = %s AND cart.is_open {LOCK}",
            [current_store_id(), key],
        )
        row = cursor.fetchone()
    return Locked(row[0], instance(Store, STORE, row[1:])) if row else None


def lines_of(key: str) -> list[CartLine]:
    """The lines of the open cart with this key, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {select_list(CartLine, LINE, 'line')} FROM store_cart_lines AS line"  # noqa: S608  # names of columns
            " JOIN store_carts AS cart ON cart.id = line.cart_id AND cart.store_id = line.store_id"
            " WHERE cart.store_id = %s AND cart.key = %s AND cart.is_open ORDER BY line.added_at, line.id",
            [current_store_id(), key],
        )
        return [instance(CartLine, LINE, row) for row in cursor.fetchall()]


def close(cart_id: UUID) -> None:
    """The cart has become an order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_carts SET is_open = false WHERE id = %s AND store_id = %s", [cart_id, current_store_id()]
        )
