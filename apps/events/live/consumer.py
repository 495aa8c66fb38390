"""The base of every socket: first-message auth, greeting with the sequence number, what was missed, live frames.

Frames (JSON): client → `{"type":"auth","token":…,"after":<seq or null>}`; server → `{"type":"connection_established",…,"seq":N}`,
then missed frames, or one `snapshot` or `resync`, then live ones, each with `seq`. `ping` is answered with `pong`.
Close codes: 4401 bad token (or the right to look has ended), 4403 not yours, 4408 no auth within ten seconds, 4409 too
slow to keep up (or not fed), 4410 rights have changed: come in again. All frames and codes: docs/sockets.md.
"""

import asyncio
import contextlib
import logging
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db.models import Q

from apps.core.http.renderers import dumps
from apps.events import queries
from apps.events.live.hub import hub
from apps.events.models import Event

log = logging.getLogger(__name__)

BAD_TOKEN, NOT_YOURS, NO_AUTH, TOO_SLOW, COME_AGAIN = 4401, 4403, 4408, 4409, 4410
AUTH_SECONDS = 10.0
HEARTBEAT_SECONDS = 30
MAX_WAITING = 1_000
# A screen that missed more frames than this is sent the state instead of the story, and so is one that was away for
# so many facts that even looking for its own among them would take long.
MAX_REPLAY = 500
MAX_GAP = 20_000
PAGE = 500
MAX_FRAME = 4_096


class Turned(Exception):
    """A socket that is refused, with the close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """An accepted screen: which store's log it reads, who is looking, and whatever decides what is shown of it."""

    store_id: UUID
    who: str
    rights: Hashable = None


