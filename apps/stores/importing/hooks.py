"""Where rooms above this one add their part of the file: they know their tables, the importer only knows when to call them.

A handler reads first and writes later: `handler(source)` checks its part of the file, puts problems into `source.errors`, and
returns the function that writes it. That one is called inside the unit of work and the store's scope, after everything of this room is
written and only if the whole file is right. Register in the room's `AppConfig.ready`.
"""

from collections.abc import Callable
from typing import TypeAlias

from apps.stores.importing.source import Source, World

Write: TypeAlias = Callable[[World], None]
Handler: TypeAlias = Callable[[Source], Write]

_sections: dict[str, Handler] = {}


def register_section(name: str, handler: Handler) -> None:
    """Add a handler for the part of the file called `name` (`stations`, `promotions` …). Raises on a name that is taken."""
    if _sections.setdefault(name, handler) is not handler:
        raise ValueError(f"section {name} is registered twice")


def sections() -> dict[str, Handler]:
    """The registered handlers by name, in the order of registration."""
    return dict(_sections)
