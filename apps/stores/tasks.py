"""Celery shims of the commerce core, and how often the clock runs them (seconds)."""

from typing import Any

from celery import shared_task

from apps.stores.services import delivery_quotes, orders

SCHEDULE = {"stores.expire_unpaid": 30.0, "stores.forget_quotes": 3600.0}


@shared_task(name="stores.expire_unpaid", ignore_result=True)
def expire_unpaid(**_later: Any) -> int:
    """Cancel orders nobody paid in time."""
    return orders.expire_unpaid()


@shared_task(name="stores.forget_quotes", ignore_result=True)
def forget_quotes(**_later: Any) -> int:
    """Drop delivery quotes that have expired."""
    return delivery_quotes.forget_old()
