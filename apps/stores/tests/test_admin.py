"""The admin: one store at a time, nothing of another one, and every write through a service."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.events.models import Event, InboxEntry
from apps.stores.models import Category, Combo, ComboChoice, ComboSlot, Product, Staff, Store
from apps.stores.tests import factories
from apps.stores.tests.admin_helpers import enter, product_form, url
from apps.stores.tests.conftest import rows
from apps.stores.tests.fixtures import Shop

PAGES = sorted(
    model._meta.label_lower
    for model in admin.site._registry
    if model._meta.app_label in {"stores", "customers", "payments", "events"}
)


@pytest.fixture
def alice_admin(alice: Any, store: Store) -> Client:
    return enter(alice)


@pytest.fixture
def root(db: None) -> Client:
    return enter(factories.make_user("root@example.com", is_superuser=True))


@pytest.fixture
def pasta(store: Store) -> Product:
    return factories.make_product(store, "pasta", price="30.00", stock=10)


@pytest.fixture
def bob_admin(bob: Any) -> Client:
    return enter(bob)


@pytest.fixture
def full(store: Store, pasta: Product, shop: Shop) -> Product:
    """A store with something on every page."""
    factories.make_group(pasta, "sauce", {"red": "1.00"})
    factories.make_variant(factories.make_product(store, "wine"), "glass", "9.00", stock=2)
    return pasta


class TestPages:
    @pytest.mark.parametrize("label", PAGES)
    def test_every_list_and_form_opens(
        self, alice_admin: Client, root: Client, full: Product, shop: Shop, store: Store, label: str
    ) -> None:
        shop.add(full)
        assert shop.checkout().status_code == 201
        InboxEntry.objects.create(
            provider="x", external_id="1", mailbox="m", body=b"{}", headers={"Authorization": "s3cret"}
        )
        model = next(model for model in admin.site._registry if model._meta.label_lower == label)
        client = root if model is InboxEntry else alice_admin
        page = client.get(url(model, "changelist"))
        assert page.status_code == 200
        with scope(store.pk):
            row = model._default_manager.first()
        if row is not None:
            assert client.get(url(model, "change", row.pk)).status_code == 200
        if admin.site._registry[model].has_add_permission(page.wsgi_request):
            assert client.get(url(model, "add")).status_code == 200

    def test_an_attendant_looks_but_does_not_touch(self, bob_admin: Client, store: Store, pasta: Product) -> None:
        assert bob_admin.get(url(Product, "change", pasta.pk)).status_code == 200
        assert bob_admin.post(url(Product, "change", pasta.pk), product_form(pasta, price="1.00")).status_code == 403
        assert bob_admin.get(url(Product, "add")).status_code == 403
        assert bob_admin.get(url(Event, "changelist")).status_code == 403
        assert rows(Product, store)[0].price == 30

    def test_somebody_without_a_store_sees_an_empty_admin(self, store: Store, pasta: Product) -> None:
        client = enter(factories.make_user())
        assert client.get("/admin/").status_code == 200
        assert client.get(url(Product, "changelist")).status_code == 403
        assert client.get(url(Product, "change", pasta.pk)).status_code == 403

    @pytest.mark.parametrize("role", ["owner", "cashier"])
    def test_the_team_of_a_store_logs_in_with_the_form(self, store: Store, pasta: Product, role: str) -> None:
        member, customer = factories.make_staff(store, role), factories.make_user()
        assert not member.is_staff

        def log_in(user: Any) -> Client:
            client = Client()
            client.post("/admin/login/", {"username": user.email, "password": "comanda-demo"})
            return client

        assert log_in(member).get(url(Product, "changelist")).status_code == 200
        assert log_in(customer).get("/admin/").status_code == 302
        inside = log_in(member)
        with scope(store.pk):
            Staff.objects.update(is_active=False)
        assert inside.get("/admin/").status_code == 302
        assert log_in(member).get("/admin/").status_code == 302

    def test_a_customer_does_not_get_in(self, store: Store) -> None:
        client = Client()
        client.force_login(factories.make_user())
        assert client.get("/admin/").status_code == 302


class TestTenants:
    def test_a_foreign_row_is_not_found_and_not_changed(self, alice_admin: Client, other_store: Store) -> None:
        quiche = factories.make_product(other_store, "quiche")
        answers = [
            alice_admin.get(url(Product, "change", quiche.pk)),
            alice_admin.post(url(Product, "change", quiche.pk), product_form(quiche, price="1.00")),
            alice_admin.post(url(Product, "delete", quiche.pk), {"post": "yes"}),
            alice_admin.get(url(Product, "history", quiche.pk)),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert rows(Product, other_store)[0].price == 20

    def test_lists_choices_and_searches_show_one_store(
        self, alice_admin: Client, store: Store, other_store: Store, pasta: Product
    ) -> None:
        factories.make_product(other_store, "quiche")
        page = alice_admin.get(url(Product, "changelist")).content.decode()
        assert "Pasta" in page
        assert "Quiche" not in page
        query = {"app_label": "stores", "model_name": "product", "field_name": "category", "term": ""}
        found = alice_admin.get(reverse("admin:autocomplete"), query).json()["results"]
        assert [row["id"] for row in found] == [str(row.pk) for row in rows(Category, store)]

    def test_a_foreign_choice_is_refused(
        self, alice_admin: Client, store: Store, other_store: Store, pasta: Product
    ) -> None:
        foreign = rows(Category, other_store)[0]
        page = alice_admin.post(url(Product, "change", pasta.pk), product_form(pasta, category=foreign.pk))
        assert page.status_code == 200
        assert "category" in page.context["adminform"].form.errors
        assert rows(Product, store)[0].category_id == pasta.category_id

    def test_the_picker_changes_the_store_for_the_session(
        self, alice: Any, alice_admin: Client, store: Store, pasta: Product
    ) -> None:
        second = factories.make_store("second", owner=alice, name="Second")
        factories.make_product(second, "soup")
        answer = alice_admin.get(url(Product, "changelist") + "?store=second&status__exact=active")
        assert answer.status_code == 302
        page = alice_admin.get(answer["Location"]).content.decode()
        assert "Soup" in page
        assert "Pasta" not in page
        assert alice_admin.get(url(Product, "change", pasta.pk)).status_code == 404

    def test_a_store_that_is_not_mine_cannot_be_picked(self, alice_admin: Client, other_store: Store) -> None:
        for name in (other_store.slug, str(other_store.pk), str(uuid7()), "'"):
            assert alice_admin.get("/admin/", {"store": name}).status_code == 404

    def test_a_session_does_not_outlive_the_membership(
        self, alice: Any, alice_admin: Client, store: Store, pasta: Product
    ) -> None:
        alice_admin.get("/admin/", {"store": store.slug})
        with scope(store.pk):
            Staff.objects.update(is_active=False)
        assert alice_admin.get(url(Product, "changelist")).status_code == 403

    def test_a_super_user_enters_any_store(
        self, root: Client, store: Store, other_store: Store, pasta: Product
    ) -> None:
        root.get("/admin/", {"store": "cantina"})
        assert root.get(url(Product, "change", pasta.pk)).status_code == 200
        root.get("/admin/", {"store": "bistro"})
        assert root.get(url(Product, "change", pasta.pk)).status_code == 404


def test_every_part_of_a_combo_can_be_reached(alice_admin: Client, store: Store, pasta: Product, owner: Shop) -> None:
    slots = [{"name": "Prato", "choices": [{"product": "pasta"}]}]
    assert owner.post("combos/", {"name": "Almoço", "category": "food", "price": 40, "slots": slots}).status_code == 201
    [combo], [slot], [choice] = rows(Combo, store), rows(ComboSlot, store), rows(ComboChoice, store)
    assert url(ComboSlot, "change", slot.pk) in alice_admin.get(url(Combo, "change", combo.pk)).content.decode()
    assert alice_admin.get(url(ComboSlot, "change", slot.pk)).status_code == 200
    assert alice_admin.get(url(ComboChoice, "change", choice.pk)).status_code == 200
