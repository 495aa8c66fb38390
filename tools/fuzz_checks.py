"""What schemathesis holds every refusal against: a problem document with a sentence and a stable code.

It loads this module before anything else of ours (`SCHEMATHESIS_HOOKS`), so its own threads are kept apart here, too.
"""

from __future__ import annotations

import ast
from typing import Any

import schemathesis

from tools.one_at_a_time import one_at_a_time

ast.parse = one_at_a_time(ast.parse)  # two workers describe their lambdas at the same moment

SENTENCES = ("detail", "code", "title", "status")


@schemathesis.check
def refusals_are_problems(context: Any, response: Any, case: Any) -> None:
    """A 4xx answer under /api/ is `application/problem+json` and says what, why and which status."""
    if not 400 <= response.status_code < 500 or response.request.method == "HEAD":
        return
    kind = (response.headers.get("content-type") or [""])[0]
    if not kind.startswith("application/problem+json"):
        raise AssertionError(f"a {response.status_code} came as {kind or 'nothing'}, not as a problem document")
    body = response.json()
    missing = [key for key in SENTENCES if not body.get(key)]
    if missing:
        raise AssertionError(f"the problem document lacks {', '.join(missing)}")
