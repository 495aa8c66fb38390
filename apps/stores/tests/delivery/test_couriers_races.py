"""Twelve guesses at the same moment are five; the control shows what the guards are for."""

from functools import partial
from threading import Barrier

import pytest
from rest_framework.test import APIClient

from apps.core.tests.racing import at_once
from apps.stores.models import CourierJob, Order, Store
from apps.stores.models.courier import MOST_GUESSES
from apps.stores.services import couriers as services
from apps.stores.tests.conftest import rows
from apps.stores.tests.delivery.hands import Courier, code_of, on_its_way, wrong
from apps.stores.tests.fixtures import Shop
from apps.users.services import logins


def _guess_at_once(store: Store, courier: Courier, order: Order, many: int) -> list[int]:
    bad, token = wrong(code_of(order)), logins.open_with_token(user=courier.user)

    def guess() -> int:
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return int(Shop(client, store.slug).post(f"deliveries/{order.pk}/deliver/", {"code": bad}).status_code)

    return at_once([partial(guess) for _ in range(many)])


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_five(attendant: Shop, dora: Courier, order: Order, store: Store) -> None:
    on_its_way(attendant, order, dora)
    statuses = _guess_at_once(store, dora, order, 12)
    assert (statuses.count(422), statuses.count(409)) == (MOST_GUESSES, 12 - MOST_GUESSES)
    assert rows(CourierJob, store)[0].guesses == MOST_GUESSES


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_condition_every_guess_would_count_as_the_first(
    attendant: Shop, dora: Courier, order: Order, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(12, timeout=30)

    def look_then_write(job: CourierJob) -> int:
        together.wait()
        CourierJob.objects.filter(pk=job.pk).update(guesses=job.guesses + 1)
        return 1

    on_its_way(attendant, order, dora)
    monkeypatch.setattr(services, "_count_guess", look_then_write)
    monkeypatch.setattr(services, "lock_order", lambda order_id: Order.objects.get(pk=order_id))
    assert _guess_at_once(store, dora, order, 12).count(422) == 12
    assert rows(CourierJob, store)[0].guesses == 1
