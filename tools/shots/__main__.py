"""Starts a Comanda of its own on a free port, plays an evening, takes the pictures, and says how fast a ticket came."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tools.bench.servers import free_port
from tools.browser import chromium
from tools.shots.evening import PASSWORD, Site

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "images"
STORE = "ce-saladas"
LOGIN = "cesaladas"
PHONE = ViewportSize(width=360, height=780)
# Wide enough for ten tickets at arm's length; the screen itself is tested at 1280×800.
WALL = ViewportSize(width=1680, height=1000)
DESK = ViewportSize(width=1440, height=900)
READY_SECONDS = 180


@contextmanager
def running() -> Iterator[str]:
    """A `make run` with data of its own."""
    port = free_port()
    environment = {**os.environ, "LOCAL_DIR": ".local/shots", "PORT": str(port), "CHECKOUTS_PER_ADDRESS": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.launch"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _try in range(READY_SECONDS * 2):
            with suppress(OSError), urllib.request.urlopen(base + "/readyz", timeout=2):
                break
            time.sleep(0.5)
        yield base
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def context(browser: Browser, base: str, size: ViewportSize, *, dark: bool = False) -> BrowserContext:
    """A fresh Brazilian browser."""
    made = browser.new_context(
        viewport=size, locale="pt-BR", base_url=base, color_scheme="dark" if dark else "light", reduced_motion="reduce",
        device_scale_factor=1.5 if size["width"] < 500 else 1,
    )  # fmt: skip
    made.set_default_timeout(20_000)
    return made


def shot(page: Page, name: str) -> None:
    """Keep the window as it is."""
    page.wait_for_timeout(500)
    page.screenshot(path=OUT / f"{name}.png")
    print(f"  docs/images/{name}.png")


def storefront(browser: Browser, base: str, site: Site) -> None:
    """The menu on a phone and a desk, and an order on its way."""
    for size, name in ((PHONE, "storefront-phone"), (DESK, "storefront-desktop")):
        page = context(browser, base, size).new_page()
        page.goto(f"/s/{STORE}/")
        shot(page, name)
    placed = site.order(STORE, 3, method="pix")
    page = context(browser, base, PHONE).new_page()
    page.goto(f"/s/{STORE}/t/{placed['access_token']}/")
    shot(page, "pix")
    token = site.login(f"owner.{LOGIN}@example.com")
    orders = f"/api/v1/stores/s/{STORE}/orders/{placed['order_id']}/"
    site.call("POST", orders + "mark_paid/", {}, Authorization=f"Token {token}")
    site.call("POST", orders + "update_status/", {"status": "preparing"}, Authorization=f"Token {token}")
    page.wait_for_timeout(1500)
    shot(page, "tracking")


def kitchen(browser: Browser, base: str, site: Site) -> None:
    """Ten tickets, and how long an order takes from one window to the other."""
    page = context(browser, base, WALL, dark=True).new_page()
    page.goto(f"/k/{STORE}/")
    page.fill("#login input[type=email], #login input[name=email]", f"kitchen.{LOGIN}@example.com")
    page.fill("#login input[type=password]", PASSWORD)
    page.click("#login button[type=submit]")
    page.wait_for_selector(".ticket")
    started = time.perf_counter()
    site.order(STORE, 8, name="Zélia Duas Janelas")
    page.wait_for_selector("text=Zélia")
    print(
        f"  an order was on the kitchen screen after {(time.perf_counter() - started) * 1000:.0f} ms (cart and checkout included)"
    )
    shot(page, "kitchen")
    phone = page.context.new_page()
    phone.set_viewport_size(PHONE)
    phone.goto(f"/k/{STORE}/")
    phone.wait_for_selector(".ticket")
    shot(phone, "kitchen-phone")


def admin(browser: Browser, base: str) -> None:
    """A product as its owner edits it."""
    page = context(browser, base, DESK).new_page()
    page.goto("/admin/login/?next=/admin/stores/product/")
    page.fill("input[name=username]", "admin@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit], input[type=submit]")
    page.wait_for_load_state("networkidle")
    page.goto("/admin/stores/product/")
    page.click("#result_list tbody tr th a >> nth=0")
    page.wait_for_load_state("networkidle")
    shot(page, "admin-product")


def take(base: str) -> None:
    """All pictures of a running Comanda."""
    site = Site(base)
    OUT.mkdir(parents=True, exist_ok=True)
    for number in range(9):
        site.order(STORE, number)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        storefront(browser, base, site)
        kitchen(browser, base, site)
        admin(browser, base)
        browser.close()


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tools.shots")
    parser.add_argument("--base-url", default="", help="a running Comanda; one is started when empty")
    base = parser.parse_args().base_url
    if base:
        take(base)
        return
    with running() as started:
        take(started)


if __name__ == "__main__":
    main()
