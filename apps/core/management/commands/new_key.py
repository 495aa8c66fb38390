"""`manage.py new_key`: a fresh key for FIELD_ENCRYPTION_KEYS, and how to rotate to it."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Print one key. Nothing is stored."""

    help = "Print a new encryption key. To rotate: put it first in FIELD_ENCRYPTION_KEYS, restart, run rotate_secrets."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """The key alone on standard output, so that it can be piped."""
        self.stdout.write(Fernet.generate_key().decode())
