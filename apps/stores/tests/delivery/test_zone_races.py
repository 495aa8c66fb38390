"""Two people draw overlapping zones at the same moment: one of them is told."""

from functools import partial
from threading import Barrier
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.tests.racing import at_once
from apps.stores.models import DeliveryZone, Store
from apps.stores.services import catalog_unit, zone_rules
from apps.stores.tests.conftest import rows
from apps.stores.tests.fixtures import Shop
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db(transaction=True)


def draw_at_once(store: Store, owner: User, many: int) -> list[int]:
    token = logins.open_with_token(user=owner)

    def draw(number: int) -> int:
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        rule = {"from_km": "0", "to_km": str(number + 1)}
        body = {"name": f"Ring {number}", "fee": 5, "kind": "band", "rule": rule}
        return int(Shop(client, store.slug).post("delivery-zones/", body).status_code)

    return at_once([partial(draw, number) for number in range(many)])


def test_of_overlapping_zones_made_at_once_one_stays(store: Store, alice: User) -> None:
    statuses = draw_at_once(store, alice, 6)
    assert (statuses.count(201), statuses.count(400)) == (1, 5)
    assert len([row for row in rows(DeliveryZone, store) if row.kind == "band"]) == 1


def test_control_without_taking_turns_all_of_them_stay(
    store: Store, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, check = Barrier(6, timeout=30), zone_rules.check_overlaps

    def check_together(zone: Any) -> None:
        together.wait()
        check(zone)
        together.wait()

    monkeypatch.setattr(catalog_unit, "take_turn", lambda _store_id: None)
    monkeypatch.setattr(zone_rules, "check_overlaps", check_together)
    assert draw_at_once(store, alice, 6) == [201] * 6
