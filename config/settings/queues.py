"""Celery: only wakes work whose truth is in PostgreSQL, so a broker that is away must cost a request nothing.

Lanes keep a slow kind of work from standing in front of a fast one. The restore settings bring back what a killed worker
held within seconds (measured: the defaults lose one task in ten).
"""

from __future__ import annotations

from config.settings.data import REDIS_TIMEOUT, REDIS_URL
from config.settings.environment import TESTING, env


def _broker_url(redis_url: str) -> str:
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?db=")
    return f"redis+socket://{path}?virtual_host={query or 0}"


CELERY_BROKER_URL = _broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # A Redis that hangs costs a publisher this long at most. Workers wait in an event loop, not in a read.
    "socket_timeout": 1.0,
    "socket_connect_timeout": REDIS_TIMEOUT,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_TIMEOUT = REDIS_TIMEOUT
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {
    "messaging.*": {"queue": "messages"},
    "notifications.*": {"queue": "messages"},
    "webhooks.*": {"queue": "webhooks"},
    "bulk.*": {"queue": "bulk"},
}
CELERY_LANES = ("default", "messages", "webhooks", "bulk")
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY: int = env("WORKER_CONCURRENCY")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_TIMEZONE = "UTC"

if TESTING:
    CELERY_BROKER_URL = "memory://"
