"""What a store keeps about somebody, for that person: only after a code, only at that store; consent, export, erasure."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.customers.models import Consent, Customer, Identity
from apps.events.models import Event
from apps.kitchen.models import Ticket
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.coded import log_in
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db
ANA = "+5563999998888"


def order(shop: Shop, store: Store, **wish: Any) -> dict[str, Any]:
    shop.add(factories.make_product(store))
    answer = shop.checkout(**{"customer_phone": "63999998888", **wish})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_code_opens_the_history_of_the_guest_with_that_number(shop: Shop, ana: Shop, store: Store) -> None:
    placed = order(shop, store)
    rows = ana.client.get("/api/v1/stores/orders/", {"store": store.slug}).json()
    assert rows["count"] == 0  # nothing was looked at here yet
    mine = ana.get("profile/").json()["customer"]
    assert (mine["phone"], mine["total_orders"]) == (ANA, 1)
    assert mine["identities"][0]["verified_at"] is not None
    rows = ana.client.get("/api/v1/stores/orders/", {"store": store.slug}).json()
    assert [row["order_number"] for row in rows["results"]] == [placed["order_number"]]
    assert "customer_phone" in ana.get(f"orders/{placed['order_id']}/").json()


def test_a_registered_number_that_was_never_proved_opens_nothing(shop: Shop, store: Store) -> None:
    """Mallory registers with Ana's number: the account works, Ana's history stays hers."""
    placed = order(shop, store)
    body = {"name": "Mallory", "phone": "63999998888", "password": "a-long-secret-9"}
    token = shop.client.post("/api/v1/auth/register/", body, format="json").json()["token"]
    shop.client.credentials(HTTP_AUTHORIZATION=f"Token {token}", HTTP_X_CART_KEY="cart_mallory")
    assert shop.get("profile/").json()["customer"] is None
    assert shop.get("profile/points/").json()["code"] == "identity_unproven"
    assert shop.client.get("/api/v1/stores/orders/", {"store": store.slug}).json()["count"] == 0
    assert "customer_phone" not in shop.get(f"orders/{placed['order_id']}/").json()


def test_an_order_for_somebody_else_is_still_the_login_s_own(ana: Shop, store: Store) -> None:
    order(ana, store, customer_phone="63988887777", customer_name="Mum")
    with scope(store.pk):
        placed = Order.objects.get()
        assert placed.customer_phone == "+5563988887777"
        assert not Identity.objects.filter(value="+5563988887777").exists()
    assert ana.get("profile/").json()["customer"]["total_orders"] == 1


def test_a_customer_of_one_store_is_nobody_at_another(ana: Shop, store: Store, other_store: Store) -> None:
    order(ana, store)
    elsewhere = Shop(ana.client, other_store.slug)
    assert elsewhere.get("profile/").json()["customer"]["total_orders"] == 0
    assert ana.get("profile/").json()["customer"]["id"] != elsewhere.get("profile/").json()["customer"]["id"]


def test_staff_notes_and_reasons_are_not_shown_to_the_customer(ana: Shop, owner: Shop) -> None:
    mine = ana.get("profile/").json()["customer"]
    owner.post(f"customers/{mine['id']}/notes/", {"text": "difficult"})
    owner.patch(f"customers/{mine['id']}/", {"tags": ["slow payer"]})
    for path in ("profile/", "profile/export/"):
        assert "difficult" not in ana.get(path).content.decode()
        assert "slow payer" not in ana.get(path).content.decode()
    assert "difficult" in owner.get(f"customers/{mine['id']}/export/").content.decode()


def test_addresses_and_consent_are_one_s_own_to_change(ana: Shop, store: Store) -> None:
    made = ana.post("profile/addresses/", {"label": "home", "street": "Rua 1"}).json()
    assert ana.patch(f"profile/addresses/{made['id']}/", {"number": "5"}).json()["number"] == "5"
    said = ana.post(
        "profile/consents/",
        {"purpose": "marketing", "channel": "whatsapp", "granted": True, "text_version": "v1", "source": "checkout"},
        HTTP_USER_AGENT="Phone/1.0",
    )
    assert said.status_code == 201
    proof = said.json()["history"][0]
    assert (proof["by"], proof["proof"]["user_agent"]) == ("customer", "Phone/1.0")
    assert ana.get("profile/").json()["consents"][0]["granted"] is True
    other = Shop(log_in("+5563977776666", "cart_b"), store.slug)
    assert other.patch(f"profile/addresses/{made['id']}/", {"number": "6"}).status_code == 404
    assert ana.delete(f"profile/addresses/{made['id']}/").status_code == 204


def test_an_erased_customer_is_in_no_row_and_in_no_fact(ana: Shop, owner: Shop, store: Store) -> None:
    wish = {"customer_name": "Ana Lima", "customer_email": "ana@example.com", "notes": "ring twice"}
    placed = order(ana, store, **wish, delivery_method="delivery", delivery_address=ADDRESS)
    pk = ana.get("profile/").json()["customer"]["id"]
    assert ana.delete("profile/").json()["code"] == "orders_open"
    assert owner.post(f"customers/{pk}/erase/").json()["code"] == "orders_open"
    for status in ("preparing", "ready", "out_for_delivery", "delivered"):
        owner.post(f"orders/{placed['order_id']}/update_status/", {"status": status})
    owner.post(f"orders/{placed['order_id']}/mark_paid/")
    owner.post(f"orders/{placed['order_id']}/update_status/", {"status": "completed"})
    assert ana.delete("profile/").status_code == 204
    with scope(store.pk):
        left = Order.objects.get()
        assert (left.customer_name, left.customer_phone, left.customer_email, left.address, left.notes) == (
            "",
            "",
            "",
            {},
            "",
        )
        assert (int(left.total), left.status) == (25, "completed")
        assert not Identity.objects.exists()
        assert Customer.objects.get(pk=pk).name == ""
        assert set(Ticket.objects.values_list("customer", flat=True)) <= {""}
    told = str(list(Event.objects.filter(store=store).values_list("name", "payload", "actor_label")))
    for word in ("Ana", "Lima", "99998888", "example.com"):
        assert word not in told.replace("alice@example.com", ""), word
    assert owner.get(f"customers/{pk}/").json()["erased_at"] is not None
    assert owner.post(f"customers/{pk}/erase/").json()["code"] == "customer_erased"
    assert owner.get("customers/").json()["count"] == 0


def test_consent_outlives_erasure_without_the_machine_it_came_from(ana: Shop, store: Store) -> None:
    body = {"purpose": "marketing", "channel": "sms", "granted": True, "text_version": "v1"}
    ana.post("profile/consents/", body)
    assert ana.delete("profile/").status_code == 204
    with scope(store.pk):
        row = Consent.objects.get()
        assert (row.granted, row.text_version, row.proof) == (True, "v1", {})


def test_whoever_comes_back_after_an_erasure_is_somebody_new(ana: Shop, shop: Shop, store: Store) -> None:
    before = ana.get("profile/").json()["customer"]["id"]
    ana.delete("profile/")
    order(shop, store)
    with scope(store.pk):
        assert str(Order.objects.get().customer_id) != before
