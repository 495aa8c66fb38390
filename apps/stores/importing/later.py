"""Parts of the format that no table holds yet. They are named in the report, so that nobody thinks they are in."""

from collections.abc import Collection
from typing import Any

from apps.stores.importing.source import Source

SECTIONS = ("channel_accounts", "orders")
OF_OUTLETS = ("stations", "rooms", "tables", "tabs", "devices")


def kept_for_later(source: Source, handled: Collection[str]) -> list[str]:
    """What the file holds and nobody reads, as `promotions (7)`, in the order of the format. `handled`: registered sections."""
    found = [(name, _size(source.root.raw(name))) for name in SECTIONS]
    found += [(f"outlets.{name}", _filled(source, "outlets", name)) for name in OF_OUTLETS]
    return [f"{name} ({count})" for name, count in found if count and name.rpartition(".")[2] not in handled]


def _size(value: Any) -> int:
    return len(value) if isinstance(value, list) else int(bool(value))


def _filled(source: Source, section: str, key: str) -> int:
    """How many rows of `section` say something under `key`."""
    rows = source.document.get(section)
    return sum(isinstance(row, dict) and bool(row.get(key)) for row in rows) if isinstance(rows, list) else 0
