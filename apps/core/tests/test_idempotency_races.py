"""One `Idempotency-Key` pressed many times at once (M1), with its control, and the order of a request's statements."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import idempotency
from apps.core.tests.pressing import orders_of, shop_with
from apps.core.tests.racing import at_once
from apps.stores.models import Product, Store

KEY = "5f0c9a5e-6a0e-4a57-9f6f-6a4a0f4b7a11"


KEYS, COPIES = 4, 8


def _race(store: Store, burger: Product) -> list[Any]:
    def press(number: int) -> Any:
        return shop_with(store, f"cart_{number}").checkout(f"key-{number}")

    calls: list[Callable[[], Any]] = []
    for number in range(KEYS):
        shop_with(store, f"cart_{number}").add(burger)
        calls += [partial(press, number)] * COPIES
    return at_once(calls)


@pytest.mark.django_db(transaction=True)
def test_of_many_parallel_copies_one_works_and_the_others_wait_or_get_its_answer(
    store: Store, burger: Product, keep_carts_open: None
) -> None:
    answers = _race(store, burger)
    for number in range(KEYS):
        mine = answers[number * COPIES : (number + 1) * COPIES]
        done = [answer for answer in mine if answer.status_code == 201]
        busy = [answer for answer in mine if answer.status_code != 201]
        assert len({answer.content for answer in done}) == 1
        assert {answer.json()["code"] for answer in busy} <= {"request_in_progress"}
        assert all((answer.status_code, answer["Retry-After"]) == (409, "1") for answer in busy)
    assert orders_of(store) == KEYS
    print(f"\n{len(answers)} requests with {KEYS} keys: {orders_of(store)} orders, ", end="")
    print(f"{sum(answer.status_code == 409 for answer in answers)} told to come back")


@pytest.mark.django_db(transaction=True)
def test_without_the_key_the_same_race_orders_many_times(
    store: Store, burger: Product, keep_carts_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(idempotency, "_take_lock", lambda _record: None)
    monkeypatch.setattr(idempotency, "_stored_answer", lambda _record: None)
    answers = _race(store, burger)
    assert {answer.status_code for answer in answers} == {201}
    assert orders_of(store) == KEYS * COPIES


@pytest.mark.django_db(transaction=True)
def test_the_facts_of_a_request_are_its_last_statements(store: Store, burger: Product) -> None:
    """Their row lock is the one everybody in the store waits for; nothing may be locked after it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shop = shop_with(store)
    shop.add(burger)
    with CaptureQueriesContext(connection) as queries:
        assert shop.checkout(KEY).status_code == 201
    statements = [query["sql"] for query in queries]
    sequence = next(number for number, sql in enumerate(statements) if "INTO events_eventcursor" in sql)
    later = [sql for sql in statements[sequence + 1 :] if sql.startswith(("INSERT", "UPDATE", "SELECT"))]
    assert all('INTO "events_' in sql for sql in later), later


def test_a_view_without_the_header_runs_as_it_is(store: Store) -> None:
    @idempotency.idempotent
    def view(_self: Any, _request: Request) -> Response:
        return Response({"ok": True})

    class Bare:
        headers: dict[str, str] = {}

    assert view(None, Bare()).data == {"ok": True}  # all it asks for is the header
