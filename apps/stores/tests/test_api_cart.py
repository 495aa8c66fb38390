"""The cart over HTTP, as the published storefronts use it (clients/storefront.md 2.2)."""

from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import CartLine, Product, SaleStatus, Store
from apps.stores.services import carts
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db

ITEM_KEYS = {"id", "product", "product_name", "unit_price", "product_image", "quantity", "options", "notes"}
COMBO_KEYS = {"id", "combo", "combo_name", "unit_price", "combo_image", "quantity", "customizations", "notes"}


def lines_of(store: Store) -> list[tuple[Any, int]]:
    with scope(store.pk):
        return list(CartLine.objects.order_by("added_at").values_list("product_id", "quantity"))


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_new_key_has_an_empty_cart_and_makes_no_row(shop: Shop, store: Store) -> None:
    answer = shop.get("cart/")
    assert answer.status_code == 200
    assert (answer.json()["items"], answer.json()["combo_items"], answer.json()["total"]) == ([], [], 0)
    assert lines_of(store) == []


def test_a_line_has_every_field_in_the_type_the_clients_need(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, "lasagna", price="39.90")
    (line,) = shop.add(product, 2, notes="sem cebola").json()["items"]
    assert set(line) >= ITEM_KEYS
    assert isinstance(line["id"], str)
    assert isinstance(line["quantity"], int)
    assert isinstance(line["unit_price"], float)
    assert isinstance(line["options"], dict)
    assert line["product"] == str(product.pk)
    assert (line["product_name"], line["product_image"], line["notes"]) == ("Lasagna", None, "sem cebola")
    assert line["line_total"] == 79.8


