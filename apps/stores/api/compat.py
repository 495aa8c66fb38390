"""The published clients' other spellings: `/stores/<slug>/…` beside the canonical `/stores/s/<slug>/…`.

They are the same views, mounted twice, and left out of the OpenAPI document.
"""

from collections.abc import Callable, Iterable
from typing import Any

ALIAS, CANONICAL = "/api/v1/stores/{slug}/", "/api/v1/stores/s/{slug}/"

Endpoint = tuple[str, str, str, Callable[..., Any]]


def hide_aliases(endpoints: Iterable[Endpoint], **_kwargs: Any) -> list[Endpoint]:
    """A drf-spectacular preprocessing hook: of two spellings of one path only the canonical one is documented."""
    rows = list(endpoints)
    known = {(path, method) for path, _regex, method, _view in rows}
    return [row for row in rows if not _is_alias(row[0], row[2], known)]


def _is_alias(path: str, method: str, known: set[tuple[str, str]]) -> bool:
    return path.startswith(ALIAS) and (path.replace(ALIAS, CANONICAL, 1), method) in known
