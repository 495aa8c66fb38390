"""Health for whoever runs us.

`/livez`: the process answers. `/readyz`: it can do its work – PostgreSQL is needed (503 without), Redis is not (degraded).

A probe asks the process itself, by its address: it knows no host name of ours and speaks no TLS. So a middleware
answers before anything looks at the host or sends people to https.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse

from apps.core import redis
from apps.core.http.renderers import dumps

TIMEOUT_SECONDS = 1.0
RETRY_SECONDS = 2


def livez(request: HttpRequest) -> HttpResponse:
    """The process is up and serving."""
    return _json({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Whether a request sent here now would work. Each check has one second."""
    database, cache = _within(_database_answers), redis.ping()
    checks = {"postgresql": "ok" if database else "down", "redis": "ok" if cache else "down"}
    if not database:
        return _json({"status": "down", "checks": checks}, status=503)
    return _json({"status": "ok" if cache else "degraded", "checks": checks})


class HealthMiddleware:
    """Answers the two probes (GET and HEAD) and hands on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The probe's answer, or the site's."""
        probe = PROBES.get(request.path_info) if request.method in ("GET", "HEAD") else None
        return self.get_response(request) if probe is None else probe(request)


PROBES = {"/livez": livez, "/readyz": readyz}


def _json(body: dict[str, object], status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_SECONDS)} if status == 503 else {})
    return HttpResponse(dumps(body), status=status, content_type="application/json", headers=headers)


def _within(check: Callable[[], bool]) -> bool:
    """The answer of a check, or False when it takes longer than a second (a hung server does not refuse, it is silent).

    A check that still hangs is not asked twice, so a probe every second does not pile up threads.
    """
    name = f"health-{check.__name__}"
    if any(thread.name == name for thread in threading.enumerate()):
        return False
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(check()), name=name, daemon=True)
    thread.start()
    thread.join(TIMEOUT_SECONDS)
    return bool(answers and answers[0])


def _database_answers() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 900")
            cursor.execute("SELECT 1")
    except Error:
        return False
    finally:
        connection.close()
    return True
