"""The HTTP edge of failures: every error becomes an RFC 9457 problem document.

Besides the standard members a document always has `detail`, `code` and `error` (the sentence again: a
published app reads that key), and for validation `errors` plus the same field keys at the top level.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected
from rest_framework import exceptions
from rest_framework.response import Response

from apps.core.http.renderers import dumps
from apps.core.problems import Conflict, Invalid, Problem, TooLarge, Unavailable

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 2
RESERVED = {"type", "title", "status", "detail", "code", "error", "errors"}


def document(problem: Problem) -> dict[str, Any]:
    """The problem document of `problem`, as a plain dict."""
    detail = str(problem.detail)
    errors = {field: [str(text) for text in texts] for field, texts in problem.errors.items()}
    body: dict[str, Any] = {field: texts for field, texts in errors.items() if field not in RESERVED}
    body |= {name: value for name, value in problem.extra.items() if name not in RESERVED}
    body |= {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        "error": detail,
    }
    if errors:
        body["errors"] = errors
    return body


def _headers(problem: Problem) -> dict[str, str]:
    headers = {}
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Token"
    return headers


def problem_response(problem: Problem) -> HttpResponse:
    """The same answer outside of DRF: middleware, plain views, the 404 and 500 handlers."""
    return HttpResponse(
        dumps(document(problem)), status=problem.status, content_type=CONTENT_TYPE, headers=_headers(problem)
    )


def _flatten(detail: Any, path: str, into: dict[str, list[str]]) -> None:
    """Field errors of nested serializers as dotted paths: `delivery_address.street`."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            _flatten(value, f"{path}.{key}" if path else str(key), into)
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for index, value in enumerate(detail):
            _flatten(value, f"{path}.{index}" if path else str(index), into)
    elif detail:
        texts = detail if isinstance(detail, list) else [detail]
        into.setdefault(path or "non_field_errors", []).extend(str(text) for text in texts)


def _from_validation(detail: Any) -> Problem:
    errors: dict[str, list[str]] = {}
    _flatten(detail, "", errors)
    first = next(iter(errors.values()), [_("The request is not valid.")])[0]
    return Problem("invalid", first, errors=errors)


def _with_status(problem: Problem, status: int) -> Problem:
    kind = type("HttpProblem", (Problem,), {"status": status})
    copy: Problem = kind(problem.code, problem.detail, errors=problem.errors, **problem.extra)
    return copy


def to_problem(error: Exception) -> Problem | None:
    """`error` as a problem, or None when nobody anticipated it."""
    if isinstance(error, Problem):
        if isinstance(error, Unavailable):
            log.warning("unavailable", extra={"code": error.code})
        return error
    if isinstance(error, exceptions.ValidationError):
        return _from_validation(error.detail)
    if isinstance(error, ValidationError):
        return _from_validation(error.message_dict if hasattr(error, "error_dict") else list(error.messages))
    if isinstance(error, Http404):
        return _with_status(Problem("not_found", _("Not found.")), 404)
    if isinstance(error, PermissionDenied):
        return _with_status(Problem("forbidden", _("You may not do this.")), 403)
    if isinstance(error, RequestDataTooBig):
        return TooLarge("body_too_large", _("The request body is too large."))
    if isinstance(error, SuspiciousOperation):
        return Invalid("bad_request", _("The request is not valid."))
    if isinstance(error, exceptions.APIException):
        return _from_api_exception(error)
    return _from_database(error)


def _from_database(error: Exception) -> Problem | None:
    if isinstance(error, DataError):
        # A value PostgreSQL cannot hold (NUL, out of range) that no serializer caught: the caller's fault, our gap.
        log.error("value_not_storable", exc_info=error)
        return Invalid("invalid", _("A value in the request cannot be stored."))
    if type(error) is DatabaseError and error.__cause__ is None:
        # Django's own word for "save(update_fields=…) found no row": somebody deleted it a moment ago.
        return _with_status(Problem("not_found", _("Not found.")), 404)
    if isinstance(error, IntegrityError):
        # A constraint caught a race that no service foresaw: nothing was written, and a second try sees the winner.
        log.error("constraint_violated", exc_info=error)
        return Conflict("conflict", _("Somebody else changed this a moment ago. Reload and try again."))
    if isinstance(error, OperationalError | InterfaceError):
        _say_what_was_missing(error)
        return Unavailable(
            "unavailable", _("The service is catching its breath. Try again."), retry_after=RETRY_SECONDS
        )
    return None


def _say_what_was_missing(error: Exception) -> None:
    """Log why this is a 503. `cause`: LockNotAvailable, QueryCanceled, PoolTimeout, AdminShutdown …

    A deadlock is no weather: two of our own units lock the same rows in different orders, so it comes with its traceback.
    """
    cause = error.__cause__
    if isinstance(cause, DeadlockDetected):
        log.error("deadlock_detected", exc_info=error)
        return
    log.warning("database_unavailable", extra={"error": type(error).__name__, "cause": type(cause).__name__})


def _from_api_exception(error: exceptions.APIException) -> Problem:
    codes = error.get_codes()
    if isinstance(codes, Mapping):
        codes = codes.get("detail", "")
    code = codes if codes and isinstance(codes, str) else str(error.default_code)
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        code = code if code in {"token_not_valid", "authentication_failed"} else "not_authenticated"
    extra: dict[str, Any] = {}
    wait = getattr(error, "wait", None)  # of `Throttled`
    if wait is not None:
        extra["retry_after"] = max(int(wait), 1)  # whole seconds already, rounded up
    return _with_status(Problem(code, _sentence(error.detail), **extra), error.status_code)


def _sentence(detail: Any) -> str:
    if isinstance(detail, Mapping):
        detail = detail.get("detail", next(iter(detail.values()), ""))
    return " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's hook: problems become documents; unforeseen errors go on to the 500 handler."""
    problem = to_problem(error)
    if problem is None:
        return None
    return Response(document(problem), status=problem.status, headers=_headers(problem), content_type=CONTENT_TYPE)
