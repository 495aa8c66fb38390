"""What the OpenAPI document shows: every operation once, under its own path.

The published clients spell some paths without `/s/` (`/stores/<slug>/cart/`). Those are aliases onto the same views; in the
document they would only double every operation, so its description names them instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Endpoint = tuple[str, str, str, Callable[..., Any]]

CANONICAL = "/api/v1/stores/s/{slug}/"
ALIAS = "/api/v1/stores/{slug}/"


def leave_out_aliases(endpoints: list[Endpoint]) -> list[Endpoint]:
    """drf-spectacular's hook: drop a path when the same one exists under `/stores/s/`."""
    paths = {path for path, *_ in endpoints}
    return [endpoint for endpoint in endpoints if not _is_alias(endpoint[0], paths)]


def _is_alias(path: str, paths: set[str]) -> bool:
    return path.startswith(ALIAS) and CANONICAL + path.removeprefix(ALIAS) in paths
