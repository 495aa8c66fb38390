"""An address in a real browser: the CEP fills it in, the fee follows, and the order is charged what was shown."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from apps.core.scope import scope
from apps.stores.models import DeliveryZone, Order, Outlet, Store
from apps.stores.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def menu(store: Store) -> Store:
    """Alice's store in Palmas, which charges by distance."""
    factories.make_product(store, "water", price="6.00")
    rule = {"flat_km": "3.00", "per_km": "1.60", "max_fee": "22.00", "max_km": "14.00"}
    with scope(store.pk):
        Outlet.objects.update(latitude=-10.1904, longitude=-48.3286)
        DeliveryZone.objects.update(kind="distance", fee=Decimal("8.00"), rule=rule)
    factories.bump(store)
    return store


def to_checkout(page: Page) -> None:
    page.get_by_role("button", name="Add Water").click()
    page.get_by_role("link", name="View bag").click()
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_role("radio", name="Delivery").check()


def test_a_guest_orders_to_an_address_and_pays_the_fee_that_was_shown(page: Page, menu: Store) -> None:
    to_checkout(page)
    page.locator("[name=zip_code]").fill("77062-014")
    expect(page.locator("#quote")).to_contain_text("R$22.00", timeout=8000)
    page.locator("[name=street]").fill("Rua 14, Aur")
    expect(page.locator("#streets option").first).to_have_attribute("value", "Rua 14, Aureny III")
    page.locator("[name=street]").fill("Rua 14, Aureny III")
    expect(page.locator("[name=neighborhood]")).to_have_value("Jardim Aureny III")
    page.locator("[name=number]").fill("88")
    page.locator("[name=city]").fill("Palmas")
    page.get_by_label("Name").fill("Ana Lima")
    page.get_by_label("Phone").fill("63999998888")
    page.locator("[name=payment_method][value=cash]").check()
    expect(page.locator("[data-total]").first).to_contain_text("R$28.00", timeout=8000)
    page.get_by_role("button", name="Place order").click()
    page.wait_for_url("**/t/**")
    expect(page.locator("#delivery-code")).to_have_text(re.compile(r"^\d{4}$"))
    with scope(menu.pk):
        order = Order.objects.get()
    assert (order.delivery_fee, order.total) == (Decimal("22.00"), Decimal("28.00"))
    assert order.address["neighborhood"] == "Jardim Aureny III"


def test_an_address_nobody_knows_is_said_and_not_ordered_to(page: Page, menu: Store) -> None:
    to_checkout(page)
    page.locator("[name=street]").fill("Rua Que Não Existe")
    page.locator("[name=number]").fill("1")
    page.locator("[name=city]").fill("Palmas")
    page.locator("[name=neighborhood]").fill("Bairro Nenhum")
    expect(page.locator("#quote")).to_contain_text("We cannot find this address", timeout=8000)
    page.get_by_label("Name").fill("Ana Lima")
    page.get_by_label("Phone").fill("63999998888")
    page.locator("[name=payment_method][value=cash]").check()
    page.get_by_role("button", name="Place order").click()
    with scope(menu.pk):
        assert not Order.objects.exists()
