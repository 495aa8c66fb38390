"""Order → kitchen screen: how long until the last of many sockets shows a ticket."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from dataclasses import dataclass, field

import websockets

from tools.bench.load import Connection, post
from tools.bench.world import SLUG, World, clear_screens

SCREENS, RATE = 200, 20.0


@dataclass(slots=True)
class Seen:
    """When each order was sent, and how long each screen waited for its ticket, in milliseconds."""

    sent: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)


async def _screen(port: int, token: str, seen: Seen, ready: asyncio.Semaphore, until: float) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{port}/ws/stores/{SLUG}/kitchen/", max_size=2**24) as socket:
        await socket.send(json.dumps({"type": "auth", "token": token, "after": None}))
        while json.loads(await socket.recv()).get("type") != "snapshot":
            pass
        ready.release()
        while (left := until - time.perf_counter()) > 0:
            try:
                frame = json.loads(await asyncio.wait_for(socket.recv(), left))
            except TimeoutError:
                return
            if frame.get("type") == "ticket.created":
                started = seen.sent.get(frame["ticket"].get("customer", ""))
                if started is not None:
                    seen.waits.append((time.perf_counter() - started) * 1000)


def _orders(port: int, world: World, seen: Seen, *, count: int, rate: float) -> None:
    connection = Connection(port)
    base = f"/api/v1/stores/s/{SLUG}/"
    for number in range(count):
        key, started = f"cart_{uuid.uuid4()}", time.perf_counter()
        connection.request(
            post(base + "cart/add/", json.dumps({"product_id": world.products[number]}).encode(), X_Cart_Key=key)
        )
        body = {
            "customer_name": key,
            "customer_phone": "63999990000",
            "delivery_method": "pickup",
            "payment_method": "cash",
        }
        seen.sent[key] = time.perf_counter()
        connection.request(post(base + "checkout/", json.dumps(body).encode(), X_Cart_Key=key), expect=(201,))
        time.sleep(max(0.0, 1 / rate - (time.perf_counter() - started)))


async def _watch(port: int, live: int, world: World, sockets: int, count: int, rate: float) -> Seen:
    seen, ready = Seen(), asyncio.Semaphore(0)
    until = time.perf_counter() + 20 + count / rate * 3
    screens = [asyncio.create_task(_screen(live, world.token, seen, ready, until)) for _socket in range(sockets)]
    for _socket in range(sockets):
        await ready.acquire()
    await asyncio.to_thread(_orders, port, world, seen, count=count, rate=rate)
    while len(seen.waits) < sockets * count and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    for screen in screens:
        screen.cancel()
    await asyncio.gather(*screens, return_exceptions=True)
    return seen


def measure(port: int, live: int, world: World, *, sockets: int = SCREENS, count: int = 60, rate: float = RATE) -> Seen:
    """`count` orders at `rate` per second while `sockets` screens watch. `sent` holds the orders, `waits` every sighting."""
    clear_screens()
    found: list[Seen] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(_watch(port, live, world, sockets, count, rate))))
    thread.start()
    thread.join()
    return found[0]
