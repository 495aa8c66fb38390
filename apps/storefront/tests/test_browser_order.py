"""Ordering in a real browser: what only script can do, from the plus button to the order on its way."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def menu(store: Store) -> Store:
    """Alice's store with something to add at once and something that asks first."""
    factories.make_product(store, "water", price="6.00", position=0)
    salad = factories.make_product(store, "salad", price="30.00", position=1)
    factories.make_group(salad, "dressing", {"oil": "0.00", "pesto": "2.50"}, min=1, max=1)
    return store


def test_a_guest_orders_from_a_phone_and_watches_the_order(page: Page, menu: Store) -> None:
    page.get_by_role("button", name="Add Water").click()
    page.get_by_role("link", name="Salad", exact=True).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Add R$30.00").click()
    expect(sheet.get_by_role("heading", name="Dressing")).to_be_focused()
    sheet.get_by_text("Pesto").click()
    sheet.get_by_role("button", name="Add R$32.50").click()
    page.get_by_role("link", name="View bag").click()
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_role("radio", name="Pickup").check()
    page.get_by_label("Name").fill("Ana Lima")
    page.get_by_label("Phone").fill("63999998888")
    page.locator("[name=payment_method][value=cash]").check()
    page.get_by_role("button", name="Place order").click()
    page.wait_for_url("**/t/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order confirmed")
    with scope(menu.pk):
        order = Order.objects.get()
        assert (order.total, order.customer_name) == (Decimal("38.50"), "Ana Lima")
        Order.objects.update(status="preparing")
    # No sockets on this test server: the page asks every five seconds instead.
    expect(page.get_by_role("heading", level=1)).to_have_text("In the kitchen", timeout=8000)


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_ordered(page: Page, menu: Store) -> None:
    page.get_by_role("button", name="Add Water").click()
    page.get_by_role("link", name="View bag").click()
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_role("radio", name="Pickup").check()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.locator("#e-customer_name")).to_have_text("Please fill this in")
    expect(page.locator("#e-payment_method")).to_have_text("Please choose how to pay")
    with scope(menu.pk):
        assert not Order.objects.exists()


def test_a_change_made_offline_is_sent_when_the_connection_is_back(page: Page) -> None:
    expect(page.locator("#bag-panel")).not_to_contain_text("could not")
    page.context.set_offline(True)
    page.get_by_role("button", name="Add Water").click()
    expect(page.locator("#connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden(timeout=10000)
    expect(page.locator("#bag-bar")).to_contain_text("R$6.00", timeout=10000)
    page.reload()
    expect(page.locator("#bag-bar [data-bag-count]")).to_have_text("1")


def test_removing_can_be_taken_back(page: Page) -> None:
    page.get_by_role("button", name="Add Water").click()
    page.get_by_role("link", name="View bag").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Remove: Water").click()
    expect(sheet).to_contain_text("Your bag is empty")
    page.get_by_role("button", name="Undo").click()
    expect(sheet).to_contain_text("Water")


def test_the_back_button_closes_the_sheet_and_stays_on_the_menu(page: Page) -> None:
    page.get_by_role("link", name="Salad", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.split("#")[0].endswith("/s/cantina/?lang=en")


def test_search_finds_words_without_their_accents(page: Page) -> None:
    page.get_by_role("searchbox").fill("wátér")
    expect(page.get_by_role("link", name="Water")).to_be_visible()
    expect(page.get_by_role("link", name="Salad", exact=True)).to_be_hidden()
    page.get_by_role("searchbox").fill("zzz")
    expect(page.get_by_text("Nothing found for “zzz”")).to_be_visible()
