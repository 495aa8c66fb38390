"""The kitchen's cast: Carla cooks in Alice's store; Alice, Bob and Charlie come from the stores room."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.kitchen.queries import routes
from apps.stores.models import Role, Store
from apps.stores.tests import factories
from apps.users.models import User
from apps.users.services import logins


class Kitchen:
    """The kitchen API of one store as one caller sees it."""

    def __init__(self, client: APIClient, slug: str) -> None:
        self.client, self.base = client, f"/api/v1/stores/s/{slug}/kitchen/"

    def get(self, path: str, **query: Any) -> Any:
        """GET below the kitchen."""
        return self.client.get(self.base + path, query)

    def post(self, path: str, body: Any = None) -> Any:
        """POST JSON below the kitchen."""
        return self.client.post(self.base + path, body or {}, format="json")

    def patch(self, path: str, body: Any) -> Any:
        """PATCH JSON below the kitchen."""
        return self.client.patch(self.base + path, body, format="json")

    def tickets(self, **query: Any) -> list[dict[str, Any]]:
        """The listed tickets."""
        answer = self.get("tickets/", **query)
        assert answer.status_code == 200, answer.content
        rows: list[dict[str, Any]] = answer.json()["results"]
        return rows


@pytest.fixture(autouse=True)
def no_known_routes() -> None:
    """Every test learns the routes afresh."""
    routes.forget_tables()


@pytest.fixture
def carla(store: Store) -> User:
    """Cooks in Alice's store."""
    return factories.make_staff(store, Role.KITCHEN, factories.make_user("carla@example.com", first_name="Carla"))


@pytest.fixture
def carla_token(carla: User) -> str:
    """A login of Carla's."""
    return logins.open_with_token(user=carla)


@pytest.fixture
def kitchen(store: Store, carla_token: str) -> Kitchen:
    """Carla's screen."""
    return screen(store, f"Token {carla_token}")


def screen(store: Store, authorization: str = "") -> Kitchen:
    """A kitchen client with any credential, or none."""
    client = APIClient()
    if authorization:
        client.credentials(HTTP_AUTHORIZATION=authorization)
    return Kitchen(client, store.slug)
