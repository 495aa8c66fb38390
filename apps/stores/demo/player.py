"""Plays the sample day of the demo stores: customers order, the counter confirms, the kitchen cooks, couriers leave."""

import time
from collections import deque
from collections.abc import Iterator
from datetime import datetime

from apps.core.clock import local, now
from apps.stores.demo.client import Client
from apps.stores.demo.journey import House, Journey
from apps.stores.demo.loading import PASSWORD
from apps.stores.demo.screen import KitchenScreen
from apps.stores.demo.timeline import Timeline
from apps.stores.demo.wishes import Cast

# Seconds between two things that happen, at speed 1.
PAUSE_SECONDS = 0.5


def play_store(cast: Cast, *, base_url: str, speed: float, timeline: Timeline) -> None:
    """Play all sample orders of one store against the server at `base_url`."""
    menu = Client(base_url).get(f"stores/s/{cast.slug}/catalog/")
    orders = cast.document["orders"]
    timeline.total += len(orders)
    timeline.headline(f"{menu['store']['name']} – {len(orders)} orders, {len(menu['products'])} products on the menu")
    counter, kitchen = _staff(cast, base_url, "owner", "manager"), _kitchen(cast, base_url)
    with KitchenScreen(base_url, cast.slug, kitchen.token) as screen:
        timeline.say("kitchen", f"screen is on, {screen.open_tickets} tickets open")
        house = House(
            cast=cast,
            browser=lambda: Client(base_url),
            counter=counter,
            kitchen=kitchen,
            screen=screen,
            timeline=timeline,
        )
        _evening(house, pause=PAUSE_SECONDS / speed)
        timeline.say("kitchen", f"screen saw {screen.frames} frames")


def _staff(cast: Cast, base_url: str, *roles: str) -> Client:
    client = Client(base_url)
    client.login(cast.login(*roles), PASSWORD)
    return client


def _kitchen(cast: Cast, base_url: str) -> Client:
    """A cook, if one works for all outlets; else the owner stands at the stove."""
    outlets = {row["slug"] for row in cast.document["outlets"]}
    cooks = [row for row in cast.document["staff"] if row["role"] == "kitchen"]
    everywhere = any(not row["outlets"] or set(row["outlets"]) == outlets for row in cooks)
    return _staff(cast, base_url, *(("kitchen",) if everywhere else ()), "owner")


def _evening(house: House, *, pause: float) -> None:
    """A new order comes in while the earlier ones move on by a step."""
    waiting = deque(house.cast.document["orders"])
    under_way: list[Iterator[None]] = []
    while waiting or under_way:
        if waiting:
            under_way.insert(0, Journey(house, waiting.popleft(), _store_time(house.cast)).steps())
        still = []
        for steps in under_way:
            if next(steps, StopIteration) is not StopIteration:
                still.append(steps)
            time.sleep(pause)
        under_way = still


def _store_time(cast: Cast) -> datetime:
    return local(now(), cast.document["store"]["timezone"]).replace(tzinfo=None)
