"""Two people change the menu at the same moment: they take turns, the slower one hears what happened, nothing locks up.

Real connections, real commits; the circle the turns prevent is shown by taking them away.
"""

import contextlib
from collections.abc import Callable
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest

from apps.core.scope import scope
from apps.stores.models import Category, Product, Store
from apps.stores.services import catalog_unit, category
from apps.stores.tests.conftest import fact_names, last_seq, rows, version
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.test_races_staff import MEET_SECONDS, together
from apps.users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

Call = Callable[[Shop, UUID], Any]


def delete(shop: Shop, pk: UUID) -> Any:
    return shop.delete(f"categories/{pk}/")


def rename(shop: Shop, pk: UUID) -> Any:
    return shop.patch(f"categories/{pk}/", {"name": "Drinks"})


def put_one_inside(shop: Shop, pk: UUID) -> Any:
    return shop.post("categories/", {"name": "Wine", "parent": str(pk)})


def put_a_product_inside(shop: Shop, pk: UUID) -> Any:
    return shop.post("products/", {"name": "Water", "price": 3, "category": str(pk)})


def reorder(shop: Shop, pk: UUID) -> Any:
    return shop.post("categories/reorder/", {"ids": [str(pk)]})


@pytest.fixture
def owners(client_for: ClientFor, alice: User, store: Store) -> tuple[Shop, Shop]:
    """Alice at two computers. An answer that fails comes as an answer, not as an exception."""
    clients = [client_for(alice), client_for(alice)]
    for client in clients:
        client.raise_request_exception = False
    return Shop(clients[0], store.slug), Shop(clients[1], store.slug)


@pytest.fixture
def drinks(store: Store) -> UUID:
    with scope(store.pk):
        return Category.objects.create(store_id=store.pk, slug="drinks", name="Bebidas").pk


def statuses(answers: list[Any]) -> tuple[int, ...]:
    return tuple(answer.status_code for answer in answers)


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        (rename, {(200, 204), (404, 204)}),
        (reorder, {(204, 204), (400, 204)}),
        (put_one_inside, {(201, 409), (409, 204), (400, 204)}),
        (put_a_product_inside, {(201, 409), (409, 204), (400, 204)}),
        (delete, {(204, 404), (404, 204)}),
    ],
)
def test_a_category_is_deleted_while_somebody_works_on_it(
    owners: tuple[Shop, Shop], drinks: UUID, monkeypatch: pytest.MonkeyPatch, call: Call, allowed: set[tuple[int, int]]
) -> None:
    _meet_with_locks(monkeypatch)

    answers = together(lambda: call(owners[0], drinks), lambda: delete(owners[1], drinks))

    assert statuses(answers) in allowed


def test_without_turns_they_would_wait_for_each_other_in_a_circle(
    owners: tuple[Shop, Shop], drinks: UUID, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The control: one has the version and wants the category (at its commit), the other the reverse."""
    monkeypatch.setattr(catalog_unit, "take_turn", lambda store_id: None)
    _meet_with_locks(monkeypatch)

    answers = together(lambda: put_a_product_inside(owners[0], drinks), lambda: delete(owners[1], drinks))

    assert 503 in statuses(answers)
    assert "deadlock_detected" in caplog.messages


def _meet_with_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides hold what they hold – one the version, one the category – before either goes on."""
    barrier = Barrier(2)

    def then_meet(call: Callable[..., None]) -> Callable[..., None]:
        def slowed(*args: Any, **kwargs: Any) -> None:
            call(*args, **kwargs)
            with contextlib.suppress(BrokenBarrierError):
                barrier.wait(MEET_SECONDS)

        return slowed

    for module, name in ((catalog_unit, "catalog_changed"), (category, "remove")):
        monkeypatch.setattr(module, name, then_meet(getattr(module, name)))


def _overtaken_by(monkeypatch: pytest.MonkeyPatch, rival: Callable[[], Any]) -> None:
    """The next change of the menu is about to begin, everything looked up – then a whole other request comes first."""
    take_turn = catalog_unit.take_turn

    def late(store_id: UUID) -> None:
        monkeypatch.setattr(catalog_unit, "take_turn", take_turn)
        assert statuses(together(rival)) == (204,)
        take_turn(store_id)

    monkeypatch.setattr(catalog_unit, "take_turn", late)


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (rename, 404, "not_found"),
        (delete, 404, "not_found"),
        (reorder, 400, "not_found"),
        (put_one_inside, 409, "conflict"),
        (put_a_product_inside, 409, "conflict"),
    ],
)
def test_who_comes_after_the_deletion_hears_so_and_changes_nothing(
    owners: tuple[Shop, Shop],
    store: Store,
    drinks: UUID,
    monkeypatch: pytest.MonkeyPatch,
    call: Call,
    status: int,
    code: str,
) -> None:
    seq, before = last_seq(store), version(store)
    _overtaken_by(monkeypatch, lambda: delete(owners[1], drinks))

    answer = call(owners[0], drinks)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert [row.slug for row in rows(Category, store)] == ["food"]
    assert rows(Product, store) == []
    assert fact_names(store, seq) == ["settings.changed", "catalog.published"], "those of the deletion, once"
    assert version(store) == before + 1
