"""WebSocket: the ASGI application (`granian --interface asginl config.asgi:application`), rooms' sockets under `/ws/`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - needs the app registry

from config.mounts import websocket_routes  # noqa: E402

application = ProtocolTypeRouter({"websocket": URLRouter(websocket_routes())})
