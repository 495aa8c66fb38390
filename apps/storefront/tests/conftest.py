"""What the page tests share: a page as text, and the data islands inside it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.storefront import kept

Island = Callable[[str, str], Any]


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