def test_every_change_answers_200_with_the_whole_cart(shop: Shop, store: Store) -> None:
    first, second = factories.make_product(store), factories.make_product(store)
    shop.add(first)
    answers = [added := shop.add(second)]
    line = added.json()["items"][0]["id"]
    answers += [
        shop.patch(f"cart/item/{line}/", {"quantity": 3}),
        shop.delete(f"cart/item/{line}/"),
        shop.delete("cart/clear/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert [len(answer.json()["items"]) for answer in answers] == [2, 2, 1, 0]
    assert all("combo_items" in answer.json() for answer in answers)


def test_clearing_an_empty_cart_is_fine(shop: Shop) -> None:
    assert [shop.delete("cart/clear/").status_code for _again in range(2)] == [200, 200]


def test_the_same_choice_again_raises_the_quantity(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    shop.add(product)
    (line,) = shop.add(product, 2).json()["items"]
    assert line["quantity"] == 3


def test_other_options_or_notes_make_another_line(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, price="20.00")
    factories.make_group(product, "extras", {"bacon": "3.00", "egg": "2.00"}, max=2)
    for choice in ([], ["bacon"], ["egg"], ["bacon", "egg"], ["egg", "bacon"]):
        shop.add(product, options={"selections": [{"group": "extras", "option": option} for option in choice]})
    lines = shop.get("cart/").json()["items"]
    assert [(line["unit_price"], line["quantity"]) for line in lines] == [(20, 1), (23, 1), (22, 1), (25, 2)]
    assert len(shop.add(product, notes="cut in two").json()["items"]) == 5


def test_a_product_may_be_named_by_slug_or_id(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, "lasagna")
    for name in ("lasagna", str(product.pk)):
        answer = shop.post("cart/add/", {"product_id": name, "quantity": 1, "options": {}, "notes": ""})
        assert answer.status_code == 200, name
    assert lines_of(store) == [(product.pk, 2)]


def test_a_combo_may_be_added_as_a_product_because_one_client_does(shop: Shop, store: Store) -> None:
    combo = factories.make_combo(
        store, "lunch", price="30.00", parts=[factories.make_product(store), factories.make_product(store)]
    )
    body = shop.post("cart/add/", {"product_id": str(combo.pk), "quantity": 1, "options": {}, "notes": ""}).json()
    body = shop.post("cart/add/", {"combo_id": str(combo.pk), "quantity": 1, "customizations": {}, "notes": ""}).json()
    assert body["items"] == []
    (line,) = body["combo_items"]
    assert set(line) >= COMBO_KEYS
    assert (line["combo"], line["combo_name"], line["quantity"], line["unit_price"]) == (str(combo.pk), "Lunch", 2, 30)
    assert shop.patch(f"cart/item/{line['id']}/", {"quantity": 5}).json()["combo_items"][0]["quantity"] == 5


@pytest.mark.parametrize("quantity", [0, -1, 1000, 1_000_000_000])
def test_it_refuses_a_quantity_out_of_range(shop: Shop, store: Store, quantity: int) -> None:
    product = factories.make_product(store)
    assert refused(shop.add(product, quantity)) == (422, "quantity_invalid")
    line = shop.add(product).json()["items"][0]["id"]
    assert refused(shop.patch(f"cart/item/{line}/", {"quantity": quantity})) == (422, "quantity_invalid")
    assert lines_of(store) == [(product.pk, 1)]


@pytest.mark.parametrize("quantity", ["3", 1.5, 1e9, True, None, [], {}])
def test_it_refuses_a_quantity_that_is_no_whole_number(shop: Shop, store: Store, quantity: Any) -> None:
    product = factories.make_product(store)
    assert shop.add(product, quantity).status_code in {400, 422}
    line = shop.add(product).json()["items"][0]["id"]
    assert refused(shop.patch(f"cart/item/{line}/", {"quantity": quantity})) == (422, "quantity_invalid")
    assert lines_of(store) == [(product.pk, 1)]


def test_a_quantity_never_grows_beyond_what_can_be_typed(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    shop.add(product, 600)
    assert refused(shop.add(product, 600)) == (422, "quantity_invalid")
    assert lines_of(store) == [(product.pk, 600)]
    assert shop.add(product, 399).json()["items"][0]["quantity"] == 999
    assert refused(shop.add(product)) == (422, "quantity_invalid")
    assert lines_of(store) == [(product.pk, 999)]


@pytest.mark.parametrize(
    "notes", ["ação – já!", "🍕🔥", "مرحبا", "a" * 280, "<script>alert(1)</script>", "'; DROP TABLE carts; --"]
)
def test_a_note_comes_back_as_it_was_written(shop: Shop, store: Store, notes: str) -> None:
    assert shop.add(factories.make_product(store), notes=notes).json()["items"][0]["notes"] == notes


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"product_id": ""},
        {"product_id": 12},
        {"product_id": ["x"]},
        {"product_id": "lasagna", "notes": "a" * 281},
        {"product_id": "lasagna", "notes": 5},
        {"product_id": "lasagna", "notes": "nul \x00"},
        {"product_id": "lasagna", "options": "large"},
        {"product_id": "lasagna", "options": {"selections": "x"}},
        {"product_id": "lasagna", "options": {"selections": [1]}},
        {"product_id": "lasagna", "options": {"selections": [{"group": "x"}]}},
        {"product_id": "lasagna", "options": {"pizza": "x"}},
        {"product_id": "lasagna", "customizations": "x"},
        {"combo_id": "x", "customizations": {"choices": "x"}},
        {"combo_id": "x", "customizations": {"choices": [None]}},
    ],
)
def test_it_answers_nonsense_with_a_problem_and_makes_no_line(shop: Shop, store: Store, body: dict[str, Any]) -> None:
    factories.make_product(store, "lasagna")
    answer = shop.post("cart/add/", body)
    assert answer.status_code in {400, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert lines_of(store) == []


def test_it_refuses_a_foreign_store_s_product(shop: Shop, store: Store, other_store: Store) -> None:
    foreign = factories.make_product(other_store)
    assert refused(shop.add(foreign)) == (422, "unknown_product")
    assert lines_of(store) == []
    assert lines_of(other_store) == []


def test_it_refuses_what_is_paused_or_inactive(shop: Shop, store: Store) -> None:
    paused = factories.make_product(store, status=SaleStatus.PAUSED)
    hidden = factories.make_product(store, status=SaleStatus.INACTIVE)
    assert refused(shop.add(paused)) == (422, "product_paused")
    assert shop.add(hidden).status_code == 422
    assert lines_of(store) == []


def test_it_refuses_broken_minimums_and_maximums_of_a_group(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    factories.make_group(product, "size", {"s": "0", "l": "5.00"}, min=1, max=1)
    both = [{"group": "size", "option": "s"}, {"group": "size", "option": "l"}]
    assert refused(shop.add(product)) == (422, "group_min")
    assert refused(shop.add(product, options={"selections": both})) == (422, "group_max")
    assert refused(shop.add(product, options={"selections": [{"group": "size", "option": "xl"}]})) == (
        422,
        "unknown_option",
    )
    assert lines_of(store) == []


def test_a_product_with_variants_added_without_one_means_the_cheapest(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    factories.make_variant(product, "large", "30.00")
    factories.make_variant(product, "small", "18.00")
    (line,) = shop.add(product).json()["items"]
    assert (line["variant_name"], line["unit_price"]) == ("Small", 18)


def test_a_price_in_the_body_has_no_effect(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, price="20.00")
    (line,) = shop.add(product, price=1, unit_price=0.01, total=0, discount=20).json()["items"]
    assert line["unit_price"] == 20


def test_what_was_taken_off_the_menu_stays_in_the_cart_with_its_name_and_a_problem(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, "lasagna", price="20.00")
    other = factories.make_product(store, price="5.00")
    shop.add(product)
    shop.add(other)
    with scope(store.pk):
        Product.objects.filter(pk=product.pk).update(status=SaleStatus.INACTIVE)
    factories.bump(store)
    body = shop.get("cart/").json()
    line = body["items"][0]
    assert line["product_name"] == "Lasagna"
    assert line["problems"]
    assert body["problems"][0]["line"] == line["id"]
    assert body["subtotal"] == 5


def test_a_price_that_changed_changes_the_cart(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, price="20.00")
    shop.add(product)
    with scope(store.pk):
        Product.objects.filter(pk=product.pk).update(price=Decimal("21.50"))
    factories.bump(store)
    assert shop.get("cart/").json()["items"][0]["unit_price"] == 21.5


def test_a_cart_has_an_end(shop: Shop, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carts, "MAX_LINES", 2)
    products = [factories.make_product(store) for _line in range(3)]
    answers = [shop.add(product) for product in (*products, products[0])]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 200]
    assert answers[2].json()["code"] == "too_many_lines"
    assert lines_of(store) == [(products[0].pk, 2), (products[1].pk, 1)]
