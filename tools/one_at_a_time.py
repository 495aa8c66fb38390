"""`one_at_a_time`: a function that several threads may call, but only one at a time may run.

`make fuzz` needs it for `ast.parse`. CPython 3.11 counts how deep it is in a tree in one number for all threads, and says
"AST constructor recursion depth mismatch" when another thread parses in between. That takes Python code in the middle of
the parser, which Hypothesis provides: it times the garbage collector with a callback.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def one_at_a_time(call: Callable[P, R]) -> Callable[P, R]:
    """`call`, behind a lock of its own. The thread that is inside may enter again."""
    lock = RLock()

    @wraps(call)
    def locked(*args: P.args, **kwargs: P.kwargs) -> R:
        with lock:
            return call(*args, **kwargs)

    return locked
