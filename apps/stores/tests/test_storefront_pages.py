"""What the published clients send from their pages: cross-origin requests, and checkout bodies as seen on the wire (1.2, 2.5)."""

import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import DeliveryZone, Order, Outlet, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import KEY, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db

# What P and C send from a page (1.2), what the kitchen and dashboard send besides.
WEB_HEADERS = "authorization,content-type,x-cart-key,x-csrftoken"
ORIGINS = {"P": "http://localhost:3000", "C": "http://localhost:3001", "dashboard": "http://localhost:5173"}


def orders_of(store: Store) -> list[Order]:
    with scope(store.pk):
        return list(Order.objects.order_by("placed_at"))


@pytest.mark.parametrize("client", ORIGINS)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_page_of_a_known_origin_may_send_what_it_sends(store: Store, settings: Any, client: str, method: str) -> None:
    settings.CORS_ALLOWED_ORIGINS = list(ORIGINS.values())
    answer = APIClient().options(
        f"/api/v1/stores/{store.slug}/catalog/",
        headers={
            "Origin": ORIGINS[client],
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": WEB_HEADERS,
        },
    )
    allowed = {name.strip().lower() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == ORIGINS[client]
    assert answer["Access-Control-Allow-Credentials"] == "true"
    assert allowed >= {*WEB_HEADERS.split(","), "idempotency-key"}
    assert method in answer["Access-Control-Allow-Methods"]


def test_an_answer_names_the_origin_and_not_a_star(shop: Shop, store: Store, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [ORIGINS["P"]]
    known = shop.client.get(shop.base + "catalog/", headers={"Origin": ORIGINS["P"]})
    unknown = shop.client.get(shop.base + "catalog/", headers={"Origin": "https://evil.example"})
    assert known["Access-Control-Allow-Origin"] == ORIGINS["P"]
    assert "origin" in known["Vary"].lower()
    assert "Access-Control-Allow-Origin" not in unknown


def test_csrf_is_not_enforced_where_a_page_of_another_host_cannot_read_the_cookie(store: Store, alice: User) -> None:
    strict = Shop(APIClient(enforce_csrf_checks=True, headers={"X-Cart-Key": KEY}), store.slug)
    product = factories.make_product(store)
    assert strict.add(product).status_code == 200
    assert strict.checkout().status_code == 201
    assert strict.delete("cart/clear/").status_code == 200
    login = {"email": alice.email, "password": "comanda-demo"}
    assert strict.client.post("/api/v1/auth/login/", login, format="json").status_code == 200


def placed_by(shop: Shop, body: dict[str, Any]) -> dict[str, Any]:
    answer = shop.post("checkout/", body)
    assert answer.status_code == 201, answer.content
    data: dict[str, Any] = answer.json()
    return data


def test_the_body_c_was_seen_sending_is_understood(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    body = placed_by(
        shop,
        {
            "customer_name": "Ana Lima", "customer_email": "ana@x.com", "customer_phone": "63999998888", "cpf": "",
            "shipping_address": "Rua 10, 5", "shipping_city": "Palmas", "shipping_state": "TO", "shipping_zip_code": "77020170",
            "delivery_address": {
                "street": "Rua 10", "number": "5", "complement": "", "neighborhood": "Centro", "city": "Palmas", "state": "TO",
                "zip_code": "77020170",
            },
            "scheduled_date": None, "scheduled_time_slot": None, "shipping_method": "delivery", "delivery_method": "delivery",
            "coupon_code": "", "payment_method": "cash", "payment": {"method": "cash", "type": "cash"}, "cart_key": KEY,
        },
    )  # fmt: skip
    assert (body["delivery_fee"], body["payment"]["payment_method"]) == (5, "cash")
    assert re.fullmatch(r"[\w-]+", body["access_token"])


def test_the_body_p_sends_for_a_pickup_is_understood(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    shop_address = {"street": "Q. 112 Sul", "city": "Palmas", "state": "TO", "zip_code": "77020170"}
    body = placed_by(
        shop,
        {
            "customer_name": "Ana", "customer_email": "63999998888@cliente.pastita.com.br", "customer_phone": "63999998888",
            "cpf": "52998224725", "delivery_method": "pickup", "shipping_method": "pickup", "delivery_address": shop_address,
            "shipping_address": "Q. 112 Sul", "shipping_city": "Palmas", "shipping_state": "TO", "shipping_zip_code": "77020170",
            "scheduled_date": None, "scheduled_time_slot": None, "coupon_code": "", "payment_method": "pix",
            "payment": {"method": "pix", "type": "pix"}, "cart_key": KEY,
        },
    )  # fmt: skip
    assert (body["payment"]["status"], body["delivery_fee"]) == ("pending", 0)
    (order,) = orders_of(store)
    assert order.address == {}


def test_the_body_e_sends_for_a_delivery_is_understood_without_a_post_code(store: Store) -> None:
    app = Shop(APIClient(), store.slug)
    app.add(factories.make_product(store))
    address = {
        "street": "Rua 10",
        "number": "5",
        "complement": "",
        "neighborhood": "Centro",
        "city": "Palmas",
        "state": "TO",
        "zip_code": "",
    }
    body = placed_by(
        app,
        {
            "customer_name": "Ana", "customer_email": "", "customer_phone": "63999998888", "delivery_method": "delivery",
            "payment_method": "pix", "delivery_notes": "Ring twice.", "delivery_address": address,
        },
    )  # fmt: skip
    (order,) = orders_of(store)
    assert (order.notes, body["order_number"]) == ("Ring twice.", order.code)
    assert app.delete("cart/clear/").json()["items"] == []


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"scheduled_date": "2099-01-01"}, "scheduled_time_slot"),
        ({"scheduled_time_slot": "10:00-12:00"}, "scheduled_date"),
    ],
)
def test_half_a_wish_for_later_is_not_cooked_now(shop: Shop, store: Store, wish: dict[str, str], field: str) -> None:
    shop.add(factories.make_product(store))
    answer = shop.checkout(**wish)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert orders_of(store) == []


def test_pressing_the_button_after_the_store_cancelled_does_not_show_the_cancelled_order(
    shop: Shop, owner: Shop, store: Store
) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    owner.post(f"orders/{placed['id']}/cancel/")
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"]) == (422, "cart_empty")


@pytest.mark.parametrize(
    "point", [("nan", "nan"), ("inf", "0"), ("91", "0"), ("0", "181"), ("x", "0"), ("", "5"), ("1e400", "1")]
)
def test_a_point_that_is_none_is_never_an_error_of_ours(shop: Shop, store: Store, point: tuple[str, str]) -> None:
    with scope(store.pk):
        DeliveryZone.objects.update(kind="distance", rule={"flat_km": "2", "per_km": "1", "max_km": "10"})
        Outlet.objects.update(latitude=-10.2, longitude=-48.3)
    factories.bump(store)
    answer = shop.get("delivery-fee/", lat=point[0], lng=point[1])
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert answer.json()["is_valid"] is False


@pytest.mark.parametrize("phone", ["0", "000", "00000000000"])
def test_zeros_are_not_a_phone_a_courier_can_call(shop: Shop, store: Store, phone: str) -> None:
    shop.add(factories.make_product(store))
    answer = shop.checkout(customer_phone=phone)
    assert (answer.status_code, answer.json()["code"]) == (422, "phone_required")
    assert orders_of(store) == []


def test_an_email_longer_than_we_can_keep_is_a_400(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    answer = shop.checkout(customer_email="a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".com")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["customer_email"])
    assert orders_of(store) == []
