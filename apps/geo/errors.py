"""How a look-up fails: what a provider did, and what is said to whoever asked."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise

from apps.core.problems import Unavailable


class Failure(StrEnum):
    """What went wrong at a provider."""

    SLOW = "slow"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    GARBAGE = "garbage"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    RESTING = "resting"


PERMANENT = frozenset({Failure.REFUSED})


class ProviderError(Exception):
    """A provider did not answer. `permanent`: asking again will not help until somebody changes a setting."""

    def __init__(self, provider: str, failure: Failure, *, http: int | None = None, retry_after: float = 0) -> None:
        super().__init__(f"{provider}: {failure}")
        self.provider, self.failure, self.http, self.retry_after = provider, failure, http, retry_after

    @property
    def permanent(self) -> bool:
        """Whether trying again is pointless."""
        return self.failure in PERMANENT


class LookupUnavailable(Unavailable):
    """503: nobody who could answer did, in time. `permanent` when every one of them refuses us."""

    def __init__(self, code: str, detail: str | Promise, *, permanent: bool, retry_after: int = 5) -> None:
        super().__init__(code, detail, retry_after=retry_after)
        self.permanent = permanent
