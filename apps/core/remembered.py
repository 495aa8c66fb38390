"""What a process remembers for a while because making it again is dear: the least recently made goes first.

Keys carry whatever the value depends on (a catalog version, the log's sequence number), so nothing is ever invalidated;
`seconds` is for what also depends on the time of day.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """Up to `most` values, each for `seconds` (None: as long as there is room). Safe between threads."""

    def __init__(self, *, most: int, seconds: float | None = None) -> None:
        self.most, self.seconds = most, seconds
        self._known: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], V], *, worth: Callable[[V], bool] | None = None) -> V:
        """The value under `key`, made if there is no fresh one. Kept unless `worth` says no.

        Two threads that miss at once both make it: that costs a little and never waits.
        """
        with self._guard:
            until, found = self._known.get(key, (0.0, None))
        if found is not None and until > time.monotonic():
            return found
        made = make()
        if worth is None or worth(made):
            with self._guard:
                self._known[key] = (float("inf") if self.seconds is None else time.monotonic() + self.seconds, made)
                self._known.move_to_end(key)
                while len(self._known) > self.most:
                    self._known.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._known.clear()
