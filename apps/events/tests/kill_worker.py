"""Relay workers in processes of their own, made to be killed: `python -m apps.events.tests.kill_worker <database> <mode>`.

The process boots Django once and forks a worker for each line on its stdin, answering with `pid <number>`; that is what
makes many kills affordable. Every handled fact is a row of `kill_probe`, written by the handler.
Mode `careless` is the control: it marks a delivery done in a transaction of its own, after the handler's.
"""

import os
import signal
import sys
from datetime import timedelta
from uuid import UUID

os.environ["DJANGO_SETTINGS_MODULE"] = "config.test_settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from apps.core.clock import now  # noqa: E402
from apps.events import registry, relay  # noqa: E402
from apps.events.models import Delivery, DeliveryState  # noqa: E402
from apps.events.registry import Happening  # noqa: E402

LABEL = "test.kill_probe"
NOTE = "INSERT INTO kill_probe (number, pid) VALUES (%s, %s)"


def probe(happening: Happening) -> None:
    """Note the fact, and stay in the transaction for a moment: that is where most kills should hit."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [happening.payload["number"], os.getpid()])
        cursor.execute("SELECT pg_sleep(0.002)")


def careless_deliver(delivery_id: int, lease: UUID) -> bool:
    """The handler's writes are committed, then the delivery is marked: a kill between the two handles it twice."""
    number = Delivery.objects.select_related("event").get(id=delivery_id).event.payload["number"]
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [number, os.getpid()])
        print(f"handled {number}", flush=True)
        cursor.execute("SELECT pg_sleep(0.01)")
    Delivery.objects.filter(id=delivery_id, lease=lease).update(state=DeliveryState.DONE, done_at=now())
    return True


def work() -> None:
    """Relay until killed."""
    while True:
        if not relay.drain():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")


def main(database: str, mode: str) -> None:
    """Fork a worker for every line that comes in."""
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
    registry._registry.handlers[LABEL] = probe
    relay.LEASE = timedelta(seconds=1)
    if mode == "careless":
        relay._deliver_fresh = lambda ids, lease: sum(careless_deliver(number, lease) for number in ids)
        relay._deliver = careless_deliver
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        pid = os.fork()
        if not pid:
            work()
        print(f"pid {pid}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
