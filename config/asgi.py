"""WebSocket: the ASGI application (`granian --interface asginl config.asgi:application`), rooms' sockets under `/ws/`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - needs the app registry
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402

from config.mounts import websocket_routes  # noqa: E402

NOT_FOUND = 4404


class NoSuchSocket(AsyncWebsocketConsumer):
    """Any other path: closed with a code, instead of an error in the log."""

    async def connect(self) -> None:
        """Accept, so that the code reaches the client, and close."""
        await self.accept()
        await self.close(NOT_FOUND)


routes = [*websocket_routes(), re_path(r"", NoSuchSocket.as_asgi())]
application = ProtocolTypeRouter({"websocket": URLRouter(routes)})
