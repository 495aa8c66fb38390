"""`manage.py fake_providers`: the map and CEP providers on this machine, until Ctrl-C."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.geo.fake.server import GOOGLE_KEY, HERE_KEY, MODES, FakeProviders

DEFAULT_PORT = 8099


class Command(BaseCommand):
    """Start the fake and say how to point Comanda at it."""

    help = "Play Nominatim, HERE, Google, ViaCEP and BrasilAPI on 127.0.0.1 (see GEO_FAKE_PORT in docs/settings.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen and how to behave."""
        parser.add_argument("--port", type=int, default=DEFAULT_PORT)
        parser.add_argument("--play", default="", choices=sorted(MODES), help="how every provider behaves")

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until interrupted."""
        server = FakeProviders(options["port"])
        for name in ("nominatim", "here", "google", "viacep", "brasilapi"):
            server.play(name, options["play"])
        server.start()
        self.stdout.write(
            f"{server.url}\nGEO_FAKE_PORT={options['port']} GEO_PROVIDERS=here,nominatim ZIP_PROVIDERS=viacep,brasilapi"
            f" HERE_API_KEY={HERE_KEY} GOOGLE_MAPS_API_KEY={GOOGLE_KEY}"
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            server.stop()
