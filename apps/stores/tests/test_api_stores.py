"""My stores, opening one, its settings and pictures."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from apps.stores.models import Outlet, Staff, Store
from apps.stores.models.validators import RESERVED_SLUGS
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, picture, rows, version
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

STORES = "/api/v1/stores/"


@pytest.fixture
def alice_client(client_for: ClientFor, alice: User, store: Store) -> Any:
    return client_for(alice)


class TestMyStores:
    def test_each_sees_their_own_with_their_role(
        self, client_for: ClientFor, alice: User, bob: User, charlie: User, store: Store, other_store: Store
    ) -> None:
        def mine(user: Any) -> Any:
            return [(row["slug"], row["role"]) for row in client_for(user).get(STORES).json()["results"]]

        assert mine(alice) == [("cantina", "owner")]
        assert mine(bob) == [("cantina", "attendant")]
        assert mine(charlie) == [("bistro", "owner")]
        assert mine(factories.make_user()) == []
        assert client_for(None).get(STORES).status_code == 401

    def test_the_number_of_queries_does_not_grow(self, alice_client: Any, alice: User) -> None:
        def count() -> Any:
            with CaptureQueriesContext(connection) as captured:
                alice_client.get(STORES)
            return len(captured)

        count()
        few = count()
        for _ in range(5):
            factories.make_store(owner=alice)
        assert count() == few


def fixed_segments() -> set[str]:
    """First path parts below `/api/v1/stores/` that are words, not a store."""

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for pattern in patterns:
            address = before + str(pattern.pattern)
            yield address
            yield from walk(getattr(pattern, "url_patterns", ()), address)

    found = (re.match(r"api/v1/stores/([a-z][\w-]*)/", address) for address in walk(get_resolver().url_patterns, ""))
    return {match[1] for match in found if match}


class TestOpening:
    def test_no_store_can_stand_in_the_way_of_a_route(self, alice_client: Any) -> None:
        words = fixed_segments() | {"me", "conversations", "notifications", "events", "admin", "api"}
        assert {"orders", "s"} <= words <= RESERVED_SLUGS
        for word in sorted(words):
            answer = alice_client.post(STORES, {"name": "X", "slug": word})
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["slug"]), word
        assert Store.objects.filter(slug__in=words).count() == 0

    def test_a_name_that_is_a_reserved_word_gets_another_slug(self, alice_client: Any) -> None:
        answer = alice_client.post(STORES, {"name": "Orders"})
        assert (answer.status_code, answer.json().get("slug")) == (201, "orders-1")

    def test_whoever_opens_a_store_owns_it_and_can_sell_at_once(self, client_for: ClientFor, db: Any) -> None:
        client = client_for(factories.make_user())
        answer = client.post(STORES, {"name": "Padaria São João"})
        body = answer.json()
        assert answer.status_code == 201, body
        assert (body["slug"], body["role"], body["currency"]) == ("padaria-sao-joao", "owner", "BRL")
        opened = Store.objects.get(pk=body["id"])
        assert [outlet.slug for outlet in rows(Outlet, opened)] == ["main"]
        assert [member.role for member in rows(Staff, opened)] == ["owner"]
        assert sorted(fact_names(opened)) == ["settings.changed", "staff.joined"]
        assert client.get(f"{STORES}s/padaria-sao-joao/settings/").status_code == 200

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"slug": "cantina"}, "slug"),
            ({"slug": "orders"}, "slug"),
            ({"slug": "com espaço"}, "slug"),
            ({"name": ""}, "name"),
            ({"currency": "reais"}, "currency"),
            ({"timezone": "Mars/Olympus"}, "timezone"),
            ({"languages": ["xx"]}, "languages"),
            ({"languages": [{}]}, "languages"),
            ({"primary_color": "red"}, "primary_color"),
            ({"email": "nobody"}, "email"),
        ],
    )
    def test_it_refuses_a_bad_field_and_opens_nothing(self, alice_client: Any, change: Any, field: str) -> None:
        answer = alice_client.post(STORES, {"name": "New"} | change)
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
        assert Store.objects.count() == 1

    def test_nobody_opens_no_store(self, client_for: ClientFor, db: Any) -> None:
        assert client_for(None).post(STORES, {"name": "X"}).status_code == 401
        assert Store.objects.count() == 0


class TestSettings:
    def test_staff_see_them_and_owners_change_them(self, owner: Shop, attendant: Shop, store: Store) -> None:
        seq, before = last_seq(store), version(store)
        assert attendant.get("settings/").json()["currency_decimals"] == 2
        answer = owner.patch(
            "settings/", {"tagline": "Massas frescas", "prep_minutes": 25, "seo": {"title": "Cantina"}}
        )
        assert answer.status_code == 200
        assert answer.json()["prep_minutes"] == 25
        assert fact_names(store, seq) == ["settings.changed", "catalog.published"]
        assert version(store) == before + 1

    def test_only_who_may_edit_settings_writes(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store
    ) -> None:
        body = {"name": "Mine now"}
        assert [client.patch("settings/", body).status_code for client in (attendant, stranger, nobody)] == [
            403,
            404,
            401,
        ]
        assert Store.objects.get(pk=store.pk).name == "Cantina"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("payment_methods", [{"method": ["pix"]}]),
            ("payment_methods", [{"method": "gold"}]),
            ("tax", {"mode": "included", "rates": [{"rate": 7}]}),
            ("tax", {"mode": []}),
            ("tax", {"mode": "included", "rates": [], "default": "A"}),
            ("pizza", {"price_rule": "highest", "sizes": [{"slug": "g"}]}),
            ("pizza", {"price_rule": "highest", "sizes": [{"slug": "g", "name": "G", "max_flavours": 0}]}),
            ("min_order", {"delivery": -1}),
            ("service_charge", {"services": ["dine_in"]}),
            ("scheduling", {"slot_minutes": "x"}),
            ("metadata", []),
            ("pix_key", "not a key"),
            ("slug", "bistro"),
            ("paused_until", "tomorrow"),
            ("prep_minutes", -5),
        ],
    )
    def test_it_refuses_a_bad_value_and_changes_nothing(
        self, owner: Shop, store: Store, other_store: Store, field: str, value: Any
    ) -> None:
        before = version(store)
        answer = owner.patch("settings/", {field: value})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
        assert version(store) == before

    def test_a_new_slug_is_found_at_once_and_the_old_one_is_gone(
        self, owner: Shop, store: Store, django_capture_on_commit_callbacks: Any
    ) -> None:
        owner.get("settings/")
        with django_capture_on_commit_callbacks(execute=True):
            assert owner.patch("settings/", {"slug": "cantina-nova"}).status_code == 200
        assert owner.client.get(f"{STORES}s/cantina-nova/settings/").status_code == 200
        assert owner.get("settings/").status_code == 404

    def test_the_currency_stays_once_there_are_orders(self, owner: Shop, shop: Shop, store: Store) -> None:
        shop.add(factories.make_product(store, "pasta"))
        assert shop.checkout().status_code in {200, 201}
        answer = owner.patch("settings/", {"currency": "EUR"})
        assert (answer.status_code, answer.json()["code"]) == (409, "currency_locked")
        assert Store.objects.get(pk=store.pk).currency == "BRL"

    def test_pictures_come_in_a_form_with_json_texts(self, owner: Shop, store: Store) -> None:
        body = {"logo": picture((3000, 1000)), "metadata": '{"a": 1}', "auto_accept": "false"}
        answer = owner.client.patch(owner.base + "settings/", body, format="multipart")
        assert answer.status_code == 200, answer.json()
        assert answer.json()["logo"].startswith("http://testserver/media/")
        assert answer.json()["metadata"] == {"a": 1}
        saved = Store.objects.get(pk=store.pk)
        assert saved.auto_accept is False
        assert saved.logo.width == 2000
        old = str(saved.logo.name)
        assert owner.patch("settings/", {"logo": None}).json()["logo"] is None
        assert not Store.objects.get(pk=store.pk).logo
        assert default_storage.exists(old)


class TestOnAndOffLine:
    def test_an_owner_takes_it_off_line_and_back(
        self, owner: Shop, nobody: Shop, store: Store, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert owner.post("deactivate/").json() == {"status": "inactive"}
        assert nobody.get("products/").status_code == 404
        with django_capture_on_commit_callbacks(execute=True):
            assert owner.post("activate/").json() == {"status": "active"}
        assert nobody.get("products/").status_code == 200

    def test_nobody_else_does(self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store) -> None:
        assert [client.post("deactivate/").status_code for client in (attendant, stranger, nobody)] == [403, 404, 401]
        assert Store.objects.get(pk=store.pk).status == "active"

    def test_a_suspended_store_stays_so(self, owner: Shop, store: Store) -> None:
        Store.objects.filter(pk=store.pk).update(status="suspended")
        assert owner.post("activate/").json()["code"] == "suspended"
