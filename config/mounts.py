"""Which files of a room are mounted, and where. A room is mounted by having the file; nothing else has to be edited.

| file in the room | mounted at |
|---|---|
| `api/urls.py` (`urlpatterns`) | `/api/v1/` |
| `urls.py` (`urlpatterns`) | `/` (pages) |
| `routing.py` (`websocket_urlpatterns`) | the WebSocket router, full path `ws/…` |
| `tasks.py` (`SCHEDULE`: task name -> seconds) | Celery and its beat |
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.conf import settings


def modules(name: str) -> Iterator[ModuleType]:
    """The module `<room>.<name>` of every room that has one, lowest floor first."""
    for room in settings.ROOMS:
        path = f"{room}.{name}"
        if _exists(path):
            yield import_module(path)


def _exists(path: str) -> bool:
    parent, _, _ = path.rpartition(".")
    try:
        return find_spec(path) is not None
    except ModuleNotFoundError as error:
        if error.name == parent:
            return False
        raise


def websocket_routes() -> list[Any]:
    """Every room's socket routes."""
    return [route for module in modules("routing") for route in module.websocket_urlpatterns]


def schedule() -> dict[str, dict[str, Any]]:
    """Every room's periodic tasks, in the form of Celery's beat. A run that is missed is not made up for."""
    entries: dict[str, dict[str, Any]] = {}
    for module in modules("tasks"):
        for task, seconds in getattr(module, "SCHEDULE", {}).items():
            entries[task] = {
                "task": task,
                "schedule": float(seconds),
                "options": {"expires": max(float(seconds) * 2, 10.0)},
            }
    return entries
