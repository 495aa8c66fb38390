"""What the admin writes: through the services, with their facts, one catalog version per form, nothing on a refusal."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.clock import now
from apps.core.scope import scope
from apps.customers.models import Customer
from apps.events.models import Delivery, DeliveryState, Event, InboxEntry, InboxState
from apps.payments.models import Payment
from apps.stores.models import Category, ModifierOption, Product, Staff, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.admin_helpers import enter, product_form, url
from apps.stores.tests.conftest import fact_names, last_seq, picture, rows, version
from apps.stores.tests.fixtures import Shop


@pytest.fixture
def alice_admin(alice: Any, store: Store) -> Client:
    return enter(alice)


@pytest.fixture
def root(db: None) -> Client:
    return enter(factories.make_user("root@example.com", is_superuser=True))


@pytest.fixture
def pasta(store: Store) -> Product:
    return factories.make_product(store, "pasta", price="30.00", stock=10)


class TestProducts:
    def test_a_new_one_goes_through_the_service(self, alice_admin: Client, store: Store) -> None:
        seq, before = last_seq(store), version(store)
        food = rows(Category, store)[0]
        form = product_form(
            None, name="Açaí", slug="acai", sku="ACAI", kind="simple", status="active", price="12.00", category=food.pk
        )
        answer = alice_admin.post(url(Product, "add"), form | {"position": 0, "min_age": 0})
        assert answer.status_code == 302, answer.context["errors"]
        [made] = rows(Product, store)
        assert made.folded == "acai acai massa da casa"
        assert fact_names(store, seq) == ["product.created", "catalog.published"]
        assert version(store) == before + 1

    def test_a_change_with_its_children_is_one_version(self, alice_admin: Client, store: Store, pasta: Product) -> None:
        seq, before = last_seq(store), version(store)
        child = {
            "images-TOTAL_FORMS": 1,
            "images-0-image": picture((3000, 30)),
            "images-0-alt": "Prato",
            "images-0-position": 0,
        }
        answer = alice_admin.post(
            url(Product, "change", pasta.pk), product_form(pasta, name="Massa", price="31.00", **child)
        )
        assert answer.status_code == 302, answer.context["errors"]
        [changed] = rows(Product, store)
        assert (changed.name, changed.price) == ("Massa", 31)
        with scope(store.pk):
            assert changed.images.get().image.width == 2000
        assert fact_names(store, seq) == ["product.updated", "product.updated", "catalog.published"]
        assert version(store) == before + 1

    def test_a_taken_slug_is_a_form_error(self, alice_admin: Client, store: Store, pasta: Product) -> None:
        other = factories.make_product(store, "salad")
        page = alice_admin.post(url(Product, "change", other.pk), product_form(other, slug="pasta"))
        assert page.status_code == 200
        assert page.context["adminform"].form.errors

    def test_a_refusal_of_the_service_changes_nothing_and_says_why(
        self, alice_admin: Client, store: Store, pasta: Product
    ) -> None:
        seq = last_seq(store)
        answer = alice_admin.post(
            url(Product, "change", pasta.pk), product_form(pasta, price="", name="Free"), follow=True
        )
        assert "price" in answer.content.decode()
        assert rows(Product, store)[0].name == "Pasta"
        assert last_seq(store) == seq

    def test_no_picture_is_no_picture(self, alice_admin: Client, store: Store, pasta: Product) -> None:
        whole = picture((400, 400), kind="PNG").read()
        fake = SimpleUploadedFile("cut.png", whole[: len(whole) // 2])
        child = {"images-TOTAL_FORMS": 1, "images-0-image": fake, "images-0-position": 0}
        page = alice_admin.post(url(Product, "change", pasta.pk), product_form(pasta, **child))
        assert page.status_code == 200
        with scope(store.pk):
            assert not pasta.images.exists()

    def test_deleting_records_the_fact(self, alice_admin: Client, store: Store, pasta: Product) -> None:
        seq = last_seq(store)
        assert alice_admin.post(url(Product, "delete", pasta.pk), {"post": "yes"}).status_code == 302
        assert rows(Product, store) == []
        assert fact_names(store, seq) == ["product.deleted", "catalog.published"]

    @pytest.mark.parametrize(
        ("action", "status"), [("pause_rows", "paused"), ("deactivate_rows", "inactive"), ("activate_rows", "active")]
    )
    def test_actions_change_many(
        self, alice_admin: Client, store: Store, pasta: Product, action: str, status: str
    ) -> None:
        answer = alice_admin.post(url(Product, "changelist"), {"action": action, "_selected_action": [str(pasta.pk)]})
        assert answer.status_code == 302
        assert rows(Product, store)[0].status == status


class TestOtherNouns:
    def test_a_circle_of_groups_is_refused(self, alice_admin: Client, store: Store, pasta: Product) -> None:
        group = factories.make_group(pasta, "sauce", {"red": "1.00"})
        [option] = rows(ModifierOption, store)
        form = {
            "name": "Red",
            "slug": "red",
            "price": "1",
            "max": 1,
            "position": 0,
            "status": "active",
            "translations": "{}",
        }
        child = {
            "opens-TOTAL_FORMS": 1,
            "opens-INITIAL_FORMS": 0,
            "opens-0-group": str(group.pk),
            "opens-0-position": 0,
        }
        answer = alice_admin.post(url(ModifierOption, "change", option.pk), form | child, follow=True)
        assert "opens" in answer.content.decode()
        with scope(store.pk):
            assert not option.opens.exists()

    def test_stock_is_changed_by_what_happened(self, alice_admin: Client, store: Store, pasta: Product) -> None:
        [level] = rows(StockLevel, store)
        form = {
            "low_threshold": 5,
            "operation": "waste",
            "quantity": 4,
            "note": "caiu",
            "moves-TOTAL_FORMS": 0,
            "moves-INITIAL_FORMS": 0,
        }
        assert alice_admin.post(url(StockLevel, "change", level.pk), form).status_code == 302
        assert rows(StockLevel, store)[0].on_hand == 6
        answer = alice_admin.post(url(StockLevel, "change", level.pk), form | {"quantity": 40}, follow=True)
        assert rows(StockLevel, store)[0].on_hand == 6
        assert answer.context["messages"]

    def test_settings_go_through_the_service(self, alice_admin: Client, store: Store) -> None:
        seq = last_seq(store)
        page = alice_admin.get(url(Store, "change", store.pk))
        form = page.context["adminform"].form
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        answer = alice_admin.post(
            url(Store, "change", store.pk), {**data, "logo": "", "banner": "", "tagline": "Massas", "min_order": "{}"}
        )
        assert answer.status_code == 302, answer.context["errors"]
        assert Store.objects.get(pk=store.pk).tagline == "Massas"
        assert fact_names(store, seq) == ["settings.changed", "catalog.published"]

    def test_a_member_is_added_by_login_and_the_last_owner_stays(self, alice_admin: Client, store: Store) -> None:
        factories.make_user("cook@example.com")
        answer = alice_admin.post(url(Staff, "add"), {"identifier": "cook@example.com", "role": "kitchen"})
        assert answer.status_code == 302, answer.context["errors"]
        owner = next(row for row in rows(Staff, store) if row.role == "owner")
        alice_admin.post(url(Staff, "delete", owner.pk), {"post": "yes"})
        assert sorted(row.role for row in rows(Staff, store)) == ["kitchen", "owner"]

    def test_another_stores_store_is_not_found(self, alice_admin: Client, other_store: Store) -> None:
        assert alice_admin.get(url(Store, "change", other_store.pk)).status_code == 404


class TestLog:
    def test_dead_deliveries_of_the_store_are_replayed(
        self, alice_admin: Client, store: Store, other_store: Store
    ) -> None:
        factories.make_product(store), factories.make_product(other_store)
        dead = [
            Delivery.objects.create(
                event=Event.objects.filter(store=which).latest("seq"), subscriber="x.y", subject="a:b", state="dead"
            )
            for which in (store, other_store)
        ]
        body = {"action": "replay", "_selected_action": [row.pk for row in dead]}
        assert alice_admin.post(url(Delivery, "changelist"), body).status_code == 302
        assert [Delivery.objects.get(pk=row.pk).state for row in dead] == [DeliveryState.PENDING, DeliveryState.DEAD]

    def test_only_the_platform_sees_and_replays_the_inbox(
        self, alice_admin: Client, root: Client, store: Store
    ) -> None:
        entry = InboxEntry.objects.create(
            provider="x",
            external_id="1",
            mailbox="m",
            body=b"{}",
            headers={"X-Signature": "s3cret", "Accept": "json"},
            state=InboxState.DEAD,
        )
        assert alice_admin.get(url(InboxEntry, "changelist")).status_code == 403
        page = root.get(url(InboxEntry, "change", entry.pk)).content.decode()
        assert "Accept" in page
        assert "s3cret" not in page
        root.post(url(InboxEntry, "changelist"), {"action": "replay", "_selected_action": [entry.pk]})
        assert InboxEntry.objects.get().state == InboxState.PENDING

    def test_facts_cannot_be_edited(self, alice_admin: Client, root: Client, store: Store, pasta: Product) -> None:
        fact = Event.objects.filter(store=store).latest("seq")
        for client in (alice_admin, root):
            assert client.post(url(Event, "delete", fact.pk), {"post": "yes"}).status_code == 403
            assert client.get(url(Event, "add")).status_code == 403

    def test_secrets_of_orders_are_not_shown(
        self, alice_admin: Client, shop: Shop, store: Store, pasta: Product
    ) -> None:
        from apps.stores.models import Order

        shop.add(pasta)
        shop.checkout()
        [order] = rows(Order, store)
        page = alice_admin.get(url(Order, "change", order.pk)).content.decode()
        assert order.code in page
        assert order.access_token not in page
        assert len(rows(Payment, store)) == 1
        assert len(rows(Customer, store)) == 1
        assert order.placed_at <= now()
