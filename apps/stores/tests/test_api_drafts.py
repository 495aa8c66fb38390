"""Orders by phone: staff builds a draft, the customer opens its link and says yes (H13). Once, at the right price, as asked."""

import threading
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.stores.models import Cart, DraftOrder, Order, OrderItem, Product, Role, StockLevel, Store
from apps.stores.services import drafts as draft_services
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import ADDRESS, ClientFor, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(store: Store) -> Product:
    return factories.make_product(store, "lasagna", price="20.00", stock=5)


@pytest.fixture
def draft(attendant: Shop, product: Product) -> dict[str, Any]:
    """Bob writes down two lasagnas for Ana, to be brought to her."""
    body = {
        "customer_name": "Ana Lima", "customer_phone": "63999998888", "delivery_method": "delivery", "delivery_address": ADDRESS,
        "items": [{"product_id": "lasagna", "quantity": 2}],
    }  # fmt: skip
    answer = attendant.post("drafts/", body)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def link(draft: dict[str, Any]) -> str:
    return f"/api/v1/stores/drafts/by-token/{draft['link'].rstrip('/').rpartition('/')[2]}/"


def confirm(draft: dict[str, Any], **body: Any) -> Any:
    return APIClient().post(link(draft) + "confirm/", {"payment_method": "cash", **body}, format="json")


def on_hand(store: Store) -> int:
    return sum(level.on_hand - level.reserved for level in rows(StockLevel, store))


def test_a_draft_is_priced_and_holds_nothing(attendant: Shop, store: Store, draft: dict[str, Any]) -> None:
    assert (draft["status"], draft["subtotal"], draft["delivery_fee"], draft["total"]) == ("open", 40, 5, 45)
    assert draft["problems"] == []
    assert (on_hand(store), rows(Order, store)) == (5, [])
    (row,) = attendant.get("drafts/", status="open").json()["results"]
    assert (row["id"], row["customer_name"], row["created_by"]) == (draft["id"], "Ana Lima", "Bob")
    assert attendant.get("drafts/", status="sent").json()["count"] == 0


def test_the_customer_opens_the_link_says_yes_and_gets_a_pix_to_pay(
    attendant: Shop, store: Store, draft: dict[str, Any]
) -> None:
    sent = attendant.post(f"drafts/{draft['id']}/send/").json()
    assert sent["whatsapp_url"].startswith("https://wa.me/5563999998888?text=")
    seen = APIClient().get(link(draft)).json()
    assert (seen["total"], seen["service"], seen["store"]["name"]) == (45, "delivery", "Cantina")
    assert set(seen["payment_methods"]) == {"pix", "cash", "card_on_delivery"}
    placed = confirm(draft, payment_method="pix")
    assert placed.status_code == 201, placed.content
    assert placed.json()["pix_code"].startswith("000201")
    (order,) = rows(Order, store)
    assert (order.channel, order.total, order.customer_phone, order.user_id) == ("phone", 45, "+5563999998888", None)
    again = confirm(draft, payment_method="pix")
    assert (again.status_code, again.json()["order_number"]) == (200, order.code)
    assert APIClient().get(link(draft)).json()["access_token"] == order.access_token
    assert {"draft.created", "draft.sent", "draft.placed", "order.placed"} <= set(fact_names(store))
    assert attendant.get(f"drafts/{draft['id']}/").json()["order_number"] == order.code


def test_staff_places_it_when_the_customer_says_yes_on_the_phone(
    attendant: Shop, store: Store, draft: dict[str, Any]
) -> None:
    nothing = attendant.post(f"drafts/{draft['id']}/place/")
    assert (nothing.status_code, nothing.json()["code"]) == (422, "payment_method_unavailable")
    assert rows(Order, store) == []
    attendant.patch(f"drafts/{draft['id']}/", {"payment_method": "cash", "notes": "Sem cebola"})
    placed = attendant.post(f"drafts/{draft['id']}/place/")
    assert (placed.status_code, placed.json()["status"], placed.json()["notes"]) == (201, "confirmed", "Sem cebola")
    assert attendant.post(f"drafts/{draft['id']}/place/").status_code == 200
    assert (len(rows(Order, store)), on_hand(store)) == (1, 3)


