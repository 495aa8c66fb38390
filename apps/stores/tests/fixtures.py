"""The cast of the tests: Alice owns a store, Bob works there, Charlie owns another one and must see nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.stores.api.views import products
from apps.stores.models import Role, Store
from apps.stores.queries import access, bundle, catalog
from apps.stores.tests import factories
from apps.users.models import User
from apps.users.services import logins

KEY = "cart_1b671a64-40d5-491e-99b0-da01ff1f3341"


@pytest.fixture(autouse=True)
def empty_memory() -> None:
    """No test sees what another one's process memory held."""
    access._memory.clear()
    bundle.forget_memory()
    catalog._served.clear()
    products._shown_in_public.clear()


@pytest.fixture(autouse=True)
def own_outbox(tmp_path: Path, settings: Any) -> None:
    """Codes that a test has sent stay in its own directory."""
    settings.OUTBOX_DIR = tmp_path / "outbox"


@pytest.fixture
def alice(db: None) -> User:
    """Owns `store`."""
    return factories.make_user("alice@example.com", first_name="Alice")


@pytest.fixture
def charlie(db: None) -> User:
    """Owns `other_store`."""
    return factories.make_user("charlie@example.com", first_name="Charlie")


@pytest.fixture
def store(alice: User) -> Store:
    """Alice's store."""
    return factories.make_store("cantina", owner=alice, name="Cantina")


@pytest.fixture
def other_store(charlie: User) -> Store:
    """Charlie's store."""
    return factories.make_store("bistro", owner=charlie, name="Bistro")


@pytest.fixture
def bob(store: Store) -> User:
    """An attendant of Alice's store."""
    return factories.make_staff(store, Role.ATTENDANT, factories.make_user("bob@example.com", first_name="Bob"))


ClientFor = Callable[[User | None], APIClient]


@pytest.fixture
def client_for() -> ClientFor:
    """An API client logged in as somebody, or as nobody."""

    def make(user: User | None = None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Token {logins.open_with_token(user=user)}")
        return client

    return make


@pytest.fixture
def guest() -> APIClient:
    """A browser with a cart key."""
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY=KEY)
    return client


class Shop:
    """The storefront of one store as a client sees it."""

    def __init__(self, client: APIClient, slug: str) -> None:
        self.client, self.base = client, f"/api/v1/stores/s/{slug}/"

    def get(self, path: str = "", **query: Any) -> Any:
        """GET below the store."""
        return self.client.get(self.base + path, query)

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        """POST JSON below the store."""
        return self.client.post(self.base + path, body or {}, format="json", **headers)

    def patch(self, path: str, body: Any) -> Any:
        """PATCH JSON below the store."""
        return self.client.patch(self.base + path, body, format="json")

    def delete(self, path: str) -> Any:
        """DELETE below the store."""
        return self.client.delete(self.base + path)

    def add(self, product: Any, quantity: int = 1, **more: Any) -> Any:
        """Put a product into the cart."""
        return self.post("cart/add/", {"product_id": str(product.pk), "quantity": quantity, **more})

    def checkout(self, key: str = "", **body: Any) -> Any:
        """Check out for pickup and cash unless told otherwise."""
        headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        usual = {
            "customer_name": "Ana Lima",
            "customer_phone": "63999998888",
            "delivery_method": "pickup",
            "payment_method": "cash",
        }
        return self.post("checkout/", usual | body, **headers)


ADDRESS = {
    "street": "Rua 10",
    "number": "5",
    "neighborhood": "Centro",
    "city": "Palmas",
    "state": "TO",
    "zip_code": "77020170",
}


@pytest.fixture
def shop(guest: APIClient, store: Store) -> Shop:
    """Alice's storefront in a guest's browser."""
    return Shop(guest, store.slug)
