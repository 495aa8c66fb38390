"""What may be registered, and what raises at start-up instead of going wrong at night."""

from collections.abc import Callable

import pytest

from apps.events import registry
from apps.events.registry import Fact, Happening, Subject
from apps.events.tests.conftest import Listen, make_fact, say
from apps.stores.models import Store


def _ignore(_happening: Happening) -> None:
    """Listens and does nothing."""


def _ignore_too(_happening: Happening) -> None:
    """Another one."""


def test_a_fact_is_defined_once(fact: Fact) -> None:
    with pytest.raises(ValueError, match="defined twice"):
        registry.define(make_fact(fact.name))
    assert registry.is_defined(fact)
    assert not registry.is_defined(make_fact(fact.name))
    assert fact in registry.all_facts()


def _state() -> tuple[object, ...]:
    known = registry._registry
    return (
        {name: list(handlers) for name, handlers in known.inline.items() if handlers},
        {name: list(labels) for name, labels in known.relayed.items() if labels},
        dict(known.handlers),
    )


Again = Callable[[Fact, Fact], object]
TWICE: dict[str, Again] = {
    "another handler under a known name": lambda fact, _other: registry.subscribe(fact, name="test.one")(_ignore_too),
    "the same handler for the same fact": lambda fact, _other: registry.subscribe(fact, name="test.one")(_ignore),
    "one fact listed twice": lambda _fact, other: registry.subscribe(other, other, name="test.one")(_ignore),
    "inline twice": lambda fact, _other: registry.subscribe(fact, inline=True)(_ignore_too),
    "inline, listed twice": lambda _fact, other: registry.subscribe(other, other, inline=True)(_ignore_too),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_subscriber_is_registered_once(fact: Fact, other_fact: Fact, listen: Listen, name: str) -> None:
    listen(_ignore, fact, name="test.one")
    listen(_ignore_too, fact, inline=True)
    before = _state()
    with pytest.raises(ValueError, match="twice"):
        TWICE[name](fact, other_fact)
    assert _state() == before, "a refused registration leaves nothing behind"


def test_one_handler_may_hear_of_several_facts_also_one_by_one(fact: Fact, other_fact: Fact, listen: Listen) -> None:
    listen(_ignore, fact, name="test.one")
    registry.subscribe(other_fact, name="test.one")(_ignore)
    assert list(registry.relayed_labels(fact.name)) == list(registry.relayed_labels(other_fact.name)) == ["test.one"]
    assert registry.handler_of("test.one") is _ignore


def test_a_handler_is_called_after_its_module(fact: Fact, listen: Listen, store: Store) -> None:
    listen(_ignore, fact)
    (label,) = registry.relayed_labels(fact.name)
    assert label == "events.tests.test_registry._ignore"
    say(store, fact)


def test_a_forgotten_handler_is_forgotten_everywhere(fact: Fact) -> None:
    registry.subscribe(fact, name="test.one")(_ignore)
    registry.subscribe(fact, inline=True)(_ignore)
    registry.unsubscribe(_ignore)
    assert not list(registry.relayed_labels(fact.name))
    assert not list(registry.inline_handlers(fact.name))
    assert registry.handler_of("test.one") is None


def test_every_registered_name_fits_its_column_and_has_a_handler() -> None:
    for labels in registry._registry.relayed.values():
        for label in labels:
            assert len(label) <= 80
            assert registry.handler_of(label)
    for known in registry.all_facts():
        assert len(known.name) <= 60
        assert known.title
        assert isinstance(known.personal, tuple)
    assert str(Subject(type="order", id="x")) == "order:x"
