"""The page behind a draft's link: seen, confirmed once, and nothing for who does not hold it."""

from typing import Any

import pytest
from django.test import Client

from apps.stores.models import Order, Role, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import rows
from apps.stores.tests.fixtures import ClientFor, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(store: Store, client_for: ClientFor) -> dict[str, Any]:
    """Something written down on the phone and sent, without name or way to pay."""
    factories.make_product(store, "lasagna", price="20.00", name="Lasagna <b>")
    staff = Shop(client_for(factories.make_staff(store, Role.ATTENDANT)), store.slug)
    made = staff.post(
        "drafts/", {"customer_phone": "63999998888", "items": [{"product_id": "lasagna", "quantity": 2}]}
    ).json()
    sent = staff.post(f"drafts/{made['id']}/send/").json()
    return {**sent, "path": "/" + sent["link"].split("/", 3)[3]}


def test_the_customer_sees_the_order_and_confirms_it(store: Store, draft: dict[str, Any]) -> None:
    browser = Client()
    page = browser.get(draft["path"], headers={"accept-language": "pt-BR"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Lasagna &lt;b&gt;" in text
    assert "40,00" in text
    assert page["Cache-Control"] == "private, no-store"
    said = {"customer_name": "Ana", "payment_method": "pix"}
    done = browser.post(draft["path"], said)
    (order,) = rows(Order, store)
    assert (done.status_code, done["Location"]) == (302, f"/s/{store.slug}/t/{order.access_token}/")
    assert (order.customer_name, order.payment_method, order.channel) == ("Ana", "pix", "phone")
    assert browser.post(draft["path"], said)["Location"] == done["Location"]
    assert browser.get(draft["path"])["Location"] == done["Location"]
    assert len(rows(Order, store)) == 1


def test_a_refusal_is_shown_and_places_nothing(store: Store, draft: dict[str, Any]) -> None:
    page = Client().post(draft["path"], {"payment_method": "nonsense"})
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert rows(Order, store) == []


def test_a_form_of_another_site_is_refused(store: Store, draft: dict[str, Any]) -> None:
    page = Client(enforce_csrf_checks=True).post(draft["path"], {"customer_name": "Ana", "payment_method": "cash"})
    assert page.status_code == 403
    assert rows(Order, store) == []


@pytest.mark.parametrize("token", ["x" * 32, "short", "..%2f..", "018f0000-0000-7000-8000-000000000000"])
def test_a_link_nobody_was_given_leads_nowhere(db: None, token: str) -> None:
    assert Client().get(f"/pay/{token}/").status_code == 404
