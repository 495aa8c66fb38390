"""Promotions, batches of codes and price lists in the admin: opened, written through the services, of one store."""

from typing import Any

import pytest
from django.test import Client

from apps.stores.models import CouponBatch, CouponCode, PriceList, Promotion, PromotionItem, Store
from apps.stores.tests import factories
from apps.stores.tests.admin_helpers import enter, url
from apps.stores.tests.conftest import rows, version
from apps.stores.tests.offers import make_codes, make_price_list, make_promotion

pytestmark = pytest.mark.django_db
PREFIXES = ("items", "product_links", "category_links", "type_links", "outlet_links")


@pytest.fixture
def alice_admin(alice: Any, store: Store) -> Client:
    return enter(alice)


def form(**changes: Any) -> dict[str, Any]:
    """What the browser posts for the promotion page."""
    data = {f"{prefix}-{part}": 0 for prefix in PREFIXES for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    words: dict[str, Any] = {
        "name": "Ten off", "slug": "ten-off", "kind": "percentage", "value": "10", "buy": 0, "get": 0, "applies": "automatic",
        "code": "", "is_active": "on", "weekdays": "[]", "services": "[]", "channels": "[]", "combinable": "on", "priority": 100,
    }  # fmt: skip
    return {**data, **words, **changes}


def test_lists_and_forms_open(alice_admin: Client, store: Store) -> None:
    rule = make_promotion(store, trigger="single_use")
    make_codes(store, rule, 2)
    made = {Promotion: rule, PriceList: make_price_list(store, phone="+5563999998888")}
    made |= {CouponBatch: rows(CouponBatch, store)[0], CouponCode: rows(CouponCode, store)[0]}
    for model, row in made.items():
        assert alice_admin.get(url(model, "changelist")).status_code == 200
        assert alice_admin.get(url(model, "change", row.pk)).status_code == 200
        if model is not CouponCode:
            assert alice_admin.get(url(model, "add")).status_code == 200


def test_a_set_is_written_with_its_parts(alice_admin: Client, store: Store) -> None:
    soup, before = factories.make_product(store, "soup"), version(store)
    parts = {"items-TOTAL_FORMS": 1, "items-0-product": soup.pk, "items-0-quantity": 2}
    answer = alice_admin.post(url(Promotion, "add"), form(kind="bundle", value="15.00", **parts))
    assert answer.status_code == 302, answer.context["errors"]
    assert version(store) == before + 1, "one for the whole form"
    [made] = rows(Promotion, store)
    assert (made.kind, [(row.product_id, row.quantity) for row in rows(PromotionItem, store)]) == (
        "bundle",
        [(soup.pk, 2)],
    )


def test_a_set_without_parts_and_a_half_made_rule_are_refused_with_all_they_brought(
    alice_admin: Client, store: Store
) -> None:
    for wrong in ({"kind": "bundle"}, {"value": "101"}, {"applies": "code"}, {"code": "A B"}, {"kind": "buy_x_get_y"}):
        alice_admin.post(url(Promotion, "add"), form(**wrong))
        assert rows(Promotion, store) == [], wrong


def test_a_code_makes_a_coupon_and_taking_it_away_an_automatic_one(alice_admin: Client, store: Store) -> None:
    assert alice_admin.post(url(Promotion, "add"), form(code="dez", applies="code")).status_code == 302
    [made] = rows(Promotion, store)
    assert (made.code, made.trigger) == ("DEZ", "code")
    assert alice_admin.post(url(Promotion, "change", made.pk), form(code="")).status_code == 302
    [changed] = rows(Promotion, store)
    assert (changed.code, changed.trigger) == ("", "automatic")


def test_a_batch_is_made_with_its_codes(alice_admin: Client, store: Store) -> None:
    rule = make_promotion(store, trigger="single_use")
    body = {"name": "Fair", "promotion": rule.pk, "prefix": "feira", "size": 3, "is_active": "on"}
    assert alice_admin.post(url(CouponBatch, "add"), body).status_code == 302
    assert all(row.code.startswith("FEIRA-") for row in rows(CouponCode, store))
    assert len(rows(CouponCode, store)) == 3


def test_an_attendant_looks_and_nobody_sees_another_stores_offers(
    bob: Any, alice_admin: Client, store: Store, other_store: Store
) -> None:
    rule, foreign = make_promotion(store, name="Ours"), make_promotion(other_store, name="Theirs")
    attendant = enter(bob)
    assert attendant.get(url(Promotion, "change", rule.pk)).status_code == 200
    assert attendant.post(url(Promotion, "change", rule.pk), form(value="50")).status_code == 403
    assert attendant.get(url(PriceList, "changelist")).status_code == 403
    page = alice_admin.get(url(Promotion, "changelist")).content.decode()
    assert "Ours" in page
    assert "Theirs" not in page
    assert alice_admin.get(url(Promotion, "change", foreign.pk)).status_code == 404
    assert alice_admin.post(url(Promotion, "change", foreign.pk), form(value="99")).status_code == 404
    assert rows(Promotion, other_store)[0].value == rows(Promotion, store)[0].value == 10
