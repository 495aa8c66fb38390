"""`manage.py demo`: play the sample day of the demo stores against a running server."""

import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.stores.demo.client import Refusal, Unreachable
from apps.stores.demo.loading import demo_files
from apps.stores.demo.serving import serving
from apps.stores.demo.timeline import Timeline
from apps.stores.demo.wishes import Cast


class Command(BaseCommand):
    """Orders over HTTP, the kitchen over WebSocket, and a timeline. Touches the database only through the API."""

    help = "Play the sample orders of the demo stores through HTTP and WebSocket and print the timeline."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the server is, which store, how fast."""
        parser.add_argument("--base-url", default=settings.PUBLIC_URL, help="the server (%(default)s)")
        parser.add_argument("--start", action="store_true", help="start a server for the demo if none answers")
        parser.add_argument("--store", metavar="SLUG", help="one store; all of them when left out")
        parser.add_argument(
            "--speed", type=float, default=5.0, metavar="N", help="how many times faster than half a second a step"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Play; exit code 1 when an amount is wrong without a reason or an order got stuck."""
        if settings.PRODUCTION:
            raise CommandError("The demo places orders; it refuses to run in production.")
        timeline = Timeline(tell=self._tell)
        try:
            self._play(self._chosen(options), options, timeline)
        except (Unreachable, Refusal, OSError) as error:
            raise CommandError(f"The demo stopped: {error}") from error
        for line in timeline.closing():
            self._tell(line)
        if not timeline.is_fine:
            sys.exit(1)

    @staticmethod
    def _chosen(options: dict[str, Any]) -> list[Cast]:
        casts = [Cast(document=document) for document in demo_files()]
        chosen = [cast for cast in casts if options["store"] in (None, cast.slug)]
        if not chosen:
            raise CommandError(f"no demo store is called so; there are {', '.join(cast.slug for cast in casts)}")
        if options["speed"] <= 0:
            raise CommandError("--speed must be more than 0")
        return chosen

    def _play(self, casts: list[Cast], options: dict[str, Any], timeline: Timeline) -> None:
        try:
            from apps.stores.demo.player import play_store
        except ModuleNotFoundError as error:
            raise CommandError(f"The demo needs the package {error.name}: run `make setup` first.") from error
        base_url = options["base_url"].rstrip("/")
        with ExitStack() as stack:
            if options["start"]:
                stack.enter_context(serving(base_url, tell=self._tell))
            for cast in casts:
                play_store(cast, base_url=base_url, speed=options["speed"], timeline=timeline)

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
