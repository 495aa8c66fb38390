"""Outlets over HTTP, with special days and overrides."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.stores.models import Outlet, OutletOverride, SpecialDay, Staff, StaffOutlet, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import ClientFor, Shop

HOURS = {"mon": [["11:00", "15:00"], ["18:00", "02:00"]]}


@pytest.fixture
def main(store: Store) -> Any:
    return rows(Outlet, store)[0]


class TestOutlets:
    def test_it_makes_one(self, owner: Shop, store: Store) -> None:
        seq = last_seq(store)
        answer = owner.post("outlets/", {"name": "Filial Sul", "hours": HOURS, "latitude": -10.2, "longitude": -48.3})
        assert answer.status_code == 201, answer.json()
        assert (answer.json()["slug"], answer.json()["position"], answer.json()["special_days"]) == (
            "filial-sul",
            1,
            [],
        )
        assert fact_names(store, seq) == ["settings.changed", "catalog.published"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"hours": {"mon": [["25:00", "26:00"]]}}, "hours"),
            ({"hours": {"funday": []}}, "hours"),
            ({"hours": "always"}, "hours"),
            ({"hours": {"mon": 5}}, "hours"),
            ({"services": ["teleport"]}, "services"),
            ({"services": [["delivery"]]}, "services"),
            ({"latitude": 91}, "latitude"),
            ({"latitude": "NaN"}, "latitude"),
            ({"slug": "main"}, "slug"),
            ({"address": []}, "address"),
        ],
    )
    def test_it_refuses_a_bad_field_and_makes_no_row(self, owner: Shop, store: Store, change: Any, field: str) -> None:
        answer = owner.post("outlets/", {"name": "X", "hours": HOURS} | change)
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
        assert len(rows(Outlet, store)) == 1

    def test_a_store_keeps_one_active_outlet(self, owner: Shop, store: Store, main: Outlet) -> None:
        path = f"outlets/{main.pk}/"
        answers = [owner.delete(path), owner.patch(path, {"is_active": False})]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "last_outlet")] * 2
        other = owner.post("outlets/", {"name": "Second", "hours": HOURS}).json()
        assert owner.delete(f"outlets/{other['id']}/").status_code == 204

    def test_one_that_took_an_order_stays(self, owner: Shop, shop: Shop, store: Store, main: Outlet) -> None:
        owner.post("outlets/", {"name": "Second", "hours": HOURS})
        shop.add(factories.make_product(store, "pasta"))
        assert shop.checkout().status_code in {200, 201}
        answer = owner.delete(f"outlets/{main.pk}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use")

    def test_only_who_may_edit_settings_writes(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store, main: Outlet
    ) -> None:
        path, body = f"outlets/{main.pk}/", {"name": "Mine"}
        assert [client.patch(path, body).status_code for client in (attendant, stranger, nobody)] == [403, 404, 401]
        assert attendant.get("outlets/").json()["count"] == 1
        assert rows(Outlet, store)[0].name == "Main"

    def test_a_manager_of_one_outlet_changes_only_that(
        self, owner: Shop, client_for: ClientFor, store: Store, main: Outlet
    ) -> None:
        second = owner.post("outlets/", {"name": "Second", "hours": HOURS}).json()
        user = factories.make_staff(store, "manager")
        with scope(store.pk):
            StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=main)
        manager = Shop(client_for(user), store.slug)
        assert manager.patch(f"outlets/{main.pk}/", {"phone": "+5563"}).status_code == 200
        assert manager.patch(f"outlets/{second['id']}/", {"phone": "+5563"}).status_code == 404
        assert manager.get("outlets/").json()["count"] == 1

    def test_another_stores_outlet_is_404(self, owner: Shop, other_store: Store) -> None:
        foreign = rows(Outlet, other_store)[0]
        path = f"outlets/{foreign.pk}/"
        calls = [
            owner.patch(path, {"name": "X"}),
            owner.delete(path),
            owner.post(f"{path}special-days/", {"date": "2026-12-25"}),
        ]
        assert [call.status_code for call in calls] == [404] * 3
        assert rows(Outlet, other_store)[0].name == "Main"
        assert rows(SpecialDay, other_store) == []

    def test_the_number_of_queries_does_not_grow(self, owner: Shop) -> None:
        def count() -> Any:
            with CaptureQueriesContext(connection) as captured:
                owner.get("outlets/")
            return len(captured)

        count()
        few = count()
        for n in range(5):
            made = owner.post("outlets/", {"name": f"O{n}", "hours": HOURS}).json()
            owner.post(f"outlets/{made['id']}/special-days/", {"date": "2026-12-25"})
        count()
        assert count() == few


class TestSpecialDays:
    def test_a_date_is_set_replaced_and_given_back(self, owner: Shop, store: Store, main: Outlet) -> None:
        path = f"outlets/{main.pk}/special-days/"
        first = owner.post(path, {"date": "2026-12-25", "hours": [], "note": "Natal"})
        assert first.status_code == 201, first.json()
        again = owner.post(path, {"date": "2026-12-25", "hours": [["18:00", "23:00"]]}).json()
        assert again["id"] == first.json()["id"]
        assert owner.get(path).json()["results"] == [again]
        assert owner.get(f"outlets/{main.pk}/").json()["special_days"] == [again]
        assert owner.delete(f"{path}{again['id']}/").status_code == 204
        assert rows(SpecialDay, store) == []

    @pytest.mark.parametrize("body", [{}, {"date": "2026-13-01"}, {"date": "2026-12-25", "hours": [["9", "10"]]}])
    def test_it_refuses_what_is_no_day(self, owner: Shop, store: Store, main: Outlet, body: Any) -> None:
        assert owner.post(f"outlets/{main.pk}/special-days/", body).status_code == 400
        assert rows(SpecialDay, store) == []


class TestOverrides:
    def test_a_price_here_is_set_replaced_and_given_back(self, owner: Shop, store: Store, main: Outlet) -> None:
        factories.make_product(store, "pasta")
        path = f"outlets/{main.pk}/overrides/"
        first = owner.post(path, {"product": "pasta", "price": "25.00"})
        assert first.status_code == 201, first.json()
        again = owner.post(path, {"product": "pasta", "status": "paused"}).json()
        assert (again["id"], again["price"], again["status"]) == (first.json()["id"], None, "paused")
        assert owner.get(path).json()["count"] == 1
        assert owner.delete(f"{path}{again['id']}/").status_code == 204

    def test_it_refuses_what_is_not_of_this_store_or_product(
        self, owner: Shop, store: Store, other_store: Store, main: Outlet
    ) -> None:
        factories.make_product(store, "pasta")
        glass = factories.make_variant(factories.make_product(store, "wine"), "glass", "9.00")
        foreign = factories.make_product(other_store, "quiche")
        path = f"outlets/{main.pk}/overrides/"
        bodies = [
            {"product": str(foreign.pk)},
            {"product": str(uuid7())},
            {"product": "pasta", "variant": str(glass.pk)},
        ]
        assert [owner.post(path, body).json()["code"] for body in bodies] == ["not_found"] * 3
        assert rows(OutletOverride, store) == []
