"""The state machines of all rooms as a document: what may become what, which fact that records, what is stamped."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from apps.events.states import Machine

HEAD = """# States

Printed from the code by `manage.py states`; a test fails when the two differ. A move that is not in a table is refused
with 409 `illegal_transition`, one that lost a race with 409 `stale_state`.
"""


def machines() -> Iterator[tuple[str, Machine]]:
    """Every machine of every room, as `room.NAME`, lowest floor first."""
    for room in settings.ROOMS:
        if find_spec(f"{room}.states") is None:
            continue
        for name, value in vars(import_module(f"{room}.states")).items():
            if isinstance(value, Machine):
                yield f"{room.rpartition('.')[2]}.{name}", value


def markdown() -> str:
    """The whole document."""
    return "\n".join([HEAD, *(_section(name, machine) for name, machine in machines())])


def _section(name: str, machine: Machine) -> str:
    rows = [_row(old, new, machine) for old in machine.moves for new in _in_order(machine, old)]
    title = f"## {machine.subject} (`{name}`)"
    final = ", ".join(f"`{state}`" for state in machine.moves if state in machine.final()) or "none"
    return "\n".join(
        [title, "", "| from | to | fact | stamp |", "|---|---|---|---|", *rows, "", f"Final: {final}.", ""]
    )


def _in_order(machine: Machine, old: str) -> list[str]:
    """Targets in the order of the table itself, so that the document does not depend on the hash of a set."""
    known = [str(state) for state in machine.moves]
    return sorted(
        map(str, machine.moves[old]), key=lambda state: (known.index(state) if state in known else len(known), state)
    )


def _row(old: str, new: str, machine: Machine) -> str:
    fact, stamp = machine.facts.get(new), machine.stamps.get(new, "")
    return f"| {old} | {new} | {f'`{fact.name}`' if fact else ''} | {f'`{stamp}`' if stamp else ''} |"
