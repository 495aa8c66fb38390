"""The port: what a provider may be asked. An adapter says in `can` which questions it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from apps.geo.errors import Failure, ProviderError
from apps.geo.transport import NothingThere, get_json
from apps.geo.values import Address, Budget, Found, Point, PostalCode, Road, Suggestion


class Kind(StrEnum):
    """The kinds of questions."""

    GEOCODE = "geocode"
    REVERSE = "reverse"
    SUGGEST = "suggest"
    ROUTE = "route"
    POSTAL_CODE = "postal_code"


class Provider:
    """A provider. Answers None (or nothing) for "there is none" and raises `ProviderError` for "I cannot say".

    `keep`: for how long its terms let us remember an answer.
    """

    name: ClassVar[str]
    can: ClassVar[frozenset[Kind]]
    keep: ClassVar[timedelta] = timedelta(days=30)

    def is_set_up(self) -> bool:
        """Whether it has the key it needs."""
        return True

    def geocode(self, address: Address, budget: Budget) -> Found | None:
        """Where an address is."""
        raise NotImplementedError

    def reverse(self, point: Point, budget: Budget) -> Found | None:
        """What is at a point."""
        raise NotImplementedError

    def suggest(self, text: str, near: Point | None, country: str, limit: int, budget: Budget) -> list[Suggestion]:
        """What somebody may be about to type."""
        raise NotImplementedError

    def route(self, start: Point, end: Point, budget: Budget) -> Road | None:
        """The way by road."""
        raise NotImplementedError

    def postal_code(self, code: str, budget: Budget) -> PostalCode | None:
        """What a CEP (eight digits) stands for."""
        raise NotImplementedError

    # For the adapters

    def get(
        self,
        url: str,
        params: Mapping[str, str],
        budget: Budget,
        *,
        nothing: frozenset[int] = frozenset(),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON there; None for a status in `nothing`."""
        try:
            return get_json(self.name, url, params, budget=budget, headers=headers)
        except NothingThere as error:
            if error.status in nothing:
                return None
            raise ProviderError(self.name, Failure.BROKEN, http=error.status) from error

    def garbage(self) -> ProviderError:
        """The error of an answer that is not in the form it should have."""
        return ProviderError(self.name, Failure.GARBAGE)

    def rows(self, value: Any) -> list[dict[str, Any]]:
        """A list of objects, or garbage."""
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.garbage()
        return value

    def mapping(self, value: Any) -> dict[str, Any]:
        """An object, or garbage."""
        if not isinstance(value, dict):
            raise self.garbage()
        return value


def text(row: Mapping[str, Any], *names: str) -> str:
    """The first of these keys that holds a text, at most 200 characters of it."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()[:200]
    return ""
