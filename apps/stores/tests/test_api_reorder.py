"""An earlier order back into the cart: the same choices, today's prices, and a word about what is gone."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import ModifierOption, Product, Store, Variant
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop

pytestmark = pytest.mark.django_db


def again(shop: Shop, ref: str) -> dict[str, object]:
    answer = shop.post(f"orders/{ref}/reorder/")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_everything_comes_back_with_its_choices_at_today_s_price(shop: Shop, store: Store) -> None:
    salad = factories.make_product(store, "salad", price="20.00")
    factories.make_group(salad, "extras", {"egg": "2.00"}, max=5)
    pasta = factories.make_product(store, "pasta")
    large = factories.make_variant(pasta, "large", "30.00")
    combo = factories.make_combo(store, "duo", parts=[factories.make_product(store, "soup")])
    shop.add(salad, 2, options={"selections": [{"group": "extras", "option": "egg", "quantity": 2}]}, notes="no salt")
    shop.add(pasta, variant_id=str(large.pk))
    shop.post("cart/add/", {"combo_id": str(combo.pk), "quantity": 1})
    order = shop.checkout().json()
    with scope(store.pk):
        Product.objects.filter(pk=salad.pk).update(price=Decimal("25.00"))
    factories.bump(store)
    body = again(shop, order["order_id"])
    assert body["missing"] == []
    rows = {row["product_name"]: row for row in body["items"]}  # type: ignore[attr-defined]
    assert (rows["Salad"]["unit_price"], rows["Salad"]["quantity"], rows["Salad"]["notes"]) == (29, 2, "no salt")
    assert rows["Pasta"]["variant"] == str(large.pk)
    assert len(body["combo_items"]) == 1  # type: ignore[arg-type]
    assert shop.checkout().status_code == 201


def test_what_no_longer_exists_is_reported_and_the_rest_is_there(shop: Shop, store: Store) -> None:
    soup, gone, paused = (factories.make_product(store, name) for name in ("soup", "gone", "paused"))
    pasta = factories.make_product(store, "pasta")
    large = factories.make_variant(pasta, "large", "30.00")
    factories.make_variant(pasta, "small", "20.00")
    salad = factories.make_product(store, "salad")
    factories.make_group(salad, "extras", {"egg": "2.00"}, max=5)
    for product in (soup, gone, paused):
        shop.add(product)
    shop.add(pasta, variant_id=str(large.pk))
    shop.add(salad, options={"selections": [{"group": "extras", "option": "egg", "quantity": 1}]})
    order = shop.checkout().json()
    with scope(store.pk):
        Product.objects.get(pk=gone.pk).delete()
        Product.objects.filter(pk=paused.pk).update(status="paused")
        Variant.objects.get(pk=large.pk).delete()
        ModifierOption.objects.all().delete()
    factories.bump(store)
    body = again(shop, order["order_id"])
    assert [row["product_name"] for row in body["items"]] == ["Soup"]  # type: ignore[attr-defined]
    missing = {row["product_name"]: row for row in body["missing"]}  # type: ignore[attr-defined]
    assert set(missing) == {"Gone", "Paused", "Pasta", "Salad"}
    assert missing["Gone"]["code"] == "product_not_found"
    assert all(row["detail"] and row["code"] for row in missing.values())


def test_a_pizza_comes_back_with_its_flavours(store: Store, shop: Shop) -> None:
    with scope(store.pk):
        Store.objects.filter(pk=store.pk).update(
            pizza={
                "price_rule": "highest",
                "sizes": [{"slug": "big", "name": "Big", "diameter_cm": 35, "slices": 8, "max_flavours": 2}],
                "crusts": [{"slug": "thin", "name": "Thin", "prices": {"big": "0.00"}}],
                "edges": [{"slug": "plain", "name": "Plain", "prices": {"big": "0.00"}}],
            }
        )
    pizza = factories.make_product(store, "pizza", price=None, kind="pizza")
    for name, price in (("ham", "40.00"), ("corn", "50.00")):
        factories.make_product(store, name, price=None, kind="flavour", flavour_prices={"big": price})
    shop.add(pizza, options={"pizza": {"size": "big", "flavours": ["ham", "corn"]}})
    order = shop.checkout().json()
    assert "order_id" in order, order
    body = again(shop, order["order_id"])
    assert body["missing"] == []
    assert [row["unit_price"] for row in body["items"]] == [50]  # type: ignore[attr-defined]


def test_only_who_ordered_it_may(shop: Shop, store: Store, other_store: Store, client_for: ClientFor) -> None:
    shop.add(factories.make_product(store))
    order = shop.checkout().json()
    stranger = Shop(APIClient(headers={"X-Cart-Key": "cart_somebody-else"}), store.slug)
    assert stranger.post(f"orders/{order['order_id']}/reorder/").status_code == 404
    assert stranger.get("cart/").json()["items"] == []
    assert Shop(shop.client, other_store.slug).post(f"orders/{order['order_id']}/reorder/").status_code == 404
    assert shop.post("orders/NOSUCH00/reorder/").status_code == 404
    held = stranger.post(f"orders/{order['order_number']}/reorder/?token={order['access_token']}")
    assert held.status_code == 200


def test_the_same_press_twice_is_one_reorder(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    order = shop.checkout().json()["order_id"]
    answers = [shop.post(f"orders/{order}/reorder/", HTTP_IDEMPOTENCY_KEY="press-1") for _press in range(2)]
    assert [answer.json()["item_count"] for answer in answers] == [1, 1]
