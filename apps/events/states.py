"""Mechanism 5, states: allowed moves as a table, and one way to make them.

`Machine.move` is a conditional UPDATE on the old state. Losing the race is a normal branch (409). The move is
stored as its fact (from, to, actor, reason, time), so the log *is* the history of an object's states.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict
from apps.core.scope import ScopedModel
from apps.events.registry import Fact, Subject
from apps.events.services import is_open, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The table of one kind of object: state → states it may move to, and the fact each arrival records."""

    subject: str
    moves: Mapping[str, frozenset[str]]
    facts: Mapping[str, Fact]
    stamps: Mapping[str, str]
    field: str = "status"

    def allows(self, old: str, new: str) -> bool:
        """Whether the table has this move."""
        return new in self.moves.get(old, frozenset())

    def final(self) -> frozenset[str]:
        """States nothing leaves."""
        return frozenset(state for state, targets in self.moves.items() if not targets)

    def move(
        self,
        obj: ScopedModel,
        to: str,
        *,
        actor: Actor,
        payload: Callable[[], Mapping[str, Any]] = dict,
        reason: str = "",
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        """Move `obj` to `to` and record it. `changes` are columns set by the same UPDATE; `payload` is asked afterwards.

        Raises `Conflict` `illegal_transition` when the table forbids it, `stale_state` when somebody was faster, and
        `RuntimeError` outside a unit of work: the move would be kept and its fact lost.
        """
        if not is_open():
            raise RuntimeError(f"{self.subject} moved outside a unit of work")
        old = str(getattr(obj, self.field))
        if not self.allows(old, to):
            labels = dict(getattr(obj._meta.get_field(self.field), "flatchoices", ()))
            shown = {"old": labels.get(old, old), "new": labels.get(to, to)}
            raise Conflict("illegal_transition", _("This cannot go from “%(old)s” to “%(new)s”.") % shown)
        moment = now()
        values = {self.field: to, **(changes or {})}
        if to in self.stamps:
            values[self.stamps[to]] = moment
        if any(field.name == "updated_at" for field in obj._meta.concrete_fields):
            values["updated_at"] = moment
        rows = type(obj).objects.filter(pk=obj.pk, **{self.field: old})
        if not rows.update(**values):
            raise Conflict("stale_state", _("Somebody else changed this a moment ago. Reload and try again."))
        for name, value in values.items():
            setattr(obj, name, value)
        fact = self.facts.get(to)
        if fact is not None:
            body = {**payload(), "from": old, "to": to, "reason": reason}
            record(fact, subject=Subject(type=self.subject, id=obj.pk), actor=actor, payload=body, occurred_at=moment)
