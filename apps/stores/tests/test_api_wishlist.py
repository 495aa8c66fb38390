"""Wishlists (clients/storefront.md 2.8): two shapes for two clients, hearts, and nobody else's list."""

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.customers.models import WishlistItem
from apps.stores.models import Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client_for: ClientFor, store: Store) -> Shop:
    return Shop(client_for(factories.make_user("ana@example.com")), store.slug)


def test_a_heart_is_set_and_taken_back(ana: Shop, store: Store) -> None:
    soup = factories.make_product(store, "soup")
    assert ana.post("wishlist/toggle/", {"product_id": str(soup.pk)}).json()["in_wishlist"] is True
    bare = ana.get("wishlist/").json()
    assert [row["product"]["name"] for row in bare] == ["Soup"]
    assert set(bare[0]) == {"id", "product", "added_at"}
    web = ana.client.get(f"/api/v1/stores/{store.slug}/wishlist/").json()
    assert [row["id"] for row in web["products"]] == [str(soup.pk)]
    assert ana.post("wishlist/toggle/", {"product_id": "soup"}).json()["in_wishlist"] is False
    assert ana.get("wishlist/").json() == []
    assert ana.client.get(f"/api/v1/stores/{store.slug}/wishlist/").json()["products"] == []


def test_adding_and_removing_may_be_repeated(ana: Shop, store: Store) -> None:
    factories.make_product(store, "soup")
    for _time in range(2):
        assert ana.post("wishlist/add/", {"product_id": "soup"}).json() == {
            "in_wishlist": True, "product_id": ana.get("wishlist/").json()[0]["product"]["id"],
        }  # fmt: skip
    for _time in range(2):
        assert ana.post("wishlist/remove/", {"product_id": "soup"}).json()["in_wishlist"] is False


def test_a_combo_may_be_wished_for_by_its_id(ana: Shop, store: Store) -> None:
    combo = factories.make_combo(store, "duo", parts=[factories.make_product(store, "soup")])
    assert ana.post("wishlist/toggle/", {"product_id": str(combo.pk)}).json()["in_wishlist"] is True
    assert ana.get("wishlist/").json()[0]["product"]["name"] == "Duo"


@pytest.mark.parametrize(
    "body", [{}, {"product_id": ""}, {"product_id": "nope"}, {"product_id": 7}, {"product_id": ["x"]}]
)
def test_what_is_not_on_the_menu_is_not_found(ana: Shop, store: Store, body: dict[str, object]) -> None:
    answer = ana.post("wishlist/toggle/", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")
    with scope(store.pk):
        assert not WishlistItem.objects.exists()


def test_a_product_of_another_store_is_not_found(ana: Shop, other_store: Store) -> None:
    foreign = factories.make_product(other_store)
    assert ana.post("wishlist/add/", {"product_id": str(foreign.pk)}).status_code == 404


def test_a_guest_has_no_list(store: Store) -> None:
    guest = Shop(APIClient(), store.slug)
    factories.make_product(store, "soup")
    assert guest.get("wishlist/").status_code == 401
    for verb in ("toggle", "add", "remove"):
        assert guest.post(f"wishlist/{verb}/", {"product_id": "soup"}).status_code == 401


def test_a_list_is_one_s_own_and_of_one_store(
    ana: Shop, client_for: ClientFor, alice: User, store: Store, other_store: Store
) -> None:
    factories.make_product(store, "soup")
    ana.post("wishlist/add/", {"product_id": "soup"})
    assert Shop(client_for(alice), store.slug).get("wishlist/").json() == []
    assert Shop(ana.client, other_store.slug).get("wishlist/").json() == []


def test_what_left_the_menu_is_left_out_and_comes_back_with_it(ana: Shop, store: Store) -> None:
    soup = factories.make_product(store, "soup")
    ana.post("wishlist/add/", {"product_id": "soup"})
    with scope(store.pk):
        type(soup).objects.filter(pk=soup.pk).update(status="inactive")
    factories.bump(store)
    assert ana.get("wishlist/").json() == []


@pytest.mark.django_db(transaction=True)
def test_a_heart_tapped_many_times_at_once_is_one_wish(ana: Shop, store: Store) -> None:
    factories.make_product(store, "soup")
    at_once([lambda: ana.post("wishlist/add/", {"product_id": "soup"}).status_code] * 5)
    with scope(store.pk):
        assert WishlistItem.objects.count() == 1
