"""The outermost middleware: names the request, so that every log line and the answer can be put together."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from apps.core import logs
from apps.core.http.errors import problem_response, to_problem

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContextMiddleware:
    """Sets the request id (the caller's when it is sane) and turns "PostgreSQL is away" into a 503 problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside a named context."""
        given = request.headers.get(HEADER, "")
        name = given if SANE.fullmatch(given) else uuid4().hex
        request_token, user_token = logs.request_id.set(name), logs.user_id.set("")
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(request_token)
            logs.user_id.reset(user_token)
        response.headers[HEADER] = name
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Pages outside of the API: a lost database is a wait, not a crash. Everything else goes on as it was."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        problem = to_problem(error)
        return None if problem is None else problem_response(problem)
