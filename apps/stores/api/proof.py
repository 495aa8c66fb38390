"""What proves where a consent came from: taken from the request itself, never from its body."""

from typing import Any

from rest_framework.request import Request

from apps.users.services.attempts import client_address


def proof_of(request: Request) -> dict[str, Any]:
    """Address, browser and path of a request."""
    return {
        "address": client_address(request.META),
        "user_agent": request.headers.get("User-Agent", "")[:300],
        "path": request.path[:200],
    }
