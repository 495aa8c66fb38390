"""`manage.py load_demo`: the demo stores, once."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.stores.demo.loading import PASSWORD, load_all


class Command(BaseCommand):
    """Load the demo stores of data/stores/. Repeating it leaves stores that are there alone."""

    help = "Load the demo stores (once), open at any hour, every login with one known password. Not for production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Hours are replaced unless asked otherwise."""
        parser.add_argument("--real-hours", action="store_true", help="keep the opening hours of the files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; refused in production, where a known password is an open door."""
        if settings.PRODUCTION:
            raise CommandError("load_demo makes logins with a published password; it refuses to run in production.")
        load_all(real_hours=options["real_hours"], tell=self.stdout.write)
        self.stdout.write(f"Every demo login has the password {PASSWORD}.")
