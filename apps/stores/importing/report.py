"""What an import did, counted per noun, for people and as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.stores.importing.errors import RowError


@dataclass(slots=True)
class Tally:
    """Rows of one noun. `removed` are parts of a row that its new version no longer has."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def changed(self) -> int:
        """How many rows were written."""
        return self.created + self.updated + self.removed


@dataclass(slots=True)
class Report:
    """The whole import. `kept_for_later` are sections this version reads but has no table for."""

    store: str = ""
    name: str = ""
    dry_run: bool = False
    tallies: dict[str, Tally] = field(default_factory=dict)
    kept_for_later: list[str] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    def tally(self, noun: str) -> Tally:
        """The count of `noun`, in the order nouns were first written."""
        return self.tallies.setdefault(noun, Tally())

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(tally.changed for tally in self.tallies.values())

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "ok": True,
            "store": self.store,
            "dry_run": self.dry_run,
            "changed": self.changed,
            "rows": {noun: asdict(tally) for noun, tally in self.tallies.items()},
            "kept_for_later": self.kept_for_later,
            "warnings": [asdict(row) for row in self.warnings],
            "errors": [],
        }

    def lines(self) -> list[str]:
        """For a person at a terminal."""
        rows = [self._headline()]
        rows += [f"  {noun:<22}{_counts(tally)}" for noun, tally in self.tallies.items() if tally != Tally()]
        if self.kept_for_later:
            rows.append(
                _("Kept for later (no table yet, left alone): %(what)s") % {"what": ", ".join(self.kept_for_later)}
            )
        rows += [f"  {_('warning')}: {row}" for row in self.warnings]
        return rows

    def _headline(self) -> str:
        shown = {"name": self.name, "slug": self.store}
        if not self.changed:
            return _("%(name)s (%(slug)s): nothing to change, everything is as the file says.") % shown
        if self.dry_run:
            return _("%(name)s (%(slug)s): this would be imported; nothing was written.") % shown
        return _("%(name)s (%(slug)s) imported.") % shown


def _counts(tally: Tally) -> str:
    words = {
        "created": pgettext("rows", "created"),
        "updated": pgettext("rows", "updated"),
        "unchanged": pgettext("rows", "unchanged"),
        "removed": pgettext("rows", "removed"),
    }
    return " · ".join(f"{count} {words[name]}" for name, count in asdict(tally).items() if count)
