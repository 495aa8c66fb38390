"""How often somebody nobody knows may order: per address, per phone, and how many orders may wait for their money.

Placing an order takes stock out of sale, and takes no login. So the orders of an address and of a phone are counted before
anything is locked, and one phone holds only a few unpaid orders. Staff and tills who may edit orders are not limited.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.clock import now
from apps.core.idempotency import REPLAYED, before_commit
from apps.core.problems import TooMany
from apps.stores.api.body import body_of
from apps.stores.permissions import Perm
from apps.stores.queries.access import Access
from apps.stores.queries.orders import unpaid_of_phone
from apps.users.services import attempts
from apps.users.services.attempts import Limit

WINDOW, COOLDOWN = timedelta(minutes=10), timedelta(minutes=5)
# However a number is written – with or without country, area or ninth digit – it ends in the same digits.
LAST_DIGITS = 8

Spending = tuple[Limit, str]


def counted(request: Request, *, store_id: UUID, access: Access | None, place: Callable[[], Response]) -> Response:
    """`place()`, counted for the caller's address and phone. 429 `too_many_attempts` with Retry-After over a limit.

    Only orders count: what was refused, or was placed before, is given back.
    """
    spendings = [] if _is_staff(access) else _spendings(request, store_id)
    if spendings:
        attempts.spend_each(*spendings)
    try:
        response = place()
    except Exception:
        _give_back(spendings)
        raise
    if response.status_code != 201 or REPLAYED in response.headers:
        _give_back(spendings)
    return response


@contextmanager
def few_unpaid(phone: str, *, store_id: UUID, access: Access | None) -> Iterator[None]:
    """A transaction that places an order paid on line: 429 `too_many_unpaid_orders` if this phone then has too many.

    `phone` as written. Orders of one phone wait for each other from here to the commit, so that none is overlooked. The
    count comes last: pressing twice finds the order of the first press, which is not one more.
    """
    most, digits = settings.UNPAID_ORDERS_PER_PHONE, _digits(phone)
    if not most or not digits or _is_staff(access):
        yield
        return
    number = int.from_bytes(sha256(f"unpaid {store_id} {digits}".encode()).digest()[:8], signed=True)
    with transaction.atomic(savepoint=before_commit.get() is None):  # within a stored answer all of it rolls back
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        yield
        ends = unpaid_of_phone(digits)
        if len(ends) > most:
            wait = max(1, int((min(ends) - now()).total_seconds()) + 1)
            text = _("Pay for your other orders first, or wait until they expire.")
            raise TooMany("too_many_unpaid_orders", text, retry_after=wait)


def _spendings(request: Request, store_id: UUID) -> list[Spending]:
    phone = _digits(str(body_of(request).get("customer_phone") or ""))
    wanted = [
        ("order-address", settings.CHECKOUTS_PER_ADDRESS, attempts.client_address(request.META)),
        ("order-phone", settings.CHECKOUTS_PER_PHONE, phone),
    ]
    return [
        (Limit(name=name, most=most, window=WINDOW, cooldown=COOLDOWN), f"{store_id} {who}")
        for name, most, who in wanted
        if most and who
    ]


def _give_back(spendings: list[Spending]) -> None:
    for limit, who in spendings:
        attempts.give_back(limit, who)


def _is_staff(access: Access | None) -> bool:
    return access is not None and Perm.ORDERS_EDIT in access.permissions


def _digits(phone: str) -> str:
    """The digits that tell phones apart; empty when there is no phone (a till sends zeros for "not asked")."""
    return re.sub(r"\D", "", phone)[-LAST_DIGITS:] if phone.strip("0 ") else ""
