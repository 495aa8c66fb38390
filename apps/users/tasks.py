"""Housekeeping of the users room, run by beat."""

from celery import shared_task

from apps.users.services import attempts, codes, logins

SCHEDULE = {"users.forget_old": 3600.0}


@shared_task(name="users.forget_old")
def forget_old() -> None:
    """Drop dead logins, codes nobody typed and finished cooldowns."""
    logins.forget_dead_logins()
    attempts.forget_old_attempts()
    codes.forget_old_codes()
