"""What keeps two workers of the fuzz run from being in CPython's parser at the same moment."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest

from tools.budgets import ROOT
from tools.one_at_a_time import one_at_a_time


def _both_inside(guard: Callable[[Callable[[], bool]], Callable[[], bool]]) -> bool:
    """Whether two threads that call one function meet in it."""
    meeting = Barrier(2)

    def wait_for_the_other() -> bool:
        try:
            meeting.wait(0.3)
        except BrokenBarrierError:
            return False
        return True

    call = guard(wait_for_the_other)
    with ThreadPoolExecutor(2) as threads:
        return all(answer.result() for answer in [threads.submit(call), threads.submit(call)])


def test_two_threads_never_meet_inside() -> None:
    assert not _both_inside(one_at_a_time)


def test_without_it_they_do() -> None:
    assert _both_inside(lambda call: call)


def test_the_thread_inside_may_enter_again() -> None:
    @one_at_a_time
    def countdown(n: int) -> int:
        return countdown(n - 1) if n else 0

    assert countdown(3) == 0


def test_a_failure_lets_the_next_one_in() -> None:
    call = one_at_a_time(int)
    with pytest.raises(ValueError, match="invalid literal"):
        call("x")

    with ThreadPoolExecutor(1) as other:
        assert other.submit(call, "2").result(timeout=5) == 2


def test_the_fuzz_run_parses_one_at_a_time() -> None:
    code = "import ast; import tools.fuzz_checks; print(ast.parse.__wrapped__.__name__, ast.dump(ast.parse('x')))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)

    assert done.stdout.startswith("parse Module(")