class LogConsumer(AsyncWebsocketConsumer):
    """Subclasses say who may look (`admit`), how a fact looks (`frame`), and the state for a newcomer (`snapshot`)."""

    auth_in_url: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitor: Visitor | None = None
        self._token = ""
        self._cursor = 0
        self._log_was_at = 0
        self._sent: int | None = None
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(maxsize=MAX_WAITING)
        self._jobs: list[asyncio.Task[None]] = []
        self._is_closed = False

    # -- what a room fills in -------------------------------------------------------------------------------

    def admit(self, token: str) -> Visitor:
        """Who holds `token` and may look here. Raises `Turned`. Runs in a thread, may query."""
        raise NotImplementedError

    def greeting(self) -> dict[str, Any]:
        """Extra members of the `connection_established` frame. Runs in a thread, may query."""
        return {}

    def snapshot(self) -> list[dict[str, Any]]:
        """Frames that bring an empty screen up to date. Runs in a thread, may query."""
        return []

    def concerning(self) -> Q:
        """Which facts this screen can show at all, for the database; `frame` has the last word. Default: all of them."""
        return Q()

    def frame(self, event: Event) -> dict[str, Any] | None:
        """How this screen shows a fact; None if it does not care. Must not query."""
        raise NotImplementedError

    def must_leave(self, event: Event) -> bool:
        """Whether this fact changes or ends the visitor's right to look. Asked of what happens now, never of the past."""
        return False

    # -- the protocol ---------------------------------------------------------------------------------------

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one socket, and leave nothing behind whatever ends it (a failing query, too)."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def connect(self) -> None:
        """Accept, then wait for the auth frame (or take the token from the path)."""
        await self.accept()
        if self.auth_in_url:
            await self._enter("", None)
        else:
            self._jobs.append(asyncio.create_task(self._give_up_waiting()))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Auth first, then pings. Anything else is ignored: a screen only listens."""
        message = self._parse(text_data)
        kind = message.get("type")
        if self.visitor is None:
            if kind == "auth":
                after = message.get("after")
                await self._enter(str(message.get("token") or ""), after if type(after) is int and after >= 0 else None)
        elif kind == "ping":
            await self._send({"type": "pong", "timestamp": message.get("timestamp")})

    async def disconnect(self, code: int) -> None:
        """Leave the hub and end the helper tasks."""
        self._leave()

    def _leave(self) -> None:
        self._is_closed = True
        if self.visitor is not None:
            hub().leave(self.visitor.store_id, self)
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()

    async def _end(self, code: int) -> None:
        """Say goodbye once; from here on nothing is sent, not even what was already waiting."""
        if self._is_closed:
            return
        self._is_closed = True
        if self.visitor is not None:
            hub().leave(self.visitor.store_id, self)
        for job in self._jobs:
            if job is not asyncio.current_task():
                job.cancel()
        with contextlib.suppress(RuntimeError, ConnectionError):
            await self.close(code)

    def offer(self, event: Event) -> None:
        """The hub's hand-over; never blocks. A screen that cannot keep up is closed and will replay."""
        if self._is_closed:
            return
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            if self.visitor is not None:
                hub().leave(self.visitor.store_id, self)
            self._jobs.append(asyncio.create_task(self._end(TOO_SLOW)))

    @staticmethod
    def _parse(text: str | None) -> dict[str, Any]:
        if not text or len(text) > MAX_FRAME:
            return {}
        try:
            message = orjson.loads(text)
        except ValueError:
            return {}
        return message if isinstance(message, dict) else {}

    async def _give_up_waiting(self) -> None:
        await asyncio.sleep(AUTH_SECONDS)
        if self.visitor is None:
            await self._end(NO_AUTH)

    async def _enter(self, token: str, after: int | None) -> None:
        self._token = token
        try:
            self.visitor = await database_sync_to_async(self.admit)(token)
            live_from = await hub().join(self.visitor.store_id, self)
            # Again, now that we listen: a right taken away between the first look and here would never be heard of.
            if await database_sync_to_async(self.admit)(token) != self.visitor:
                raise Turned(COME_AGAIN)
        except Turned as refusal:
            await self._end(refusal.code)
            return
        greeting = await database_sync_to_async(self.greeting)()
        await self._send(
            {"type": "connection_established", **greeting, "heartbeat_interval": HEARTBEAT_SECONDS, "seq": live_from}
        )
        await self._catch_up(after, live_from)
        if self._is_closed:
            return
        self._jobs += [asyncio.create_task(self._pump()), asyncio.create_task(self._heartbeat())]

    async def _catch_up(self, after: int | None, live_from: int) -> None:
        """The hub feeds us everything above `live_from`; send what lies between `after` and there, or the state."""
        self._cursor = live_from
        missed = None
        if after is not None and after <= live_from <= after + MAX_GAP:
            self._sent = after
            missed = await database_sync_to_async(self._missed)(after, live_from)
        if missed is None:
            self._sent = None
            state = await database_sync_to_async(self.snapshot)()
            # Without a state to send, a screen that has one already must be told to fetch it again.
            state = state or ([{"type": "resync"}] if after is not None else [])
            missed = [{**body, "seq": live_from} for body in state]
        for body in missed:
            await self._send(body)
            self._sent = body["seq"]

    def _missed(self, after: int, until: int) -> list[dict[str, Any]] | None:
        """The frames of a stretch of the log, oldest first; None if there are too many to tell."""
        assert self.visitor is not None
        frames: list[dict[str, Any]] = []
        while after < until:
            story = queries.between(self.visitor.store_id, after=after, until=until).filter(self.concerning())
            page = list(story[:PAGE])
            for event in page:
                body = self.frame(event)
                if body is not None:
                    frames.append({**body, "seq": event.seq})
            if len(frames) > MAX_REPLAY:
                return None
            after = page[-1].seq if len(page) == PAGE else until
        return frames

    async def _pump(self) -> None:
        while True:
            event = await self._waiting.get()
            if event.seq <= self._cursor:
                continue
            self._cursor = event.seq
            if self.must_leave(event):
                await self._end(await self._why_leave())
            else:
                await self._show(event)

    async def _why_leave(self) -> int:
        """Whoever has lost the right to look is told so; who only looks with other rights now comes in again."""
        try:
            await database_sync_to_async(self.admit)(self._token)
        except Turned:
            return BAD_TOKEN
        except Exception:  # whoever cannot be looked at again now will be when they come in
            log.exception("live_look_failed")
        return COME_AGAIN

    async def _show(self, event: Event) -> None:
        body = self.frame(event)
        if body is not None:
            await self._send({**body, "seq": event.seq})
            self._sent = event.seq

    async def _heartbeat(self) -> None:
        """Keeps proxies from closing a quiet evening; a missing pong is not held against anybody."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            await self._beat()

    async def _beat(self) -> None:
        """Ping, if all is well: the visitor may still look at the same, and has been fed what the log held a beat ago.

        The ping carries the number of the last frame sent, so a client that did not get it knows.
        A login ends without a fact in a store's log, so this is where a socket learns of it.
        """
        try:
            visitor, log_is_at = await database_sync_to_async(self._look_again)()
        except Turned:
            await self._end(BAD_TOKEN)
            return
        except Exception:  # no ping: a screen that hears nothing comes again, and one that waits will be fed later
            log.exception("live_look_failed")
            return
        if visitor != self.visitor:
            await self._end(COME_AGAIN)
        elif self._cursor < self._log_was_at:
            await self._end(TOO_SLOW)
        else:
            self._log_was_at = log_is_at
            timestamp = asyncio.get_running_loop().time()
            await self._send({"type": "ping", "timestamp": timestamp, "seq": self._sent})

    def _look_again(self) -> tuple[Visitor, int]:
        visitor = self.admit(self._token)
        return visitor, queries.last_seq(visitor.store_id)

    async def _send(self, body: dict[str, Any]) -> None:
        if self._is_closed:
            return
        with contextlib.suppress(RuntimeError, ConnectionError):  # the other side is gone; disconnect follows
            await self.send(text_data=dumps(body).decode())
