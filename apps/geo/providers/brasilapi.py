"""BrasilAPI v2: what a CEP stands for. Its coordinates are texts, may be missing, and are not to be relied on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from apps.geo.providers.base import Kind, Provider, text
from apps.geo.values import Budget, Point, PostalCode, point_of

NONE_OF_THESE = frozenset({400, 404})


class BrasilApi(Provider):
    """Without a key; 404 is "no service knows it"."""

    name: ClassVar[str] = "brasilapi"
    can: ClassVar[frozenset[Kind]] = frozenset({Kind.POSTAL_CODE})

    def postal_code(self, code: str, budget: Budget) -> PostalCode | None:
        """By eight digits."""
        answer = self.get(f"{settings.BRASILAPI_URL}/api/cep/v2/{code}", {}, budget, nothing=NONE_OF_THESE)
        if answer is None:
            return None
        row = self.mapping(answer)
        if not text(row, "city"):
            raise self.garbage()
        return PostalCode(
            code=code, street=text(row, "street"), neighbourhood=text(row, "neighborhood"), city=text(row, "city"),
            state=text(row, "state"), point=_point(row.get("location")), provider=self.name,
        )  # fmt: skip


def _point(location: Any) -> Point | None:
    coordinates = location.get("coordinates") if isinstance(location, dict) else None
    if not isinstance(coordinates, dict):
        return None
    return point_of(coordinates.get("latitude"), coordinates.get("longitude"), "BR")
