"""A socket as a client holds it, for tests: opens, says who it is, reads frames in order, notices the close code.

Speaks ASGI to the mounted routes, so routing, consumer and hub are the real ones. (`channels.testing` wants Daphne.)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from config.mounts import websocket_routes

PATIENCE = 6.0


class Socket:
    """One connection. Use as an async context manager, so that no helper task outlives its test."""

    def __init__(self, path: str, token: str | None = None, after: int | None = None) -> None:
        self.token, self.after = token, after
        opening = {"type": "websocket", "path": unquote(path), "query_string": b"", "headers": [], "subprotocols": []}
        self.wire = ApplicationCommunicator(URLRouter(websocket_routes()), opening)

    async def __aenter__(self) -> Socket:
        await self.wire.send_input({"type": "websocket.connect"})
        opened = await self.wire.receive_output(PATIENCE)
        assert opened["type"] == "websocket.accept", opened
        if self.token is not None:
            await self.send({"type": "auth", "token": self.token, "after": self.after})
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wire.wait(PATIENCE)

    async def send(self, body: dict[str, Any]) -> None:
        """One frame to the server."""
        await self.wire.send_input({"type": "websocket.receive", "text": json.dumps(body)})

    async def next(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next frame that is not a heartbeat. A close is `{"type": "closed", "code": …}`."""
        while True:
            output = await self.wire.receive_output(timeout)
            if output["type"] == "websocket.close":
                return {"type": "closed", "code": output["code"]}
            frame: dict[str, Any] = json.loads(output["text"])
            if frame["type"] != "ping":
                return frame

    async def welcome(self) -> dict[str, Any]:
        """The greeting; anything else fails the test."""
        greeting = await self.next()
        assert greeting["type"] == "connection_established", greeting
        return greeting

    async def until(self, kind: str) -> dict[str, Any]:
        """The next frame of a kind, skipping others."""
        while (frame := await self.next())["type"] != kind:
            assert frame["type"] != "closed", frame
        return frame

    async def silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for a moment."""
        return bool(await self.wire.receive_nothing(timeout=seconds, interval=0.05))


def place(store: Store, method: str = "cash", **more: Any) -> Order:
    """A guest's order, over HTTP."""
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY=f"cart_{uuid4()}")
    base = f"/api/v1/stores/s/{store.slug}/"
    client.post(base + "cart/add/", {"product_id": str(factories.make_product(store).pk), "quantity": 1}, format="json")
    body = {
        "customer_name": "Ana Lima",
        "customer_phone": "63999998888",
        "delivery_method": "pickup",
        "payment_method": method,
        **more,
    }
    answer = client.post(base + "checkout/", body, format="json")
    assert answer.status_code == 201, answer.content
    with scope(store.pk):
        return Order.objects.get(pk=answer.json()["order_id"])


def orders_path(store: Store) -> str:
    """Where the store's board connects."""
    return f"/ws/stores/{store.slug}/orders/"


async def later(call: Callable[..., Any], *args: Any) -> Any:
    """Do something in the database, beside the socket."""
    return await sync_to_async(call)(*args)
