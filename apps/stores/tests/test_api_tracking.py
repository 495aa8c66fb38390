"""Orders for their customers: the link, the reduced form for strangers, and the chat link (clients/storefront.md 2.6, 2.7)."""

import base64
from typing import Any
from urllib.parse import unquote

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db

SECRETS = (
    "Ana Lima",
    "999998888",
    "ana@example.com",
    "Rua 10",
    "Centro",
    "77020170",
    "no onions",
    "ring twice",
    "52998224725",
)
HIDDEN = {
    "customer_name", "customer_phone", "customer_email", "delivery_address", "shipping_address", "access_token", "pix_code",
    "pix_qr_code", "payment", "delivery", "table", "notes", "customer_notes", "cancel_reason",
}  # fmt: skip
Placed = dict[str, Any]


@pytest.fixture
def placed(shop: Shop, store: Store) -> Placed:
    """A delivery order by PIX with everything personal there is."""
    shop.add(factories.make_product(store, "lasagna", price="20.00"), 2, notes="no onions")
    answer = shop.checkout(
        delivery_method="delivery", delivery_address=ADDRESS, payment_method="pix", customer_email="ana@example.com",
        notes="ring twice", cpf="52998224725",
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    body: Placed = answer.json()
    return body


def by_token(token: str) -> Any:
    return APIClient().get(f"/api/v1/stores/orders/by-token/{token}/")


def forms(store: Store, ref: str) -> list[str]:
    return [
        f"/api/v1/{prefix}/{ref}/{suffix}"
        for prefix in (f"stores/s/{store.slug}/orders", f"stores/{store.slug}/orders", "stores/orders")
        for suffix in ("", "payment-status/")
    ]


def test_the_link_shows_everything_the_tracking_page_reads(placed: Placed) -> None:
    answer = by_token(placed["access_token"])
    body = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert (body["order_number"], body["order_id"], body["id"]) == (
        placed["order_number"],
        placed["order_id"],
        placed["order_id"],
    )
    assert (body["status"], body["payment_status"], body["payment_method"]) == ("pending", "pending", "pix")
    assert (body["subtotal"], body["delivery_fee"], body["discount"], body["total"], body["total_amount"]) == (
        40,
        5,
        0,
        45,
        45,
    )
    assert body["status_display"]
    (item,) = body["items"]
    assert (item["product_name"], item["quantity"], item["subtotal"], item["total_price"]) == ("Lasagna", 2, 40, 40)
    assert isinstance(item["id"], str)
    assert body["pix_code"] == body["payment"]["qr_code"]
    assert body["pix_qr_code"] == body["payment"]["qr_code_base64"]
    assert base64.b64decode(body["pix_qr_code"], validate=True).startswith(b"\x89PNG")
    assert body["delivery_address"]["street"] == "Rua 10"
    assert body["pix_expires_at"]
    assert [step["status"] for step in body["timeline"]] == ["pending"]
    assert body["store"]["whatsapp_url"].startswith("https://wa.me/5563999990000?text=")


def test_the_link_follows_the_order_and_hides_the_code_once_it_is_paid(placed: Placed, owner: Shop) -> None:
    owner.post(f"orders/{placed['id']}/mark_paid/")
    owner.post(f"orders/{placed['id']}/update_status/", {"status": "preparing"})
    body = by_token(placed["access_token"]).json()
    assert (body["status"], body["payment_status"], body["payment"]["status"]) == ("preparing", "paid", "approved")
    assert (body["pix_code"], body["pix_qr_code"], body["pix_expires_at"]) == ("", "", None)
    assert [step["status"] for step in body["timeline"]] == ["pending", "paid", "confirmed", "preparing"]


def test_the_timeline_of_a_customer_names_nobody_of_the_staff(placed: Placed, owner: Shop) -> None:
    owner.post(f"orders/{placed['id']}/mark_paid/")
    answer = by_token(placed["access_token"])
    assert "Alice" not in answer.content.decode()
    assert set(answer.json()["timeline"][0]) == {"status", "label", "at"}


@pytest.mark.parametrize("token", ["guess", "A" * 32, "a%00b", "é" * 32, "x" * 500, "..", "%25", "' OR 1=1 --"])
def test_a_guessed_token_is_not_found(placed: Placed, token: str) -> None:
    answer = by_token(token)
    assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")


def test_a_token_with_something_after_it_is_another_token(placed: Placed) -> None:
    assert by_token(placed["access_token"] + "A").status_code == 404
    assert by_token(placed["access_token"][:-1]).status_code == 404
    assert by_token(placed["access_token"].swapcase()).status_code == 404


@pytest.mark.parametrize("by", ["id", "order_number"])
def test_a_stranger_sees_how_it_stands_and_nothing_of_whose_it_is(placed: Placed, store: Store, by: str) -> None:
    for path in forms(store, placed[by]):
        answer = APIClient().get(path)
        text = answer.content.decode()
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert [secret for secret in (*SECRETS, placed["access_token"], "br.gov.bcb.pix") if secret in text] == [], path
        body = answer.json()
        assert (body["order_number"], body["status"], body["total"]) == (placed["order_number"], "pending", 45)
        assert body["items"][0]["product_name"] == "Lasagna"
        assert not set(body) & HIDDEN


def full(path: str, client: APIClient | None = None) -> bool:
    body = (client or APIClient()).get(path).json()
    return body.get("customer_name") == "Ana Lima" and bool(body.get("pix_code"))


def test_the_key_that_placed_it_opens_it(placed: Placed, store: Store) -> None:
    for path in forms(store, placed["id"]):
        assert full(path, APIClient(headers={"X-Cart-Key": KEY}))
        assert full(f"{path}?cart_key={KEY}")
        assert not full(path, APIClient(headers={"X-Cart-Key": "cart_other"}))
        assert not full(f"{path}?cart_key=")


def test_its_token_as_a_parameter_opens_it(placed: Placed, store: Store) -> None:
    for path in forms(store, placed["id"]):
        assert full(f"{path}?token={placed['access_token']}")
        assert not full(f"{path}?token=wrong")
        assert not full(f"{path}?token=")
        assert not full(f"{path}?token=%C3%A9")


def test_a_guest_whom_we_gave_a_cookie_opens_their_own(store: Store) -> None:
    app = Shop(APIClient(), store.slug)
    app.add(factories.make_product(store))
    number = app.checkout(payment_method="pix").json()["order_number"]
    assert full(f"/api/v1/stores/orders/{number}/", app.client)
    assert not full(f"/api/v1/stores/orders/{number}/")


def test_the_user_who_ordered_opens_it_and_another_user_does_not(store: Store, client_for: ClientFor) -> None:
    ana, bea = factories.make_user(), factories.make_user()
    app = Shop(client_for(ana), store.slug)
    app.add(factories.make_product(store))
    order = app.checkout(payment_method="pix").json()["id"]
    for path in forms(store, order):
        assert full(path, client_for(ana))
        assert not full(path, client_for(bea))


def test_staff_open_it_and_another_store_s_owner_does_not(
    placed: Placed, store: Store, client_for: ClientFor, alice: User, bob: User, charlie: User, other_store: Store
) -> None:
    for path in forms(store, placed["id"]):
        assert full(path, client_for(alice))
        assert full(path, client_for(bob))
        assert not full(path, client_for(charlie))


def test_staff_who_see_no_orders_see_a_stranger_s_view(placed: Placed, store: Store, client_for: ClientFor) -> None:
    marketing = client_for(factories.make_staff(store, "marketing"))
    assert [full(path, marketing) for path in forms(store, placed["id"])] == [False] * 6


def test_an_old_token_makes_a_stranger_not_an_error(placed: Placed, store: Store) -> None:
    for path in forms(store, placed["id"]):
        assert APIClient(headers={"Authorization": "Token " + "0" * 40}).get(path).status_code == 200


def test_an_order_of_another_store_is_not_under_this_one(placed: Placed, other_store: Store) -> None:
    client = APIClient(headers={"X-Cart-Key": KEY})
    for suffix in ("", "payment-status/", "whatsapp/"):
        for prefix in ("stores/s", "stores"):
            path = f"/api/v1/{prefix}/{other_store.slug}/orders/{placed['id']}/{suffix}?token={placed['access_token']}"
            assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "ref", ["nope", "00000000-0000-0000-0000-000000000000", "a%00b", "é", "%23", "x" * 300, "%F0%9F%8D%95"]
)
@pytest.mark.parametrize("suffix", ["", "payment-status/", "whatsapp/"])
def test_an_order_that_never_was_is_not_found(store: Store, ref: str, suffix: str) -> None:
    for prefix in (f"stores/s/{store.slug}/orders", f"stores/{store.slug}/orders", "stores/orders"):
        answer = APIClient().get(f"/api/v1/{prefix}/{ref}/{suffix}")
        assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")


