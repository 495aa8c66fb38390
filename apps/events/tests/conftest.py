"""Facts and listeners of the tests' own, forgotten again after each test."""

from collections.abc import Callable, Iterator
from typing import Any, TypedDict

import pytest

from apps.core.actors import Actor, system
from apps.core.scope import scope
from apps.events import registry
from apps.events.registry import Fact, Happening, Subject
from apps.events.services import record, unit_of_work
from apps.stores.models import Store

ACTOR: Actor = system("test")


class Payload(TypedDict, total=False):
    """Anything."""

    number: int


def make_fact(name: str) -> Fact:
    return Fact(name=name, title=name, payload=Payload, personal=())


@pytest.fixture
def fact() -> Iterator[Fact]:
    """A defined fact nobody else knows."""
    made = registry.define(make_fact("test.happened"))
    yield made
    del registry._registry.facts[made.name]


@pytest.fixture
def other_fact() -> Iterator[Fact]:
    made = registry.define(make_fact("test.else"))
    yield made
    del registry._registry.facts[made.name]


Listen = Callable[..., None]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Subscribe a handler for the length of the test."""
    handlers: list[Callable[[Happening], None]] = []

    def subscribe(handler: Callable[[Happening], None], *facts: Fact, **options: Any) -> None:
        handlers.append(handler)
        registry.subscribe(*facts, **options)(handler)

    yield subscribe
    for handler in handlers:
        registry.unsubscribe(handler)


def say(store: Store, fact: Fact, number: int = 0, subject: str = "thing-1") -> None:
    """One committed fact."""
    with scope(store.pk), unit_of_work():
        tell(fact, number, subject)


def tell(fact: Fact, number: int = 0, subject: str = "thing-1") -> Happening:
    """One fact in the unit that is open."""
    return record(fact, subject=Subject(type="thing", id=subject), actor=ACTOR, payload={"number": number})
