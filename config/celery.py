"""The Celery application: `celery -A config.celery worker`, `… beat`. Tasks and schedules are found in the rooms."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("comanda")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def _set_schedule(sender: Celery, **_unused: object) -> None:
    from config.mounts import schedule

    sender.conf.beat_schedule = schedule()
