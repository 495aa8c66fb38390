"""A relay worker in a process of its own, made to be killed: `python -m apps.events.tests.kill_worker <database> <mode>`.

Every handled fact is a row of `kill_probe`, written in the handler. The line on stdout comes from inside the transaction,
so that a parent that kills on reading it hits the worst moment. Mode `careless` is the control: it marks a delivery done
in a transaction of its own, after the handler's.
"""

import os
import sys
from datetime import timedelta
from uuid import UUID

os.environ["DJANGO_SETTINGS_MODULE"] = "config.test_settings"

import django  # noqa: E402 - the settings module has to be named first

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from apps.core.clock import now  # noqa: E402
from apps.events import registry, relay  # noqa: E402
from apps.events.models import Delivery, DeliveryState  # noqa: E402
from apps.events.registry import Happening  # noqa: E402

LABEL = "test.kill_probe"


def probe(happening: Happening) -> None:
    """Note the fact, and say so before the commit."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kill_probe (number, pid) VALUES (%s, %s)", [happening.payload["number"], os.getpid()])
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("handlers run in a transaction")
    print(happening.payload["number"], flush=True)


def careless_deliver(delivery_id: int, lease: UUID) -> bool:
    """The handler's writes are committed, then the delivery is marked: a kill between the two handles it twice."""
    delivery = Delivery.objects.select_related("event").get(id=delivery_id)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kill_probe (number, pid) VALUES (%s, %s)", [delivery.event.payload["number"], os.getpid()])
    print(delivery.event.payload["number"], flush=True)
    Delivery.objects.filter(id=delivery_id, lease=lease).update(state=DeliveryState.DONE, done_at=now())
    return True


def main(database: str, mode: str) -> None:
    """Relay until killed."""
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
    registry._registry.handlers[LABEL] = probe
    relay.LEASE = timedelta(seconds=1)
    if mode == "careless":
        relay._deliver = careless_deliver
    print("ready", flush=True)
    while True:
        if not relay.drain():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")


if __name__ == "__main__":
    main(*sys.argv[1:])
