"""Before the doors open: migrate, load the demo stores once, and write down what the welcome screen shows.

One process does all of it, because starting Django is the longest part of a second `make run`. Prints progress; the result
goes to `.local/welcome.json` for `tools/launch.py`, which itself stays free of Django.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command, get_commands  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402


def migrate() -> None:
    """Bring the schema up to date; says nothing when it is."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        started = time.monotonic()
        print(f"• migrating the database ({len(plan)} steps)", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
        print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def load_demo() -> None:
    """Load the demo stores; the command itself knows what is there already."""
    if "load_demo" not in get_commands():
        print("! there is no `load_demo` command: starting without demo stores", flush=True)
        return
    print("• demo stores", flush=True)
    call_command("load_demo")


def welcome() -> dict[str, Any]:
    """Demo stores and the logins worth trying first, from the database."""
    from django.contrib.auth import get_user_model

    from apps.stores.models import Store

    stores = [{"slug": store.slug, "name": store.name} for store in Store.objects.order_by("pk")[:8]]
    names = sorted(user.get_username() for user in get_user_model().objects.filter(is_active=True))
    first = [name for name in names if name.startswith(("admin", "owner"))]
    kitchen = [name for name in names if name.startswith("kitchen")][:1]
    return {"stores": stores, "logins": [*first, *kitchen][:8] or names[:8]}


def main() -> int:
    """Entry point; the exit code is 0 when the doors can open."""
    migrate()
    load_demo()
    (settings.LOCAL_DIR / "welcome.json").write_text(json.dumps(welcome()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
