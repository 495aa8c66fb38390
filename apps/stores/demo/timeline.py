"""What the player tells: a line for everything that happens, and what it came to in the end."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from apps.core.clock import now

Tell = Callable[[str], None]


@dataclass(slots=True)
class Timeline:
    """Prints as things happen, and counts."""

    tell: Tell
    total: int = 0
    placed: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    explained: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    completed: list[str] = field(default_factory=list)
    stuck: dict[str, str] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    tickets: int = 0

    def say(self, who: str, what: str) -> None:
        """One line with the time of day."""
        self.tell(f"{now().astimezone():%H:%M:%S.%f}"[:12] + f"  {who:<9}{what}")

    def headline(self, text: str) -> None:
        """The beginning of a store's day."""
        self.tell("")
        self.tell(text)
        self.tell("─" * len(text))

    def closing(self) -> list[str]:
        """The summary, as lines."""
        rows = ["", "Closing time", "────────────"]
        rows.append(
            f"{len(self.placed)} of {self.total} orders placed, {len(self.completed)} of them handed over and paid"
        )
        rows.append(f"{len(self.exact)} charged exactly what the file says, to the cent")
        rows += self._groups("charged without what is still to be built", self.explained)
        rows += [f"  ! {name}: {what}" for name, what in self.wrong.items()]
        rows += [f"  not placed: {name} – {why}" for name, why in self.refused.items()]
        rows += [f"  not finished: {name} – {why}" for name, why in self.stuck.items()]
        if self.latencies:
            middle, slowest = median(self.latencies) * 1000, max(self.latencies) * 1000
            rows.append(
                f"{self.tickets} tickets; on the kitchen screen after {middle:.0f} ms (median), {slowest:.0f} ms (slowest)"
            )
        rows.append(
            "Everything came out as it should." if self.is_fine else "Something is wrong: see the lines with “!” above."
        )
        return rows

    @staticmethod
    def _groups(title: str, groups: dict[str, list[str]]) -> list[str]:
        if not groups:
            return []
        orders = {name for names in groups.values() for name in names}
        return [f"{len(orders)} {title}:", *(f"  needs {why}: {', '.join(names)}" for why, names in groups.items())]

    @property
    def is_fine(self) -> bool:
        """No amount is wrong without a reason, and no order was left standing."""
        return not self.wrong and not self.stuck
