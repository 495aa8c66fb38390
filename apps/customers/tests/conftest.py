"""The cast of the customer tests: Alice, who owns the store, its program, and Ana, who proved her number."""

from typing import Any

import pytest

from apps.customers.tests.loyal import ANA, PROGRAM
from apps.stores.models import Store
from apps.stores.tests.coded import log_in
from apps.stores.tests.fixtures import KEY, ClientFor, Shop
from apps.users.models import User


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> Shop:
    return Shop(client_for(alice), store.slug)


@pytest.fixture
def program(owner: Shop) -> dict[str, Any]:
    answer = owner.patch("loyalty/", PROGRAM)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@pytest.fixture
def ana(store: Store, program: dict[str, Any]) -> Shop:
    return Shop(log_in(ANA, KEY), store.slug)
