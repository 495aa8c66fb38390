"""Celery shims of the log: run the relay and the inbox. Truth stays in PostgreSQL; these only wake it."""

from typing import Any

from celery import shared_task

from apps.core.idempotency import forget_old_answers
from apps.events import inbox, wake
from apps.events import relay as relay_module


@shared_task(name="events.relay", ignore_result=True)
def relay(**_later: Any) -> int:
    """Deliver facts that are due."""
    wake.relay_started()
    return relay_module.drain()


@shared_task(name="events.drain_inbox", ignore_result=True)
def drain_inbox(**_later: Any) -> int:
    """Handle provider requests that are due."""
    wake.inbox_started()
    return inbox.drain()


@shared_task(name="events.forget_old_answers", ignore_result=True)
def forget_answers(**_later: Any) -> int:
    """Drop idempotency answers older than a day."""
    return forget_old_answers()


# The clock runs these even when every nudge was lost.
SCHEDULE = {"events.relay": 2.0, "events.drain_inbox": 2.0, "events.forget_old_answers": 3600.0}
