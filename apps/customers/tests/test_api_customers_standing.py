"""Blocks, consent, channel ids, and that a customer is nobody at another store and in no wrong hands."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.scope import scope
from apps.customers.models import Address, Consent, Customer
from apps.events.models import Event
from apps.stores.models import Order, Role, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db
ANA = {"name": "Ana Lima", "phone": "(63) 99999-8888", "email": "Ana@Example.com", "tags": ["vip", "vip", "almoço"]}


def make(owner: Shop, **values: Any) -> dict[str, Any]:
    answer = owner.post("customers/", {**ANA, **values})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_blocked_customer_is_refused_at_checkout_until_the_block_ends(owner: Shop, shop: Shop, store: Store) -> None:
    product = factories.make_product(store, stock=5)
    ana = make(owner)
    assert owner.post(f"customers/{ana['id']}/block/", {}).json()["code"] == "reason_required"
    past = (now() - timedelta(hours=1)).isoformat()
    assert owner.post(f"customers/{ana['id']}/block/", {"reason": "x", "until": past}).status_code == 400
    blocked = owner.post(f"customers/{ana['id']}/block/", {"reason": "pranks"}).json()
    assert (blocked["is_blocked"], blocked["block_reason"], blocked["is_active"]) == (True, "pranks", False)
    shop.add(product)
    for spelling in ("63999998888", "6399998888"):
        answer = shop.checkout(customer_phone=spelling)
        assert (answer.status_code, answer.json()["code"]) == (422, "customer_blocked")
    with scope(store.pk):
        assert not Order.objects.exists()
    owner.post(f"customers/{ana['id']}/unblock/")
    assert shop.checkout(customer_phone="63999998888").status_code == 201


def test_a_block_may_let_orders_through_that_are_paid_in_advance(owner: Shop, shop: Shop, store: Store) -> None:
    ana = make(owner)
    body = {"reason": "did not come to the door", "policy": "prepay"}
    assert owner.post(f"customers/{ana['id']}/block/", body).json()["block_policy"] == "prepay"
    shop.add(factories.make_product(store))
    answer = shop.checkout(payment_method="cash")
    assert (answer.status_code, answer.json()["code"]) == (422, "customer_must_prepay")
    assert shop.checkout(payment_method="pix").status_code == 201


def test_a_block_for_a_while_ends_by_itself(owner: Shop, store: Store) -> None:
    ana = make(owner)
    until = now() + timedelta(days=1)
    owner.post(f"customers/{ana['id']}/block/", {"reason": "pranks", "until": until.isoformat()})
    with scope(store.pk):
        Customer.objects.update(blocked_until=now() - timedelta(seconds=1))
    assert owner.get(f"customers/{ana['id']}/").json()["is_blocked"] is False


def test_consent_is_kept_with_its_proof_and_nothing_is_overwritten(owner: Shop, store: Store) -> None:
    ana = make(owner)
    path = f"customers/{ana['id']}/consents/"
    body = {
        "purpose": "marketing",
        "channel": "whatsapp",
        "granted": True,
        "text_version": "2026-01",
        "source": "counter",
    }
    assert owner.post(path, body).status_code == 201
    said = owner.post(path, {**body, "granted": False}).json()
    now_ = said["results"][0]
    assert (now_["granted"], bool(now_["granted_at"]), bool(now_["withdrawn_at"])) == (False, True, True)
    assert [row["granted"] for row in said["history"]] == [False, True]
    assert said["history"][0]["proof"]["path"].endswith("/consents/")
    assert said["history"][0]["text_version"] == "2026-01"
    assert Event.objects.filter(store=store, name="consent.changed").count() == 2
    assert owner.post(path, {**body, "purpose": "spam"}).status_code == 400
    with scope(store.pk):
        assert Consent.objects.count() == 2


def test_an_identity_of_a_channel_is_no_phone_number(owner: Shop) -> None:
    ana = make(owner)
    path = f"customers/{ana['id']}/identities/"
    made = owner.post(path, {"kind": "whatsapp", "value": "BR.1349120865530274"})
    assert (made.status_code, made.json()["value"]) == (201, "BR.1349120865530274")
    assert owner.delete(f"{path}{made.json()['id']}/").status_code == 204
    assert owner.post(path, {"kind": "fax", "value": "1"}).status_code == 400


PARTS = ["", "orders/", "addresses/", "notes/", "identities/", "consents/", "merge/", "points/", "export/"]


def test_a_customer_of_another_store_is_not_there(
    owner: Shop, client_for: ClientFor, charlie: User, other_store: Store, store: Store
) -> None:
    ana = make(owner)
    elsewhere = Shop(client_for(charlie), other_store.slug)
    for part in PARTS:
        assert elsewhere.get(f"customers/{ana['id']}/{part}").status_code == 404, part
    for verb, body in (
        ("block/", {"reason": "x"}), ("erase/", {}), ("addresses/", {"street": "x"}), ("notes/", {"text": "x"}),
        ("points/", {"points": 5, "reason": "x"}), ("merge/", {"customer_id": ana["id"]}), ("stamps/claim/", {}),
        ("identities/", {"kind": "phone", "value": "63911112222"}),
        ("consents/", {"purpose": "marketing", "channel": "sms", "granted": True, "text_version": "1"}),
    ):  # fmt: skip
        assert elsewhere.post(f"customers/{ana['id']}/{verb}", body).status_code in {400, 404}, verb
    assert elsewhere.patch(f"customers/{ana['id']}/", {"name": "x"}).status_code == 404
    foreign = client_for(charlie).get("/api/v1/stores/customers/", {"store": store.slug})
    assert foreign.status_code == 404
    with scope(store.pk):
        assert Customer.objects.get().name == "Ana Lima"
        assert not Address.objects.exists()


def test_who_may_only_look_changes_nothing(owner: Shop, client_for: ClientFor, store: Store) -> None:
    ana = make(owner)
    attendant = Shop(client_for(factories.make_staff(store, Role.ATTENDANT)), store.slug)
    cashier = Shop(client_for(factories.make_staff(store, Role.CASHIER)), store.slug)
    assert attendant.get(f"customers/{ana['id']}/").status_code == 200
    assert attendant.patch(f"customers/{ana['id']}/", {"name": "x"}).status_code == 403
    assert cashier.patch(f"customers/{ana['id']}/", {"name": "Ana"}).status_code == 200
    for verb in ("block/", "erase/", "merge/"):
        assert cashier.post(f"customers/{ana['id']}/{verb}", {}).status_code == 403, verb
    kitchen = Shop(client_for(factories.make_staff(store, Role.KITCHEN)), store.slug)
    assert kitchen.get("customers/").status_code == 403
