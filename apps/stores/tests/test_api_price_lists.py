"""Price lists over the staff API, and what their customers pay."""

from typing import Any

import pytest

from apps.core.actors import system
from apps.core.scope import scope
from apps.customers.models import Account, Customer
from apps.customers.services import recognise
from apps.stores.models import PriceList, PriceListMember, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import rows, version
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.offers import make_price_list, make_promotion

pytestmark = pytest.mark.django_db
TRADE = {"name": "Trade", "percentage": 18}


def person(store: Store, phone: str = "+5563999998888") -> Customer:
    with scope(store.pk):
        return recognise(name="Ana", phone=phone, actor=system("test"))


def test_it_creates_reads_changes_and_deletes_a_list(owner: Shop, store: Store) -> None:
    soap = factories.make_product(store, "soap")
    wine = factories.make_product(store, "wine")
    glass = factories.make_variant(wine, "glass", "9.00")
    prices = [{"product": "soap", "price": "3.10"}, {"product": "wine", "variant": str(glass.pk), "price": 7}]
    before = version(store)
    made = owner.post("price-lists/", {**TRADE, "prices": prices, "min_order": "100"})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["slug"], body["percentage"], body["min_order"], body["member_count"]) == ("trade", 18, 100, 0)
    assert {(row["product"], row["variant"], row["price"]) for row in body["prices"]} == {
        (str(soap.pk), None, 3.1), (str(wine.pk), str(glass.pk), 7),
    }  # fmt: skip
    assert version(store) > before
    path = f"price-lists/{body['id']}/"
    assert owner.patch(path, {"percentage": 20}).json()["prices"] == body["prices"]
    assert owner.patch(path, {"prices": []}).json()["prices"] == []
    assert owner.delete(path).status_code == 204
    assert rows(PriceList, store) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"percentage": 100.01}, "percentage"),
        ({"percentage": -1}, "percentage"),
        ({"min_order": -1}, "min_order"),
        ({"prices": [{"product": "nothing", "price": 1}]}, "prices.0.product"),
        ({"prices": [{"product": "soap", "price": -1}]}, "prices.0.price"),
        ({"prices": [{"product": "soap", "price": 1}, {"product": "soap", "price": 2}]}, "prices"),
        ({"name": ""}, "name"),
    ],
)
def test_it_refuses_impossible_lists_by_the_field(
    owner: Shop, store: Store, change: dict[str, Any], field: str
) -> None:
    factories.make_product(store, "soap")
    answer = owner.post("price-lists/", TRADE | change)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True), answer.content
    assert rows(PriceList, store) == []


def test_a_customer_is_on_one_list_at_most(owner: Shop, store: Store) -> None:
    one, other, ana = make_price_list(store, slug="one"), make_price_list(store, slug="other"), person(store)
    for price_list in (one, other):
        added = owner.post(f"price-lists/{price_list.pk}/members/", {"customer": str(ana.pk)})
        assert added.status_code == 201, added.content
    assert owner.get(f"price-lists/{one.pk}/members/").json()["count"] == 0
    [row] = owner.get(f"price-lists/{other.pk}/members/").json()["results"]
    assert (row["customer"], row["customer_name"]) == (str(ana.pk), "Ana")
    assert owner.delete(f"price-lists/{other.pk}/members/{row['id']}/").status_code == 204
    assert rows(PriceListMember, store) == []


def test_a_foreign_customer_product_or_list_does_not_exist_here(
    client_for: ClientFor, charlie: Any, store: Store, other_store: Store
) -> None:
    mine, foreign, ana = Shop(client_for(charlie), other_store.slug), make_price_list(store), person(store)
    own = mine.post("price-lists/", TRADE).json()["id"]
    assert mine.post(f"price-lists/{own}/members/", {"customer": str(ana.pk)}).status_code == 400
    soap = factories.make_product(store, "soap")
    assert mine.patch(f"price-lists/{own}/", {"prices": [{"product": str(soap.pk), "price": 1}]}).status_code == 400
    for answer in (
        mine.get(f"price-lists/{foreign.pk}/"), mine.delete(f"price-lists/{foreign.pk}/"),
        mine.get(f"price-lists/{foreign.pk}/members/"),
        mine.post(f"price-lists/{foreign.pk}/members/", {"customer": str(ana.pk)}),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert rows(PriceListMember, store) == rows(PriceListMember, other_store) == []


def test_who_logs_in_sees_their_prices_in_the_cart_and_pays_them(client_for: ClientFor, store: Store) -> None:
    product = factories.make_product(store)
    make_price_list(store, "25", phone="+5563999998888", prices=[])
    make_promotion(store, "fixed", "1", retail_only=True)
    user = factories.make_user()
    with scope(store.pk):
        Account.objects.create(store_id=store.pk, user=user, customer=person(store))
    trader = Shop(client_for(user), store.slug)
    cart = trader.add(product, 2).json()
    assert (cart["items"][0]["unit_price"], cart["discount"], cart["total"]) == (15, 0, 30)
    assert cart["promotions"][0]["reason"] == "retail_only"
    assert trader.checkout(customer_phone="63988887777").json()["total"] == 30, "the login says who it is"


def test_an_inactive_list_has_no_prices(shop: Shop, owner: Shop, store: Store) -> None:
    price_list = make_price_list(store, "25", phone="+5563999998888")
    assert owner.patch(f"price-lists/{price_list.pk}/", {"is_active": False}).status_code == 200
    shop.add(factories.make_product(store))
    assert shop.checkout().json()["total"] == 20


def test_the_cart_is_shown_with_a_coupon_for_a_service(shop: Shop, store: Store) -> None:
    make_promotion(store, code="TAKE", services=["pickup"])
    shop.add(factories.make_product(store))
    plain, wrong, right, unknown = (
        shop.get("cart/", **query).json()
        for query in (
            {},
            {"coupon": "take", "service": "delivery"},
            {"coupon": "take", "service": "pickup"},
            {"coupon": "no"},
        )
    )
    assert [row["total"] for row in (plain, wrong, right, unknown)] == [20, 20, 18, 20]
    assert plain["coupon"] is None
    told = [(row["coupon"]["applied"], row["coupon"]["reason"]) for row in (wrong, right, unknown)]
    assert told == [(False, "wrong_service"), (True, "applied"), (False, "unknown_code")]
    assert shop.get("cart/", coupon="x" * 41).status_code == 400
    assert shop.get("cart/", service="drone").status_code == 400


def test_an_offer_that_has_run_out_is_not_promised_in_the_cart(shop: Shop, store: Store) -> None:
    make_promotion(store, total_limit=1, used_before=1)
    assert shop.add(factories.make_product(store)).json()["discount"] == 0


def test_an_invoice_is_for_companies_only(shop: Shop, store: Store) -> None:
    methods = [
        {"method": "invoice", "services": ["pickup"], "companies_only": True},
        {"method": "cash", "services": ["pickup"]},
    ]
    Store.objects.filter(pk=store.pk).update(payment_methods=methods)
    factories.bump(store)
    make_price_list(store, "0", phone="+5563999998888")
    shop.add(factories.make_product(store))
    refused = shop.checkout(payment_method="invoice", customer_phone="63988887777")
    assert (refused.status_code, refused.json()["code"]) == (422, "payment_method_unavailable")
    assert shop.checkout(payment_method="invoice").status_code == 201
