"""JSON in: orjson, with a size limit. Deep nesting is a 400 (the stock parser answers 500)."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from apps.core.problems import Invalid, TooLarge

MAX_BYTES = 1_000_000
MAX_DEPTH = 32


def _depth_ok(value: Any, left: int = MAX_DEPTH) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(_depth_ok(item, left - 1) for item in value.values())
    if isinstance(value, list):
        return left > 0 and all(_depth_ok(item, left - 1) for item in value)
    return True


def _storable(value: Any) -> bool:
    """PostgreSQL text cannot hold NUL, so a body that carries one is refused at the edge."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return all(_storable(key) and _storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_storable, value))
    return True


def loads(raw: bytes) -> Any:
    """The JSON value in `raw`. Raises `Invalid` (codes `malformed_json`, `json_too_deep`) or `TooLarge`."""
    if len(raw) > MAX_BYTES:
        raise TooLarge("body_too_large", _("The request body is too large."))
    try:
        data = orjson.loads(raw)
    except ValueError as error:
        raise Invalid("malformed_json", _("The request body is not valid JSON.")) from error
    if not _depth_ok(data):
        raise Invalid("json_too_deep", _("The request body is nested too deeply."))
    if not _storable(data):
        raise Invalid("malformed_json", _("The request body contains a NUL character."))
    return data


class OrjsonParser(BaseParser):
    """`application/json` bodies; an empty body is an empty object, anything but an object is refused."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body as a dict."""
        raw = stream.read(MAX_BYTES + 1)
        if not raw.strip():
            return {}
        data = loads(raw)
        if not isinstance(data, dict):
            raise Invalid("malformed_json", _("The request body must be a JSON object."))
        return data
