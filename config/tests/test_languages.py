"""Whoever asks in a language is answered in it: refusals, labels and timelines; who asks in none gets the install's."""

from typing import Any
from urllib.parse import unquote

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = {
    "cart_empty": "Sua sacola está vazia.",
    "name_required": "Diga seu nome.",
    "phone_invalid": "Este telefone não é válido.",
    "payment_method_unavailable": "A loja não aceita esta forma de pagamento aqui.",
    "out_of_area": "Este endereço fica fora da área de entrega.",
    "change_too_small": "Este valor não cobre o total do pedido.",
    "below_minimum": "O pedido mínimo é 50.00; faltam 30.00.",
    "quantity_invalid": "A quantidade deve ser um número inteiro de 1 a 999.",
    "order_not_found": "Este pedido não existe.",
    "not_authenticated": "Entre na sua conta primeiro.",
    "invalid_credentials": "E-mail, telefone ou senha incorretos.",
    "not_found": "Não encontrado.",
}


def refused(shop: Shop, store: Store, code: str) -> Any:
    """The answer that carries `code`, provoked the way a client would."""
    roads: dict[str, Any] = {
        "order_not_found": lambda: shop.client.get("/api/v1/stores/orders/by-token/" + "A" * 43 + "/"),
        "not_authenticated": lambda: shop.get("staff/"),
        "invalid_credentials": lambda: shop.client.post(
            "/api/v1/auth/login/", {"email": "nobody@example.com", "password": "wrong"}, format="json"
        ),
        "not_found": lambda: shop.client.get("/api/v1/nothing-here/"),
        "cart_empty": shop.checkout,
    }
    if code in roads:
        return roads[code]()
    if code == "below_minimum":
        Store.objects.filter(pk=store.pk).update(min_order={"delivery": "50.00"})
    product = factories.make_product(store, price="20.00")
    if code == "quantity_invalid":
        return shop.add(product, 1000)
    shop.add(product)
    away = {"delivery_method": "delivery", "delivery_address": {**ADDRESS, "neighborhood": "Longe"}}
    changes: dict[str, dict[str, Any]] = {
        "name_required": {"customer_name": " "},
        "phone_invalid": {"customer_phone": "12"},
        "payment_method_unavailable": {"payment_method": "qris"},
        "out_of_area": away,
        "change_too_small": {"change_for": "10.00"},
        "below_minimum": {"delivery_method": "delivery", "delivery_address": ADDRESS},
    }
    return shop.checkout(**changes[code])


def speaking(shop: Shop, languages: str | None) -> Shop:
    if languages is not None:
        shop.client.credentials(HTTP_X_CART_KEY=KEY, HTTP_ACCEPT_LANGUAGE=languages)
    return shop


@pytest.mark.parametrize("code", REFUSALS)
def test_it_refuses_in_portuguese(shop: Shop, store: Store, code: str) -> None:
    answer = refused(speaking(shop, "pt-BR,pt;q=0.9,en;q=0.8"), store, code)
    body = answer.json()
    assert body["code"] == code, body
    assert (body["detail"], body["error"]) == (REFUSALS[code], REFUSALS[code])
    assert answer.headers["Content-Language"] == "pt-br"


@pytest.mark.parametrize("languages", [None, "", "*", "tlh", "xx-YY,zz;q=0.3", "pt", "pt-PT", ";;q=9,€", "a" * 5000])
def test_an_unknown_language_or_none_gets_the_default_and_does_not_fail(
    shop: Shop, store: Store, languages: str | None
) -> None:
    body = refused(speaking(shop, languages), store, "cart_empty").json()
    assert (body["code"], body["detail"]) == ("cart_empty", REFUSALS["cart_empty"])


@pytest.mark.parametrize(
    ("language", "code", "text"),
    [
        ("de", "cart_empty", "Ihr Warenkorb ist leer."),
        ("de-AT", "out_of_area", "Diese Adresse liegt außerhalb des Liefergebiets."),
        ("de", "below_minimum", "Der Mindestbestellwert ist 50.00; es fehlen 30.00."),
        ("es-MX", "phone_invalid", "Esto no es un número de teléfono."),
        ("id", "cart_empty", "Keranjang masih kosong."),
        ("en", "cart_empty", "The cart is empty."),
        ("xx, de;q=0.5", "name_required", "Nennen Sie uns bitte Ihren Namen."),
    ],
)
def test_a_traveller_is_refused_in_their_own_language(
    shop: Shop, store: Store, language: str, code: str, text: str
) -> None:
    body = refused(speaking(shop, language), store, code).json()
    assert (body["code"], body["detail"]) == (code, text)


@pytest.mark.parametrize(
    ("language", "labels", "greeting"),
    [
        ("pt-BR", ["Pedido feito", "Pedido confirmado"], "Olá! É sobre o meu pedido #001"),
        ("de", ["Bestellung aufgegeben", "Bestellung bestätigt"], "Hallo! Es geht um meine Bestellung #001"),
        ("en", ["Order placed", "Order confirmed"], "Hello! This is about my order #001"),
    ],
)
def test_a_tracked_order_speaks_the_language_of_who_looks(
    shop: Shop, store: Store, language: str, labels: list[str], greeting: str
) -> None:
    Store.objects.filter(pk=store.pk).update(phone="+5563999990000")
    shop.add(factories.make_product(store))
    token = shop.checkout().json()["access_token"]
    client = APIClient(headers={"Accept-Language": language})
    order = client.get(f"/api/v1/stores/orders/by-token/{token}/").json()
    assert [step["label"] for step in order["timeline"]] == labels
    assert greeting in unquote(order["store"]["whatsapp_url"])


def test_a_refusal_in_any_language_leaves_nothing_behind(shop: Shop, store: Store) -> None:
    for language in ("pt-BR", "de", "es", "id", "en", "tlh"):
        assert refused(speaking(shop, language), store, "cart_empty").status_code == 422
    with scope(store.pk):
        assert not Order.objects.exists()


def test_a_move_that_is_not_legal_is_named_in_words_and_not_in_codes(
    client_for: ClientFor, alice: User, shop: Shop, store: Store
) -> None:
    shop.add(factories.make_product(store))
    order = shop.checkout().json()["order_id"]
    owner = Shop(client_for(alice), store.slug)
    moves = {
        "out_for_delivery": "Não é possível passar de “confirmado” para “saiu para entrega”.",
        "completed": "Um pedido deste tipo não passa para “concluído”.",
    }
    for to, text in moves.items():
        body = owner.post(f"orders/{order}/update_status/", {"status": to}).json()
        assert (body["code"], body["detail"]) == ("illegal_transition", text)
    assert owner.get(f"orders/{order}/").json()["status"] == "confirmed"
