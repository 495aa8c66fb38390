"""Stock over HTTP: every change is a ledger row, and what orders reserved cannot be taken."""

import threading
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.core.tests import racing
from apps.stores.models import Product, StockLevel, StockMove, Store
from apps.stores.services import catalog_unit, stock
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User


@pytest.fixture
def pasta(store: Store) -> Any:
    return factories.make_product(store, "pasta", stock=10)


@pytest.fixture
def level(store: Store, pasta: Product) -> Any:
    with scope(store.pk):
        return StockLevel.objects.get()


def reserve(level: StockLevel, quantity: int) -> None:
    with scope(level.store_id):
        StockLevel.objects.filter(pk=level.pk).update(reserved=quantity)


def now_on_hand(store: Store) -> Any:
    return rows(StockLevel, store)[0].on_hand


class TestTracking:
    def test_it_switches_on_with_a_count(self, owner: Shop, store: Store) -> None:
        product = factories.make_product(store, "salad")
        answer = owner.post("stock/", {"product": "salad", "on_hand": 12})
        assert answer.status_code == 201
        assert answer.json()["available"] == 12
        again = owner.post("stock/", {"product": str(product.pk)})
        assert (again.status_code, again.json()["code"]) == (400, "unique")

    def test_it_switches_off_unless_orders_hold_some(self, owner: Shop, store: Store, level: StockLevel) -> None:
        reserve(level, 2)
        answer = owner.delete(f"stock/{level.pk}/")
        assert (answer.status_code, answer.json()["code"], answer.json()["reserved"]) == (409, "stock_reserved", 2)
        reserve(level, 0)
        assert owner.delete(f"stock/{level.pk}/").status_code == 204
        assert rows(StockLevel, store) == []

    def test_it_takes_exactly_one_target_of_this_store(
        self, owner: Shop, store: Store, other_store: Store, pasta: Product
    ) -> None:
        foreign = factories.make_product(other_store, "quiche")
        bodies = [
            {},
            {"product": str(foreign.pk)},
            {"product": str(pasta.pk), "option": str(pasta.pk)},
            {"product": "pasta", "on_hand": -1},
        ]
        assert [owner.post("stock/", body).status_code for body in bodies] == [400] * 4
        assert len(rows(StockLevel, store)) == 1
        assert rows(StockLevel, other_store) == []


class TestAdjusting:
    @pytest.mark.parametrize(
        ("operation", "quantity", "left", "reason"),
        [
            ("add", 5, 15, "restock"),
            ("subtract", 4, 6, "recount"),
            ("waste", 10, 0, "waste"),
            ("set", 3, 3, "recount"),
            ("recount", 10, 10, "recount"),
        ],
    )
    def test_it_changes_the_level_and_writes_the_ledger(
        self, owner: Shop, store: Store, level: StockLevel, operation: str, quantity: int, left: int, reason: str
    ) -> None:
        answer = owner.post(
            f"stock/{level.pk}/adjust/", {"operation": operation, "quantity": quantity, "note": "caixa"}
        )
        assert (answer.status_code, answer.json()["on_hand"]) == (200, left)
        [move] = owner.get(f"stock/{level.pk}/moves/").json()["results"]
        assert (move["on_hand_delta"], move["reason"], move["note"], move["actor_kind"]) == (
            left - 10,
            reason,
            "caixa",
            "staff",
        )

    @pytest.mark.parametrize(("operation", "quantity"), [("subtract", 8), ("waste", 11), ("set", 2), ("recount", 0)])
    def test_it_never_takes_what_is_reserved(
        self, owner: Shop, store: Store, level: StockLevel, operation: str, quantity: int
    ) -> None:
        reserve(level, 3)
        seq = last_seq(store)
        answer = owner.post(f"stock/{level.pk}/adjust/", {"operation": operation, "quantity": quantity})
        assert (answer.status_code, answer.json()["code"], answer.json()["available"]) == (409, "insufficient_stock", 7)
        assert now_on_hand(store) == 10
        assert rows(StockMove, store) == []
        assert last_seq(store) == seq

    @pytest.mark.parametrize(
        "change", [{"quantity": -1}, {"quantity": 10**9}, {"quantity": "x"}, {"operation": "steal"}, {"quantity": None}]
    )
    def test_it_refuses_a_change_it_does_not_understand(
        self, owner: Shop, store: Store, level: StockLevel, change: Any
    ) -> None:
        answer = owner.post(f"stock/{level.pk}/adjust/", {"operation": "add", "quantity": 1} | change)
        assert answer.status_code == 400
        assert now_on_hand(store) == 10

    def test_running_low_is_told_once(self, owner: Shop, store: Store, level: StockLevel) -> None:
        seq = last_seq(store)
        for _ in range(2):
            owner.post(f"stock/{level.pk}/adjust/", {"operation": "waste", "quantity": 3})
        owner.post(f"stock/{level.pk}/adjust/", {"operation": "waste", "quantity": 1})
        assert fact_names(store, seq).count("product.low_stock") == 1
        assert owner.get("stock/", low="true").json()["count"] == 1

    def test_only_who_may_edit_stock_does(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store, level: StockLevel
    ) -> None:
        path = f"stock/{level.pk}/adjust/"
        body = {"operation": "add", "quantity": 1}
        assert [c.post(path, body).status_code for c in (attendant, stranger, nobody)] == [403, 404, 401]
        assert now_on_hand(store) == 10

    def test_another_stores_level_is_404(self, owner: Shop, store: Store, other_store: Store) -> None:
        factories.make_product(other_store, "quiche", stock=4)
        foreign = rows(StockLevel, other_store)[0]
        assert owner.post(f"stock/{foreign.pk}/adjust/", {"operation": "set", "quantity": 0}).status_code == 404
        assert owner.get(f"stock/{foreign.pk}/moves/").status_code == 404
        assert now_on_hand(other_store) == 4


