"""Test databases on the embedded server: migrate once into a template, copy it for every run.

The template's name carries a hash of every migration and model file, so it can never be stale. A run takes a slot (a kernel
lock), which numbers its database and its Redis database: any number of runs and parallel workers stay apart.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.backends.postgresql import creation

from apps.core.embedded.slots import slot
from apps.core.embedded.system import exclusive


def _fingerprint() -> str:
    """Hash of everything that decides what a migrated database looks like."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda found: found.name):
        root = Path(config.path)
        files = [
            *root.glob("migrations/*.py"),
            *root.glob("models.py"),
            *root.glob("models/*.py"),
            *root.glob("apps.py"),
        ]
        for path in sorted(files):
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class DatabaseCreation(creation.DatabaseCreation):
    """Creates a test database by copying a migrated template."""

    def _get_test_db_name(self) -> str:
        return f"test_comanda_{slot(settings.EMBEDDED_DIR)}"

    def create_test_db(
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool | None = False, keepdb: bool = False
    ) -> str:
        """Make this run's database and point Django at it. Returns its name."""
        self.connection.ensure_connection()
        self.connection.close()
        template = f"template_{_fingerprint()}"
        with exclusive(settings.EMBEDDED_DIR / "template.lock"):
            if not self._exists(template):
                self._build_template(template, verbosity=verbosity)
        name = self._get_test_db_name()
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._point_at(name)
        return name

    def _exists(self, name: str) -> bool:
        with self.connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _build_template(self, template: str, *, verbosity: int) -> None:
        """Migrate into a draft and rename it, so that a killed run leaves no half-made template."""
        draft = f"draft_{template}"
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%' OR datname LIKE 'draft\\_%%'"
            )
            for (old,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{draft}"')
        self._point_at(draft)
        _migrate(self.connection.alias, verbosity=verbosity)
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template}"')

    def _point_at(self, name: str) -> None:
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{test_database_name}" WITH (FORCE)')


def _migrate(alias: str, *, verbosity: int) -> None:
    from django.core.management import call_command

    options: dict[str, Any] = {
        "verbosity": max(verbosity - 1, 0),
        "interactive": False,
        "database": alias,
        "run_syncdb": True,
    }
    call_command("migrate", **options)
