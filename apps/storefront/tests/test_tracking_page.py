"""The tracking page: for whoever holds the token of an order, and nobody else."""

from typing import Any

import pytest
from django.test import Client

from apps.core.scope import scope
from apps.storefront.tests.conftest import Island
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop


@pytest.fixture
def placed(shop: Shop, store: Store) -> dict[str, Any]:
    """An order of two salads, to be paid by PIX."""
    salad = factories.make_product(store, "salad", price="20.00")
    factories.make_group(salad, "extras", {"egg": "4.00"}, min=0, max=3)
    group = shop.get("catalog/").json()["modifier_groups"][0]
    options = {"selections": [{"group": group["id"], "option": group["options"][0]["id"], "quantity": 2}]}
    assert shop.add(salad, 2, options=options, notes="no onions").status_code == 200
    answer = shop.checkout(payment_method="pix")
    assert answer.status_code == 201, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def page_of(client: Client, order: dict[str, Any], slug: str = "cantina") -> str:
    response = client.get(f"/s/{slug}/t/{order['access_token']}/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_the_order_and_how_to_pay_it(browser: Client, placed: dict[str, Any], island: Island) -> None:
    page = page_of(browser, placed)
    for words in (
        "Waiting for your payment",
        "Pay R$56.00 with PIX",
        "Salad",
        "2× Egg",
        "no onions",
        "data:image/png;base64,",
    ):
        assert words in page
    boot = island(page, 'id="boot"')
    assert boot["order"]["pix_code"] in page
    assert boot["token"] == placed["access_token"]


def test_it_is_kept_out_of_caches_and_search_results(browser: Client, placed: dict[str, Any]) -> None:
    headers = browser.get(f"/s/cantina/t/{placed['access_token']}/").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"


def test_a_guessed_token_shows_nothing(browser: Client, placed: dict[str, Any]) -> None:
    response = browser.get("/s/cantina/t/guessed/")
    assert response.status_code == 404
    assert "Salad" not in response.content.decode()


def test_another_stores_page_does_not_show_it(browser: Client, placed: dict[str, Any], other_store: Store) -> None:
    assert browser.get(f"/s/{other_store.slug}/t/{placed['access_token']}/").status_code == 404


def test_a_paid_order_no_longer_asks_for_money(browser: Client, placed: dict[str, Any], store: Store) -> None:
    move(store, placed, status="confirmed", payment_status="paid")
    page = page_of(browser, placed)
    assert "Order confirmed" in page
    assert '<section class="card pix" id="pix" hidden' in page


@pytest.mark.parametrize(
    ("kind", "headline"), [("by_store", "Order cancelled"), ("payment_expired", "The payment time is over")]
)
def test_a_cancelled_order_says_what_that_means(
    browser: Client, placed: dict[str, Any], store: Store, kind: str, headline: str
) -> None:
    move(store, placed, status="cancelled", cancel_kind=kind)
    page = page_of(browser, placed)
    assert headline in page
    assert '<section class="card pix" id="pix" hidden' in page


def test_a_pickup_that_is_ready_says_where_to_go(browser: Client, placed: dict[str, Any], store: Store) -> None:
    move(store, placed, status="ready", payment_status="paid")
    assert "Ready to pick up" in page_of(browser, placed)


def move(store: Store, placed: dict[str, Any], **values: str) -> None:
    """Put the order into a state; how it gets there is tested where orders live."""
    with scope(store.pk):
        assert Order.objects.filter(pk=placed["order_id"]).update(**values) == 1
