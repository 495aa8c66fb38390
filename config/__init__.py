"""Floor 7: settings, URLs, servers and Celery. Mounts every room; no room imports it."""

# Loaded with the project, so that a task sent by a web process knows its broker.
from config.celery import app as celery_app

__all__ = ["celery_app"]
