"""Celery shims of the commerce core, and how often the clock runs them (seconds)."""

from typing import Any

from celery import shared_task

from apps.stores.services import orders

SCHEDULE = {"stores.expire_unpaid": 30.0}


@shared_task(name="stores.expire_unpaid", ignore_result=True)
def expire_unpaid(**_later: Any) -> int:
    """Cancel orders nobody paid in time."""
    return orders.expire_unpaid()
