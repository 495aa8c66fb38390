"""What the page tests share: a page as text, and the data islands inside it."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from apps.storefront import kept
from apps.stores.models import Store

Island = Callable[[str, str], Any]
PHONE = ViewportSize(width=360, height=780)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """No test sees a page another one rendered."""
    kept.forget()


@pytest.fixture
def browser() -> Client:
    """A browser that asks for English, so that texts can be compared."""
    return Client(headers={"Accept-Language": "en", "Cookie": "comanda_lang=en"})


@pytest.fixture
def island() -> Island:
    """Reads the JSON island with an id or type out of a page."""

    def read(page: str, mark: str) -> Any:
        found = re.search(rf"<script [^>]*{re.escape(mark)}[^>]*>(.*?)</script>", page, re.DOTALL)
        assert found, f"no island {mark}"
        return json.loads(found.group(1))

    return read


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
def page(chromium: Browser, menu: Store, live_server: Any) -> Iterator[Page]:
    """A phone at the menu of the store that the test module calls `menu`, in English, that fails on any script error or broken security rule."""
    context = chromium.new_context(viewport=PHONE, locale="en-US", base_url=live_server.url, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    made = context.new_page()
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on(
        "console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None
    )
    made.goto("/s/cantina/?lang=en")
    yield made
    context.close()
    assert wrong == []
