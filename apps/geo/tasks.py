"""Housekeeping of the geo room, run by beat."""

from typing import Any

from celery import shared_task

from apps.geo.services import kept

SCHEDULE = {"geo.forget_old": 3600.0}


@shared_task(name="geo.forget_old", ignore_result=True)
def forget_old(**_later: Any) -> int:
    """Drop answers that are too old."""
    return kept.forget_old()
