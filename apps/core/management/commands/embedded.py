"""`manage.py embedded status|start|stop`: the embedded PostgreSQL and Redis of this checkout."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Look at, start or stop the embedded servers."""

    help = "Show, start or stop the embedded PostgreSQL and Redis."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One word: what to do."""
        parser.add_argument("action", choices=["status", "start", "stop"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what is running afterwards."""
        from apps.core.embedded import servers
        from apps.core.embedded.places import Places

        for root in (settings.LOCAL_DIR, settings.LOCAL_DIR / "test"):
            places = Places.under(root)
            if options["action"] == "stop" and places.root.exists():
                servers.stop(places)
            if options["action"] == "start" and root == settings.LOCAL_DIR:
                places.root.mkdir(parents=True, exist_ok=True)
                servers.ensure(places)
            now = servers.status(places)
            words = {True: "running", False: "stopped"}
            self.stdout.write(f"{places.root}: PostgreSQL {words[now.postgres]}, Redis {words[now.redis]}")
