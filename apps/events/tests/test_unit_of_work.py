"""Facts and rows are committed together or not at all, and a store's sequence is the order of its commits."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from apps.core.actors import Actor, ActorKind
from apps.core.scope import ScopeError, scope
from apps.events import queries
from apps.events.models import Delivery, Event
from apps.events.registry import Fact, Happening, Subject
from apps.events.services import is_open, record, unit_of_work
from apps.events.tests.conftest import Listen, make_fact, say, tell
from apps.stores.models import Store


def _numbers(store: Store) -> list[int]:
    return [event.payload["number"] for event in queries.feed(store.pk, after=queries_start(store), limit=1_000)]


def queries_start(store: Store) -> int:
    """Facts of the fixtures come first; ours are those of the subject type `thing`."""
    first = Event.objects.filter(store=store, subject_type="thing").order_by("seq").first()
    return first.seq - 1 if first else 10**9


def test_a_fact_recorded_outside_a_unit_is_a_bug(store: Store, fact: Fact) -> None:
    with scope(store.pk), pytest.raises(RuntimeError, match="outside a unit"):
        tell(fact)
    with scope(store.pk), transaction.atomic(), pytest.raises(RuntimeError, match="outside a unit"):
        tell(fact)


def test_a_fact_nobody_defined_or_without_a_store_is_a_bug(store: Store, fact: Fact) -> None:
    with pytest.raises(RuntimeError, match="not a defined fact"), scope(store.pk), unit_of_work():
        tell(make_fact("test.unheard_of"))
    with pytest.raises(RuntimeError, match="not a defined fact"), scope(store.pk), unit_of_work():
        tell(make_fact(fact.name))  # a double, not the defined one
    with pytest.raises(ScopeError), unit_of_work():
        tell(fact)


def test_a_unit_of_another_thread_is_not_ours(store: Store, fact: Fact) -> None:
    """A context copied into a thread carries the unit, but not its transaction."""
    from contextvars import copy_context

    errors: list[Exception] = []

    def elsewhere() -> None:
        try:
            assert not is_open()
            tell(fact)
        except RuntimeError as error:
            errors.append(error)
        finally:
            connection.close()

    with scope(store.pk), unit_of_work():
        context = copy_context()
        thread = threading.Thread(target=context.run, args=(elsewhere,))
        thread.start()
        thread.join(10)
        assert is_open()
    assert len(errors) == 1


def test_a_rollback_leaves_no_fact_no_delivery_and_no_gap(store: Store, fact: Fact, listen: Listen) -> None:
    listen(lambda _happening: None, fact, name="test.listener")
    say(store, fact, 1)
    before = queries.last_seq(store.pk)
    with pytest.raises(ZeroDivisionError), scope(store.pk), unit_of_work():
        tell(fact, 2)
        raise ZeroDivisionError
    assert (queries.last_seq(store.pk), Delivery.objects.count()) == (before, 1)
    say(store, fact, 3)
    assert queries.last_seq(store.pk) == before + 1
    assert _numbers(store) == [1, 3]


def test_a_unit_inside_a_unit_joins_it(store: Store, fact: Fact) -> None:
    with scope(store.pk), unit_of_work():
        tell(fact, 1)
        with unit_of_work():
            tell(fact, 2)
        tell(fact, 3)
        assert _numbers(store) == [], "nothing is written before the end"
    assert _numbers(store) == [1, 2, 3]


def test_a_failed_inner_unit_takes_the_outer_one_along_even_if_it_is_caught(store: Store, fact: Fact) -> None:
    with pytest.raises(transaction.TransactionManagementError), scope(store.pk), unit_of_work():
        tell(fact, 1)
        try:
            with unit_of_work():
                tell(fact, 2)
                raise ZeroDivisionError
        except ZeroDivisionError:
            tell(fact, 3)
    assert _numbers(store) == []


def test_what_a_savepoint_took_back_is_not_told(store: Store, fact: Fact) -> None:
    """A service that tries something inside a savepoint and carries on without it must not announce the attempt."""
    with scope(store.pk), unit_of_work():
        tell(fact, 1)
        try:
            with transaction.atomic():
                tell(fact, 2)
                with transaction.atomic():
                    tell(fact, 3)
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        with transaction.atomic():
            tell(fact, 4)
    assert _numbers(store) == [1, 4]


def test_an_outer_rollback_after_the_unit_takes_the_facts_along(store: Store, fact: Fact) -> None:
    before = queries.last_seq(store.pk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(store, fact, 1)
        raise ZeroDivisionError
    assert (_numbers(store), queries.last_seq(store.pk)) == ([], before)


def test_one_unit_takes_two_statements_for_any_number_of_facts(
    store: Store, fact: Fact, listen: Listen, django_assert_num_queries: Any
) -> None:
    listen(lambda _happening: None, fact, name="test.listener")
    with (
        transaction.atomic(),
        scope(store.pk),
        django_assert_num_queries(4),
        unit_of_work(),
    ):  # with the savepoint's two
        for number in range(50):
            tell(fact, number)
    assert Delivery.objects.count() == 50


def test_an_inline_subscriber_that_fails_rolls_everything_back(store: Store, fact: Fact, listen: Listen) -> None:
    def refuse(happening: Happening) -> None:
        if happening.payload["number"] == 2:
            raise ZeroDivisionError

    listen(refuse, fact, inline=True)
    with pytest.raises(ZeroDivisionError), scope(store.pk), unit_of_work():
        Store.objects.filter(pk=store.pk).update(name="Changed")
        tell(fact, 1)
        tell(fact, 2)
    assert Store.objects.get(pk=store.pk).name != "Changed"
    assert _numbers(store) == []


def test_inline_subscribers_run_at_once_in_order_and_may_record(
    store: Store, fact: Fact, other_fact: Fact, listen: Listen
) -> None:
    seen: list[tuple[int, int | None]] = []

    def first(happening: Happening) -> None:
        seen.append((1, happening.seq))
        tell(other_fact, happening.payload["number"] * 10)

    listen(first, fact, inline=True)
    listen(lambda happening: seen.append((2, happening.seq)), fact, inline=True)
    with scope(store.pk), unit_of_work():
        tell(fact, 1)
        assert seen == [(1, None), (2, None)], "a sequence number is not given out yet"
        tell(fact, 2)
    assert _numbers(store) == [1, 10, 2, 20]


def test_facts_cannot_be_changed_or_deleted_through_their_model(store: Store, fact: Fact) -> None:
    say(store, fact)
    event = Event.objects.get(name=fact.name)
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_a_person_with_a_very_long_name_can_still_do_things(store: Store, fact: Fact) -> None:
    actor = Actor(kind=ActorKind.STAFF, id="x", label="É" * 400)
    with scope(store.pk), unit_of_work():
        record(fact, subject=Subject(type="thing", id="1"), actor=actor, payload={"number": 1})
    assert Event.objects.get(name=fact.name).actor_label == "É" * 120


def test_each_store_counts_by_itself(store: Store, other_store: Store, fact: Fact) -> None:
    start, other_start = queries.last_seq(store.pk), queries.last_seq(other_store.pk)
    for number in range(3):
        say(store, fact, number)
    say(other_store, fact, 9)
    assert (queries.last_seq(store.pk), queries.last_seq(other_store.pk)) == (start + 3, other_start + 1)
    assert _numbers(other_store) == [9]
    assert {event.store_id for event in queries.history(store.pk, subject_type="thing", subject_id="thing-1")} == {
        store.pk
    }
