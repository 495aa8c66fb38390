"""Clients that send every field they know of: null and the empty text say nothing, in each of them."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db
TEXTS = ("cpf", "customer_email", "notes", "delivery_notes", "coupon_code", "outlet", "table", "cart_key")
LATER = ("scheduled_date", "scheduled_time_slot")


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("name", [*TEXTS, *LATER])
def test_a_field_that_says_nothing_is_as_if_it_were_not_there(
    shop: Shop, store: Store, name: str, nothing: Any
) -> None:
    shop.add(factories.make_product(store))
    body: dict[str, Any] = {name: nothing}
    answer = shop.checkout(**body)
    assert answer.status_code == 201, answer.json()
    with scope(store.pk):
        order = Order.objects.get()
    assert not order.customer_tax_id
    assert (order.customer_email, order.notes, order.scheduled_for) == ("", "", None)


@pytest.mark.parametrize("nothing", [None, ""])
def test_all_of_them_at_once_and_in_the_address_too(shop: Shop, store: Store, nothing: Any) -> None:
    shop.add(factories.make_product(store))
    body: dict[str, Any] = dict.fromkeys((*TEXTS, *LATER), nothing)
    address = {**ADDRESS, "complement": nothing, "reference": nothing, "country": nothing, "raw_address": nothing}
    answer = shop.checkout(**{**body, "delivery_method": "delivery", "delivery_address": address})
    assert answer.status_code == 201, answer.json()


@pytest.mark.parametrize(("name", "code"), [("customer_name", "name_required"), ("customer_phone", "phone_required")])
def test_what_is_asked_for_is_still_missed(shop: Shop, store: Store, name: str, code: str) -> None:
    shop.add(factories.make_product(store))
    body: dict[str, Any] = {name: None}
    answer = shop.checkout(**body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("name", LATER)
def test_half_a_time_is_still_no_time(shop: Shop, store: Store, name: str) -> None:
    shop.add(factories.make_product(store))
    body: dict[str, Any] = {"scheduled_date": "2099-01-01", "scheduled_time_slot": "10:00-12:00", name: ""}
    assert shop.checkout(**body).status_code == 400


@pytest.mark.parametrize("name", ["cpf", "notes", "scheduled_date", "scheduled_time_slot", "coupon_code"])
def test_what_is_no_text_is_still_refused(shop: Shop, store: Store, name: str) -> None:
    shop.add(factories.make_product(store))
    body: dict[str, Any] = {name: ["x"]}
    assert shop.checkout(**body).status_code == 400
