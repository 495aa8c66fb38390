"""The published clients' other spellings: `/stores/<slug>/…` beside the canonical `/stores/s/<slug>/…`.

They are the same views, mounted twice, and left out of the OpenAPI document.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

# Global routes under /stores/ that are not a slug.
GLOBAL = r"/api/v1/stores/(s/|orders/|$)"
ALIAS = re.compile(rf"^(?!{GLOBAL})/api/v1/stores/\{{?[^/]+\}}?/")

Endpoint = tuple[str, str, str, Callable[..., Any]]


def hide_aliases(endpoints: Iterable[Endpoint], **_kwargs: Any) -> list[Endpoint]:
    """A drf-spectacular preprocessing hook: only canonical paths are documented."""
    return [row for row in endpoints if not ALIAS.match(row[0])]
