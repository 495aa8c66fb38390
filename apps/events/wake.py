"""Wake-ups after a commit: tell the live hubs how far a store's log has grown, and nudge the relay.

Both are hints. A lost one costs a delay (hubs poll, beat runs the relay anyway), never a fact.
"""

import logging
from uuid import UUID

import redis
from kombu.exceptions import OperationalError

from apps.core.redis import hint

log = logging.getLogger(__name__)

CHANNEL = "comanda:facts"
NUDGED = "comanda:relay:nudged"
INBOX_NUDGED = "comanda:inbox:nudged"
# While this key lives a relay run is about to start; one message for a burst of commits is enough.
NUDGE_MILLISECONDS = 500


def after_commit(*, store_id: UUID, seq: int, relay: bool) -> None:
    """Announce that the log of `store_id` has reached `seq`; wake the relay if somebody must be told."""
    if hint(lambda client: _announce(client, f"{store_id}:{seq}", relay=relay), None):
        _nudge("relay")


def _announce(client: redis.Redis, news: str, *, relay: bool) -> bool:
    """Both messages in one round trip. Whether the relay is to be woken by us."""
    with client.pipeline(transaction=False) as pipe:
        pipe.publish(CHANNEL, news)
        if relay:
            pipe.set(NUDGED, 1, nx=True, px=NUDGE_MILLISECONDS)
        answers = pipe.execute()
    return relay and bool(answers[-1])


def inbox_filled() -> None:
    """A provider's request was stored: have it handled now rather than when the clock comes by."""
    if hint(lambda client: client.set(INBOX_NUDGED, 1, nx=True, px=NUDGE_MILLISECONDS), None):
        _nudge("drain_inbox")


def inbox_started() -> None:
    """Called by a drain of the inbox: requests from now on may nudge again."""
    hint(lambda client: client.delete(INBOX_NUDGED), 0)


def relay_started() -> None:
    """Called by a relay run: commits from now on may nudge again."""
    hint(lambda client: client.delete(NUDGED), 0)


def _nudge(task: str) -> None:
    from apps.events import tasks

    try:
        getattr(tasks, task).apply_async()
    except (OperationalError, redis.RedisError, OSError) as error:
        log.warning("worker_not_nudged", extra={"task": task, "error": type(error).__name__})