def test_the_chat_link_says_which_order_in_both_keys(placed: Placed, store: Store) -> None:
    for prefix in (f"stores/s/{store.slug}/orders", f"stores/{store.slug}/orders", "stores/orders"):
        body = APIClient().get(f"/api/v1/{prefix}/{placed['id']}/whatsapp/").json()
        assert body["url"] == body["whatsapp_url"]
        assert placed["order_number"] in unquote(body["url"])
        assert not [secret for secret in SECRETS if secret in unquote(body["url"])]


def test_the_chat_link_goes_to_the_whatsapp_number_before_the_phone(placed: Placed, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(whatsapp_number="+55 (63) 98888-7777")
    body = APIClient().get(f"/api/v1/stores/orders/{placed['id']}/whatsapp/").json()
    assert body["url"].startswith("https://wa.me/5563988887777?")


def test_a_store_without_a_number_has_no_chat_link(placed: Placed, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(whatsapp_number="", phone="")
    assert APIClient().get(f"/api/v1/stores/orders/{placed['id']}/whatsapp/").json() == {"whatsapp_url": "", "url": ""}


def test_the_app_reads_combos_apart_and_the_web_among_the_items(shop: Shop, store: Store) -> None:
    combo = factories.make_combo(store, "lunch", parts=[factories.make_product(store)])
    shop.add(factories.make_product(store))
    shop.post("cart/add/", {"combo_id": str(combo.pk)})
    placed = shop.checkout().json()
    web = shop.get(f"orders/{placed['id']}/").json()
    app = shop.client.get(f"/api/v1/stores/orders/{placed['id']}/").json()
    assert (len(web["items"]), len(web["combo_items"])) == (2, 1)
    assert (len(app["items"]), len(app["combo_items"])) == (1, 1)
    (line,) = app["combo_items"]
    assert (line["combo_name"], line["quantity"], line["total_price"]) == ("Lunch", 1, 30)
    assert len(by_token(placed["access_token"]).json()["items"]) == 2


def test_my_orders_are_mine_alone(store: Store, other_store: Store, client_for: ClientFor) -> None:
    ana, bea = factories.make_user(), factories.make_user()
    mine = factories.make_order(store, user=ana)
    factories.make_order(store, user=bea)
    factories.make_order(store)
    factories.make_order(other_store, user=ana)
    body = client_for(ana).get("/api/v1/stores/orders/", {"store": store.slug}).json()
    assert (body["count"], [row["id"] for row in body["results"]]) == (1, [str(mine.pk)])
    assert body["results"][0]["access_token"] == mine.access_token


def test_my_orders_want_a_login_and_a_store(store: Store, client_for: ClientFor) -> None:
    assert APIClient().get("/api/v1/stores/orders/", {"store": store.slug}).status_code == 401
    for name in ("", "nowhere", "\x00", "x" * 500):
        assert client_for(factories.make_user()).get("/api/v1/stores/orders/", {"store": name}).status_code == 404


def test_looking_changes_nothing(placed: Placed, store: Store) -> None:
    with scope(store.pk):
        before = Order.objects.values().get()
    for path in forms(store, placed["id"]):
        APIClient().get(path)
    by_token(placed["access_token"])
    with scope(store.pk):
        assert Order.objects.values().get() == before
