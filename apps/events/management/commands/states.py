"""`manage.py states`: print the tables of all state machines into docs/states.md (`--check` only compares)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.events.state_tables import markdown


class Command(BaseCommand):
    """Writes the document, or fails when it is not what the code says."""

    help = "Write docs/states.md from the state machines."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check`."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Write or compare."""
        path = Path(settings.BASE_DIR) / "docs" / "states.md"
        if not check:
            path.write_text(markdown())
        elif not path.exists() or path.read_text() != markdown():
            raise CommandError("docs/states.md is out of date: run `manage.py states`")
