"""The body of a request as a mapping. The JSON parser only lets objects through; a form is one as well."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request


def body_of(request: Request) -> dict[str, Any]:
    """The parsed body; empty when there is none."""
    data: Any = request.data
    return dict(data.items()) if isinstance(data, Mapping) else {}
