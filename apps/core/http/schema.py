"""What every operation of the OpenAPI document can answer besides its own success: problem documents.

Views describe what they do; that a body may be malformed, a caller unknown or a row gone is the same everywhere, so it is
written into the document here, once, by a drf-spectacular hook.
"""

from typing import Any

CONTENT = "application/problem+json"
REF = {"$ref": "#/components/schemas/Problem"}
METHODS = ("get", "post", "put", "patch", "delete")
UNSAFE = ("post", "put", "patch", "delete")

TEXTS = {
    "400": "Malformed: the body, a parameter or a header is not what it should be.",
    "401": "Nobody is logged in, or the credential is bad.",
    "403": "Known, but not allowed to do this here.",
    "404": "Does not exist, or belongs to another store.",
    "409": "Lost a race, or the move is not legal from the present state.",
    "415": "The body is in a format that is not read here.",
    "422": "Well-formed, but a rule of the store says no.",
    "429": "Too many requests; see Retry-After.",
    "503": "Try again later; see Retry-After.",
}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and for programs, `detail` is a sentence for people. Field errors are repeated as top-level keys.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "error": {"type": "string", "description": "`detail` again, for clients that read this key."},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["type", "title", "status", "detail", "code", "error"],
    "additionalProperties": True,
}


def problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """The hook: `Problem` becomes a component, and every operation names the statuses it may answer with one."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result.get("paths", {}).values():
        for method in METHODS:
            if method in operations:
                _describe(operations[method], method)
    return result


def _describe(operation: dict[str, Any], method: str) -> None:
    responses = operation.setdefault("responses", {})
    for status in _statuses(operation, method):
        responses.setdefault(status, {"description": TEXTS[status], "content": {CONTENT: {"schema": REF}}})


def _statuses(operation: dict[str, Any], method: str) -> list[str]:
    """Those that can happen: no 401 where nobody can log in, no rule to break and no state to clash with on a read."""
    knows_callers = any(requirement for requirement in operation.get("security", []))
    left_out = set() if knows_callers else {"401", "403"}
    if method not in UNSAFE:
        left_out |= {"409", "415", "422"}
    return [status for status in TEXTS if status not in left_out]