def test_lines_are_added_changed_and_taken_out(attendant: Shop, store: Store, draft: dict[str, Any]) -> None:
    factories.make_product(store, "soda", price="6.00")
    path = f"drafts/{draft['id']}/items/"
    more = attendant.post(path, {"product_id": "soda"}).json()
    assert more["total"] == 51
    lasagna, soda = more["items"]
    assert attendant.patch(f"{path}{lasagna['id']}/", {"quantity": 1}).json()["total"] == 31
    left = attendant.delete(f"{path}{soda['id']}/")
    assert (left.status_code, left.json()["total"]) == (200, 25)
    refused = attendant.post(path, {"product_id": "nothing"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_product")


def test_what_is_done_by_hand_is_shown_before_and_kept_after(owner: Shop, store: Store, draft: dict[str, Any]) -> None:
    (line,) = draft["items"]
    price = {"op": "price", "item_id": line["id"], "unit_price": "18.00", "reason": "Cliente antiga"}
    body = {"discount": "6.00", "discount_reason": "Demora", "item_ops": [price]}
    adjusted = owner.post(f"drafts/{draft['id']}/adjust/", body)
    assert adjusted.status_code == 200, adjusted.content
    assert (adjusted.json()["subtotal"], adjusted.json()["discount"], adjusted.json()["total"]) == (36, 6, 35)
    owner.post(f"drafts/{draft['id']}/send/")
    assert APIClient().get(link(draft)).json()["total"] == 35
    placed = confirm(draft)
    assert (placed.status_code, placed.json()["total"], placed.json()["payment"]["amount"]) == (201, 35, 35)
    (order,) = rows(Order, store)
    assert order.amounts["manual"]["discount_reason"] == "Demora"
    assert [row.unit_price for row in rows(OrderItem, store)] == [18]


@pytest.mark.parametrize("body", [{"discount": "1"}, {"surcharge_value": "1", "discount_reason": "x"}])
def test_by_hand_takes_a_reason(owner: Shop, store: Store, draft: dict[str, Any], body: dict[str, str]) -> None:
    refused = owner.post(f"drafts/{draft['id']}/adjust/", body)
    assert (refused.status_code, refused.json()["code"]) == (400, "reason_required")
    assert [row.manual for row in rows(DraftOrder, store)] == [{}]


def test_by_hand_takes_a_permission(
    attendant: Shop, store: Store, draft: dict[str, Any], client_for: ClientFor
) -> None:
    cashier = Shop(client_for(factories.make_staff(store, Role.CASHIER)), store.slug)
    path, (line,) = f"drafts/{draft['id']}/adjust/", draft["items"]
    price = {"item_ops": [{"op": "price", "item_id": line["id"], "unit_price": "1", "reason": "x"}]}
    assert attendant.post(path, {"discount": "1", "reason": "x"}).status_code == 403
    assert cashier.post(path, price).status_code == 403
    assert cashier.post(path, {"discount": "1", "reason": "x"}).status_code == 200


def test_a_link_leads_nowhere_before_it_is_sent_after_it_is_cancelled_and_not_for_ever(
    attendant: Shop, store: Store, draft: dict[str, Any]
) -> None:
    assert APIClient().get(link(draft)).status_code == 404
    early = confirm(draft)
    assert (early.status_code, early.json()["code"]) == (409, "draft_not_sent")
    attendant.post(f"drafts/{draft['id']}/send/", {"hours": 1})
    with scope(store.pk):
        DraftOrder.objects.update(expires_at=now() - timedelta(minutes=1))
    late = confirm(draft)
    assert (late.status_code, late.json()["code"]) == (409, "link_expired")
    assert attendant.delete(f"drafts/{draft['id']}/").status_code == 204
    gone = confirm(draft)
    assert (gone.status_code, gone.json()["code"]) == (409, "draft_closed")
    assert APIClient().get(link(draft)).status_code == 404
    assert APIClient().get("/api/v1/stores/drafts/by-token/" + "x" * 32 + "/").status_code == 404
    assert (rows(Order, store), on_hand(store)) == ([], 5)


def test_what_cannot_be_placed_is_not_sent(attendant: Shop, store: Store, draft: dict[str, Any]) -> None:
    attendant.patch(f"drafts/{draft['id']}/", {"delivery_address": {**ADDRESS, "neighborhood": "Far Away"}})
    refused = attendant.post(f"drafts/{draft['id']}/send/")
    assert (refused.status_code, refused.json()["code"]) == (422, "out_of_area")
    attendant.delete(f"drafts/{draft['id']}/items/{draft['items'][0]['id']}/")
    empty = attendant.post(f"drafts/{draft['id']}/send/")
    assert (empty.status_code, empty.json()["code"]) == (422, "cart_empty")


def test_the_customer_fills_in_what_is_open_and_changes_nothing_else(
    attendant: Shop, store: Store, product: Product
) -> None:
    made = attendant.post("drafts/", {"payment_method": "cash", "items": [{"product_id": "lasagna"}]}).json()
    attendant.post(f"drafts/{made['id']}/send/")
    refused = confirm(made)
    assert (refused.status_code, refused.json()["code"]) == (422, "name_required")
    placed = confirm(made, customer_name="Bia", customer_phone="63999997777", payment_method="pix")
    assert placed.status_code == 201
    (order,) = rows(Order, store)
    assert (order.customer_name, order.payment_method, order.service) == ("Bia", "cash", "pickup")


def test_a_browser_cannot_claim_the_cart_of_a_draft(store: Store, draft: dict[str, Any]) -> None:
    thief = APIClient()
    thief.credentials(HTTP_X_CART_KEY=f"draft_{draft['id']}")
    answer = Shop(thief, store.slug).get("cart/")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cart_key")
    assert len(rows(Cart, store)) == 1


def test_a_draft_that_cannot_be_made_leaves_nothing(attendant: Shop, store: Store, product: Product) -> None:
    seq = last_seq(store)
    body = {"items": [{"product_id": "lasagna"}, {"product_id": "nothing"}]}
    answer = attendant.post("drafts/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_product")
    assert (rows(DraftOrder, store), rows(Cart, store), last_seq(store)) == ([], [], seq)


def test_other_people_do_not_see_it(
    nobody: Shop, stranger: Shop, store: Store, draft: dict[str, Any], client_for: ClientFor
) -> None:
    courier = Shop(client_for(factories.make_staff(store, Role.COURIER)), store.slug)
    assert [shop.get(f"drafts/{draft['id']}/").status_code for shop in (nobody, stranger, courier)] == [401, 404, 403]


@pytest.mark.django_db(transaction=True)
def test_four_yeses_at_once_make_one_order(attendant: Shop, store: Store, draft: dict[str, Any]) -> None:
    attendant.post(f"drafts/{draft['id']}/send/")
    answers = at_once([partial(confirm, draft)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len(rows(Order, store)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_drafts_lock_all_four_would_have_placed_it(
    attendant: Shop, store: Store, draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. (The cart's lock is a second wall: there is still one order.)"""
    attendant.post(f"drafts/{draft['id']}/send/")
    met = threading.Barrier(4)

    def unlocked(draft_id: UUID, *, live: bool = True) -> DraftOrder:
        found = DraftOrder.objects.select_related("order").get(pk=draft_id)
        met.wait(60)
        return found

    monkeypatch.setattr(draft_services, "_lock", unlocked)
    answers = at_once([partial(confirm, draft)] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert fact_names(store).count("draft.placed") == 4