class TestListing:
    def test_it_lists_everything_tracked_with_constant_queries(self, owner: Shop, store: Store) -> None:
        def count() -> Any:
            with CaptureQueriesContext(connection) as captured:
                body = owner.get("stock/").json()
            return len(captured), body

        def fill(n: int) -> None:
            product = factories.make_product(store, f"p{n}", stock=n)
            factories.make_variant(product, f"v{n}", "3.00", stock=n)
            group = factories.make_group(product, f"g{n}", {"a": "1.00"})
            owner.post("stock/", {"option": str(_option(store, group))})

        fill(1)
        count()
        few, _ = count()
        for n in range(2, 7):
            fill(n)
        many, body = count()
        assert many == few
        assert body["count"] == 18
        assert owner.get("stock/", kind="option").json()["count"] == 6
        assert owner.get("stock/", search="V3").json()["count"] == 1


def _option(store: Store, group: Any) -> Any:
    with scope(store.pk):
        return group.options.get().pk


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Several people at one shelf. The control takes the lock away and must get it wrong."""

    @staticmethod
    def at_the_shelf(
        client_for: ClientFor, alice: User, store: Store, level: StockLevel, *bodies: dict[str, Any]
    ) -> list[int]:
        path = f"stock/{level.pk}/adjust/"

        def adjust(client: Shop, body: dict[str, Any]) -> int:
            return int(client.post(path, body).status_code)

        return racing.at_once([partial(adjust, Shop(client_for(alice), store.slug), body) for body in bodies])

    def test_the_last_pieces_are_thrown_away_once(
        self, client_for: ClientFor, alice: User, store: Store, level: StockLevel
    ) -> None:
        answers = self.at_the_shelf(client_for, alice, store, level, *[{"operation": "waste", "quantity": 7}] * 4)
        assert sorted(answers) == [200, 409, 409, 409]
        assert now_on_hand(store) == 3
        assert sum(move.on_hand_delta for move in rows(StockMove, store)) == -7

    def test_after_two_counts_one_of_them_is_true(
        self, client_for: ClientFor, alice: User, store: Store, level: StockLevel
    ) -> None:
        bodies = [{"operation": "set", "quantity": quantity} for quantity in (4, 6)]
        assert self.at_the_shelf(client_for, alice, store, level, *bodies) == [200, 200]
        assert now_on_hand(store) in {4, 6}
        assert 10 + sum(move.on_hand_delta for move in rows(StockMove, store)) == now_on_hand(store)

    def test_control_without_the_lock_neither_count_is_true(
        self, client_for: ClientFor, alice: User, store: Store, level: StockLevel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both_have_read = threading.Barrier(2)

        def look_without_locking(level: StockLevel) -> StockLevel:
            seen = StockLevel.objects.select_related("product", "variant__product", "option").get(pk=level.pk)
            both_have_read.wait(30)
            return seen

        # Two editors take turns as well; the level's lock alone keeps an editor and an order apart.
        monkeypatch.setattr(catalog_unit, "take_turn", lambda store_id: None)
        monkeypatch.setattr(stock, "_lock", look_without_locking)
        bodies = [{"operation": "set", "quantity": quantity} for quantity in (4, 6)]
        assert self.at_the_shelf(client_for, alice, store, level, *bodies) == [200, 200]
        assert now_on_hand(store) not in {4, 6}
