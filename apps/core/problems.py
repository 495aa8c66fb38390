"""Anticipated failures. Raise one of these anywhere; the HTTP edge turns it into a problem document.

`code` is stable and for programs, `detail` is a translated sentence for people. Anything else that
escapes a view is a bug and becomes a plain 500 problem.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise

Text = str | Promise
FieldErrors = Mapping[str, Sequence[Text]]


class Problem(Exception):
    """Base: status, stable code, sentence, and optional data such as field errors or `retry_after`."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, detail: Text, *, errors: FieldErrors | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = dict(errors or {})
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Invalid(Problem):
    """400: the request is malformed."""


class Unauthenticated(Problem):
    """401: nobody is logged in, or the credential is bad."""

    status = 401


class Forbidden(Problem):
    """403: known, but not allowed here."""

    status = 403


class NotFound(Problem):
    """404: does not exist, or belongs to another store – the two are not told apart."""

    status = 404


class Conflict(Problem):
    """409: lost a race, or the move is not legal from the present state."""

    status = 409


class TooLarge(Problem):
    """413: more bytes than are read here."""

    status = 413


class Refused(Problem):
    """422: well-formed, but a rule of the store says no."""

    status = 422


class TooMany(Problem):
    """429: slow down. Give `retry_after` in seconds."""

    status = 429


class Unavailable(Problem):
    """503: try again later. Give `retry_after` in seconds."""

    status = 503
