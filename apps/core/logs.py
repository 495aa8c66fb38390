"""Log lines that say which request, store and user they belong to, as JSON for machines or text for people."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("comanda_request_id", default="")
user_id: ContextVar[str] = ContextVar("comanda_user_id", default="")

CONTEXT = ("request_id", "store_id", "user_id")
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", *CONTEXT}


class ContextFilter(logging.Filter):
    """Stamps every record with the ids in force where it was made."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keeps the record."""
        record.request_id = request_id.get()
        record.user_id = user_id.get()
        record.store_id = _store_id()
        return True


def _store_id() -> str:
    """The store in scope. Looked up late: this module is loaded before the app registry, `scope` cannot be."""
    scope = sys.modules.get("apps.core.scope")
    return str((scope.scoped_or_none() if scope else None) or "")


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller passed in `extra=` (Django's request objects left out)."""
    given = {name: value for name, value in vars(record).items() if name not in STANDARD}
    return {name: value for name, value in given.items() if isinstance(value, str | int | float | bool | None)}


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name in CONTEXT if (value := getattr(record, name, ""))}
        line |= _extra(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """One readable line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        parts = [self.formatTime(record, "%H:%M:%S"), record.levelname.lower(), record.name, record.getMessage()]
        parts += [f"{name}={value}" for name, value in _extra(record).items()]
        parts += [f"{name}={value}" for name in CONTEXT if (value := getattr(record, name, ""))]
        text = " ".join(parts)
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text
