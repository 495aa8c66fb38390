"""A provider that fails again and again is left alone for a while, so that its trouble is not everybody's waiting.

Kept per process: three failures in a row open the circuit, after the rest one question is let through. A provider that
refuses our key is left alone for longer, and the log says so once each time.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from apps.geo.errors import Failure, ProviderError

log = logging.getLogger(__name__)

MOST_FAILURES = 3
REST_SECONDS = 20.0
REFUSED_SECONDS = 300.0


@dataclass(slots=True)
class _State:
    failures: int = 0
    open_until: float = 0.0


_states: dict[str, _State] = {}
_guard = threading.Lock()


def check(provider: str) -> None:
    """Raise `ProviderError` (`resting`) while the provider is left alone. The first caller afterwards may try."""
    with _guard:
        state = _states.get(provider)
        if state is None or not state.open_until:
            return
        left = state.open_until - time.monotonic()
        if left > 0:
            raise ProviderError(provider, Failure.RESTING, retry_after=left)
        state.open_until = time.monotonic() + REST_SECONDS  # one may try; its success closes the circuit


def succeeded(provider: str) -> None:
    """The provider answers."""
    with _guard:
        _states.pop(provider, None)


def failed(error: ProviderError) -> None:
    """Count a failure; open the circuit when it is enough. A 400 is about the question, not about the provider."""
    if error.http == 400:
        return
    with _guard:
        state = _states.setdefault(error.provider, _State())
        state.failures += 1
        rest = _rest(error, state.failures)
        if rest:
            state.open_until = time.monotonic() + rest
    log.warning(
        "provider_failed", extra={"provider": error.provider, "failure": error.failure.value, "http": error.http}
    )


def _rest(error: ProviderError, failures: int) -> float:
    if error.permanent:
        return REFUSED_SECONDS
    if error.failure is Failure.RATE_LIMITED:
        return max(error.retry_after, 1.0)
    return REST_SECONDS if failures >= MOST_FAILURES else 0.0


def forget() -> None:
    """Close every circuit (tests)."""
    with _guard:
        _states.clear()
