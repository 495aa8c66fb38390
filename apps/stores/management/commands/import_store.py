"""`manage.py import_store FILE`: create a store from a file, or bring it to what the file says."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.core.actors import system
from apps.stores.importing.errors import ImportRefused
from apps.stores.importing.reading import read_file
from apps.stores.importing.report import Report
from apps.stores.importing.service import import_store

# Enough to see what is going on; `--json` has all of them.
SHOWN = 200


class Command(BaseCommand):
    """Import a store file (format `comanda-store/1`, see data/README.md). Safe to repeat."""

    help = "Import a store file (comanda-store/1). Repeating it changes nothing; a file with errors changes nothing either."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what to do with it."""
        parser.add_argument("file", type=Path, help="the store file (JSON)")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
        parser.add_argument("--owner", metavar="EMAIL", help="a person who becomes an owner of the store")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit code 1 when the file has errors."""
        try:
            report = import_store(
                document=read_file(options["file"]),
                actor=system("import"),
                dry_run=options["dry_run"],
                owner=options["owner"],
            )
        except ImportRefused as refused:
            self._tell_errors(refused, as_json=options["json"])
            raise CommandError(f"{options['file']}: {refused.detail} ({len(refused.rows)})") from refused
        self._tell(report, as_json=options["json"])

    def _tell(self, report: Report, *, as_json: bool) -> None:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else "\n".join(report.lines())
        self.stdout.write(text)

    def _tell_errors(self, refused: ImportRefused, *, as_json: bool) -> None:
        if as_json:
            rows = {
                name: [{"path": row.path, "message": row.message} for row in found] for name, found in _lists(refused)
            }
            self.stdout.write(json.dumps({"ok": False, "changed": False, **rows}, ensure_ascii=False, indent=2))
            return
        for row in refused.rows[:SHOWN]:
            self.stderr.write(str(row))
        if len(refused.rows) > SHOWN:
            self.stderr.write(f"… {len(refused.rows) - SHOWN} more (--json prints all)")
        for row in refused.warnings[:SHOWN]:
            self.stderr.write(f"  {_('warning')}: {row}")


def _lists(refused: ImportRefused) -> list[tuple[str, list[Any]]]:
    return [("errors", refused.rows), ("warnings", refused.warnings)]
