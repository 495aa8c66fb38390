"""The hub of one ASGI process: reads each watched store's log once and hands facts to its screens.

Redis only says "store X has reached seq N". The facts themselves are read from PostgreSQL after the hub's own
cursor, so nothing can be lost or reordered on the way, and while Redis is away a poll every two seconds takes
over. (Pushing payloads through a channel layer would be at-most-once: see docs/adr.)
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import redis
from channels.db import database_sync_to_async

from apps.core.ids import parse_uuid
from apps.core.redis import async_client
from apps.events import queries
from apps.events.models import Event
from apps.events.wake import CHANNEL

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
RECONNECT_SECONDS = 1.0
BATCH = 200


class Screen(Protocol):
    """A connected socket. `offer` must not block: a slow screen is its own problem."""

    def offer(self, event: Event) -> None:
        """Take one fact, in order."""


class Hub:
    """Watches the logs of the stores that have screens here. Lives in one event loop."""

    def __init__(self) -> None:
        self._screens: dict[UUID, set[Screen]] = {}
        self._cursors: dict[UUID, int] = {}
        self._locks: dict[UUID, asyncio.Lock] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, store_id: UUID, screen: Screen) -> int:
        """Start feeding `screen`; every fact after the returned sequence number will be offered to it."""
        async with self._locks.setdefault(store_id, asyncio.Lock()):
            if store_id not in self._cursors:
                self._cursors[store_id] = await database_sync_to_async(queries.last_seq)(store_id)
            # From here on nothing is awaited: during an await the last other screen may leave, which stops the tasks.
            self._screens.setdefault(store_id, set()).add(screen)
            self._start()
            return self._cursors[store_id]

    def leave(self, store_id: UUID, screen: Screen) -> None:
        """Stop feeding `screen`; a store nobody watches is forgotten, a hub without stores stops."""
        screens = self._screens.get(store_id, set())
        screens.discard(screen)
        if not screens:
            self._screens.pop(store_id, None)
            self._cursors.pop(store_id, None)
        if not self._screens:
            self._stop()

    async def advance(self, store_id: UUID) -> None:
        """Read what is new in one log and offer it to every screen of the store."""
        lock = self._locks.setdefault(store_id, asyncio.Lock())
        async with lock:
            while store_id in self._cursors:
                events = await database_sync_to_async(self._read)(store_id, self._cursors[store_id])
                for event in events:
                    if store_id not in self._cursors:  # the last screen left meanwhile
                        return
                    self._cursors[store_id] = event.seq
                    for screen in tuple(self._screens.get(store_id, ())):
                        screen.offer(event)
                if len(events) < BATCH:
                    return

    @staticmethod
    def _read(store_id: UUID, after: int) -> list[Event]:
        return list(queries.feed(store_id, after=after, limit=BATCH))

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._forever(part)) for part in (self._listen, self._poll)]

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def _forever(self, part: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await part()
            except (redis.RedisError, OSError) as error:
                log.warning("live_hub_without_redis", extra={"error": type(error).__name__})
            except Exception:  # the hub outlives a database restart; sockets stay open and catch up
                log.exception("live_hub_failed")
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        client = async_client()
        try:
            async with client.pubsub() as subscription:
                await subscription.subscribe(CHANNEL)
                async for message in subscription.listen():
                    if message["type"] == "message":
                        await self._heard(bytes(message["data"]))
        finally:
            with contextlib.suppress(redis.RedisError, OSError):
                await client.aclose()

    async def _heard(self, announcement: bytes) -> None:
        """`store:seq`. What has been read already (a burst is announced once per commit) costs nothing more."""
        name, _colon, seq = announcement.decode(errors="replace").partition(":")
        store_id = parse_uuid(name)
        if store_id is not None and seq.isdecimal() and int(seq) > self._cursors.get(store_id, int(seq)):
            await self.advance(store_id)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            for store_id in tuple(self._cursors):
                await self.advance(store_id)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop. Those of closed loops are forgotten: their tasks will never run again."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for closed in [known for known in _hubs if known.is_closed()]:
            del _hubs[closed]
        _hubs[loop] = Hub()
    return _hubs[loop]
