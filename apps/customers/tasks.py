"""Celery shims of the customers room, and how often the clock runs them (seconds)."""

from typing import Any

from celery import shared_task

from apps.customers.services import sweeping

SCHEDULE = {"customers.expire_points": 3600.0}


@shared_task(name="customers.expire_points", ignore_result=True)
def expire_points(**_later: Any) -> int:
    """Let points expire whose time is over."""
    return sweeping.expire_points()
