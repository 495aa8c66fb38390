"""What facts exist and who listens. Filled at start-up by `<room>/facts.py` and `<room>/subscribers.py`.

A fact cannot be defined without a title (how it reads in a timeline) and a statement of which payload keys
are personal (what erasure shreds; an empty tuple is a statement too). Duplicates raise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from apps.core.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A kind of fact. `payload` is the TypedDict its rows carry."""

    name: str
    title: str | Promise
    payload: type
    personal: tuple[str, ...]
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a fact is about: a type such as `order`, and an id."""

    type: str
    id: UUID | str

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One recorded fact as subscribers see it.

    Inline subscribers have no `seq` (it is not given out yet) and may find `in_hand` what the recorder has just written;
    those told by the relay have the `seq`, the row's `event_id`, and nothing in hand.
    """

    name: str
    store_id: UUID
    subject: Subject
    payload: dict[str, Any]
    actor: Actor
    occurred_at: datetime
    seq: int | None = None
    event_id: int | None = None
    in_hand: Any = None


Handler = Callable[[Happening], None]


@dataclass(slots=True)
class _Registry:
    facts: dict[str, Fact] = field(default_factory=dict)
    inline: dict[str, list[Handler]] = field(default_factory=dict)
    relayed: dict[str, list[str]] = field(default_factory=dict)
    handlers: dict[str, Handler] = field(default_factory=dict)


_registry = _Registry()


def define(fact: Fact) -> Fact:
    """Make a fact known. Raises on a second definition of the same name."""
    if fact.name in _registry.facts:
        raise ValueError(f"fact {fact.name} is defined twice")
    _registry.facts[fact.name] = fact
    return fact


def is_defined(fact: Fact) -> bool:
    """Whether exactly this fact was defined."""
    return _registry.facts.get(fact.name) is fact


def all_facts() -> list[Fact]:
    """Every known fact, by name – for documents and the erasure job."""
    return [_registry.facts[name] for name in sorted(_registry.facts)]


def subscribe(*facts: Fact, inline: bool = False, name: str = "") -> Callable[[Handler], Handler]:
    """Register a handler. Inline ones run in the recording transaction and are for invariants only;
    the others are told by the relay, at least once per fact and in order per subject."""

    def decorator(handler: Handler) -> Handler:
        label = name or f"{handler.__module__.removeprefix('apps.').removesuffix('.subscribers')}.{handler.__name__}"
        _check_new(label, handler, facts, inline=inline)
        for fact in facts:
            if inline:
                _registry.inline.setdefault(fact.name, []).append(handler)
            else:
                _registry.relayed.setdefault(fact.name, []).append(label)
        if not inline:
            _registry.handlers[label] = handler
        return handler

    return decorator


def _check_new(label: str, handler: Handler, facts: tuple[Fact, ...], *, inline: bool) -> None:
    """Twice would mean handled twice (inline) or two deliveries of one fact, which the table refuses at every commit."""
    if not inline and _registry.handlers.get(label, handler) is not handler:
        raise ValueError(f"subscriber {label} is registered twice")
    for fact in facts:
        known: Sequence[object] = (
            _registry.inline.get(fact.name, ()) if inline else _registry.relayed.get(fact.name, ())
        )
        if (handler if inline else label) in known or facts.count(fact) > 1:
            raise ValueError(f"subscriber {label} hears of {fact.name} twice")


def unsubscribe(handler: Handler) -> None:
    """Forget a handler (tests register their own)."""
    for handlers in _registry.inline.values():
        handlers[:] = [known for known in handlers if known is not handler]
    gone = [label for label, known in _registry.handlers.items() if known is handler]
    for label in gone:
        del _registry.handlers[label]
        for labels in _registry.relayed.values():
            labels[:] = [known for known in labels if known != label]


def inline_handlers(name: str) -> Iterable[Handler]:
    """Handlers to run now, in the caller's transaction."""
    return tuple(_registry.inline.get(name, ()))


def relayed_labels(name: str) -> Iterable[str]:
    """Subscribers to tell later."""
    return tuple(_registry.relayed.get(name, ()))


def handler_of(label: str) -> Handler | None:
    """The handler behind a delivery row; None if the code that knew it is gone."""
    return _registry.handlers.get(label)
