"""A screen of the tests' own, and the line to it: the base of every socket without a room around it."""

import asyncio
from typing import Any, ClassVar
from uuid import UUID

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db.models import Q

from apps.core import redis as core_redis
from apps.events import queries
from apps.events.live.consumer import BAD_TOKEN, NOT_YOURS, LogConsumer, Turned, Visitor
from apps.events.models import Event
from apps.events.registry import Fact
from apps.events.tests.conftest import say
from apps.stores.models import Store
from apps.stores.tests.sockets import Socket

LAST = 9_999  # a fact with this number is about the visitor's right to look


class Screen(LogConsumer):
    """Tokens are `<store id>`, `stranger`, or anything else; the switches below make it misbehave."""

    most_looks: ClassVar[int] = 99  # the token is good for as many looks
    looks_fail: ClassVar[bool] = False  # from the third on: the two of coming in succeed
    has_snapshot: ClassVar[bool] = True
    hidden: ClassVar[frozenset[int]] = frozenset()  # numbers this screen does not show
    rights: ClassVar[str] = "all"
    greeting_fails: ClassVar[bool] = False
    stuck: ClassVar[asyncio.Event | None] = None
    looks = 0

    @classmethod
    def behave(cls) -> None:
        """Every switch back."""
        cls.most_looks, cls.stuck = 99, None
        cls.looks_fail = cls.greeting_fails = False
        cls.has_snapshot, cls.hidden = True, frozenset()

    def admit(self, token: str) -> Visitor:
        self.looks += 1
        if token == "stranger":
            raise Turned(NOT_YOURS)
        if self.looks_fail and self.looks > 2:
            raise ZeroDivisionError
        if len(token) != 36 or self.looks > self.most_looks:
            raise Turned(BAD_TOKEN)
        return Visitor(store_id=UUID(token), who="test", rights=self.rights)

    def greeting(self) -> dict[str, Any]:
        if self.greeting_fails:
            raise ZeroDivisionError
        return {"hello": 1}

    def concerning(self) -> Q:
        return Q(subject_type="thing")

    def snapshot(self) -> list[dict[str, Any]]:
        return [{"type": "snapshot", "of": "everything"}] if self.has_snapshot else []

    def frame(self, event: Event) -> dict[str, Any] | None:
        if event.subject_type != "thing" or event.payload["number"] in self.hidden:
            return None
        return {"type": "fact", "number": event.payload["number"]}

    def must_leave(self, event: Event) -> bool:
        return bool(event.payload.get("number") == LAST)

    async def send(self, *args: Any, **kwargs: Any) -> None:
        if self.stuck is not None and '"fact"' in kwargs.get("text_data", ""):
            await self.stuck.wait()
        await super().send(*args, **kwargs)


class Line(Socket):
    """A socket to `Screen`, without a room around it."""

    def __init__(self, token: str | None = None, after: Any = None) -> None:
        self.token, self.after = token, after
        self.wire = ApplicationCommunicator(Screen.as_asgi(), {"type": "websocket", "path": "/", "headers": []})

    async def __aenter__(self) -> "Line":
        await super().__aenter__()
        return self

    async def numbers(self, many: int) -> list[int]:
        """The numbers of the next `many` facts."""
        return [(await self.until("fact"))["number"] for _ in range(many)]


def line(store: Store, after: int | None = None) -> Line:
    return Line(str(store.pk), after)


async def later(store: Store, fact: Fact, *numbers: int) -> int:
    """Commit facts; the sequence number of the last one."""
    for number in numbers:
        await sync_to_async(say)(store, fact, number)
    return await sync_to_async(queries.last_seq)(store.pk)


async def listening(times: int = 200) -> None:
    """Until the hub has subscribed: a wake-up before that is lost, as in life, and a poll would bring it."""
    for _ in range(times):
        counts = await sync_to_async(core_redis.client().pubsub_numsub)("comanda:facts")
        if counts[0][1]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the hub did not subscribe")
