"""The kitchen screen in a real browser. Django's test server speaks no WebSocket, so this is also the proof that a screen
without a socket – a proxy that blocks it, a live process that is down – goes on working by asking."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from apps.core.scope import scope
from apps.kitchen.tests.factories import place
from apps.stores.models import Order, Store
from apps.stores.services import devices
from apps.stores.tests import factories
from apps.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=10_000)
TABLET = ViewportSize(width=1280, height=800)


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Chromium of the machine, or Playwright's own. In CI its absence is a failure."""
    # Playwright runs a loop in this thread; Django would take ORM calls beside it for calls inside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        path = found or playwright.chromium.executable_path
        if not Path(path).exists() and not os.environ.get("CI"):
            pytest.skip(
                "NO CHROMIUM: the browser tests did not run; `python -m playwright install chromium` brings one"
            )
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def screen(chromium: Browser, store: Store, live_server: Any) -> Iterator[Page]:
    """A tablet at the store's kitchen, in English, not signed in; it fails on any script error."""
    context = chromium.new_context(viewport=TABLET, locale="en-US", base_url=live_server.url, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"/k/{store.slug}/")
    yield page
    context.close()
    assert not wrong


def log_in(page: Page, user: User) -> None:
    page.get_by_label("E-mail").fill(str(user.email))
    page.get_by_label("Password").fill("comanda-demo")
    page.get_by_role("button", name="Log in").click()


def status_of(order: Order) -> str:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk).status


def test_one_tap_starts_one_tap_finishes_and_a_slip_is_undone(screen: Page, store: Store, carla: User) -> None:
    order = place(store, factories.make_product(store, "soup"), quantity=2)
    log_in(screen, carla)
    card = screen.get_by_role("article")
    expect(card).to_contain_text(order.display_number)
    expect(card).to_contain_text("Soup")
    card.get_by_role("button", name="Start").click()
    expect(card.get_by_role("button", name="Done", exact=True)).to_be_visible()
    screen.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("button", name="Start")).to_be_visible()
    card.get_by_role("button", name="Start").click()
    card.get_by_role("button", name="Done", exact=True).click()
    expect(card).to_have_count(0)
    expect(screen.get_by_text("Nothing to make")).to_be_visible()
    screen.get_by_role("button", name="Recall").click()
    expect(screen.get_by_role("complementary")).to_contain_text(order.display_number)
    assert status_of(order) == "ready"


def test_taps_made_offline_are_kept_and_sent_when_the_connection_is_back(
    screen: Page, store: Store, carla: User
) -> None:
    order = place(store, factories.make_product(store, "soup"))
    log_in(screen, carla)
    card = screen.get_by_role("article")
    expect(card).to_be_visible()
    screen.context.set_offline(True)
    card.get_by_role("button", name="Start").click()
    card.get_by_role("button", name="Done", exact=True).click()
    expect(card).to_have_count(0)
    expect(screen.get_by_role("status").first).to_contain_text("2 taps waiting")
    assert status_of(order) == "confirmed"
    screen.context.set_offline(False)
    expect(screen.get_by_role("status").first).not_to_contain_text("waiting")
    assert status_of(order) == "ready"


def test_a_manager_types_the_code_and_the_screen_starts_by_itself(screen: Page, store: Store, alice: User) -> None:
    from apps.stores.queries.access import staff_access

    place(store, factories.make_product(store, "soup"))
    letters = screen.locator(".pair__letter")
    expect(letters).to_have_count(6)
    code = "".join(letters.all_inner_texts())
    with scope(store.pk):
        by = staff_access(user=alice, store_id=store.pk)
        assert by is not None
        device = devices.claim(by=by, code=code, name="Tablet", kind="kitchen_screen")
    expect(screen.get_by_role("article")).to_contain_text("Soup")
    with scope(store.pk):
        devices.revoke(by=by, device_id=device.pk)
    expect(screen.get_by_text("This screen is not signed in any more")).to_be_visible()
