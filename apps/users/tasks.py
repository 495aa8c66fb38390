"""Housekeeping of the users room, run by beat."""

from celery import shared_task

from apps.users.services import attempts, logins

SCHEDULE = {"users.forget_old": 3600.0}


@shared_task(name="users.forget_old")
def forget_old() -> None:
    """Drop dead logins and finished cooldowns."""
    logins.forget_dead_logins()
    attempts.forget_old_attempts()
