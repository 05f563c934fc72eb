"""A function over many values in several processes, which share all that the build knows so far."""

from __future__ import annotations

import os
import pickle
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")

FEW = 24
"""Values below this number a process are worked off here: to start a process costs more."""


def count() -> int:
    """How many processes to use: the cores that this one may run on, or what BUILD_WORKERS says."""
    named = os.environ.get("BUILD_WORKERS")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(named)) if named else cores


def spread(work: Callable[[Value], Result], values: Sequence[Value], begin: Callable[[], None]) -> list[Result]:
    """`work` of each value, in order; `begin` is called in each new process before.

    An exception in another process is raised here. Where processes cannot be forked, or a thread runs that might hold a
    lock, all is done in this one.
    """
    processes = min(count(), len(values) // FEW)
    if processes < 2 or not hasattr(os, "fork") or threading.active_count() > 1:
        return [work(value) for value in values]
    # Every n-th, so that the long pages of one section do not all fall to one process. This one works, too.
    shares = [values[start::processes] for start in range(processes)]
    others = [_start(work, share, begin) for share in shares[1:]]
    done = [[work(value) for value in shares[0]], *(_result(pipe, process) for pipe, process in others)]
    return list(chain.from_iterable(_interleaved(done)))


def _interleaved(shares: Sequence[list[Result]]) -> Iterator[list[Result]]:
    for at in range(len(shares[0])):
        yield [share[at] for share in shares if at < len(share)]


def _start(work: Callable[[Value], Result], share: Sequence[Value], begin: Callable[[], None]) -> tuple[int, int]:
    """A process that writes its results to a pipe: the pipe's end to read, and the process."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return reading, process
    os.close(reading)
    status = 1
    try:
        begin()
        try:
            answer: object = [work(value) for value in share]
        except BaseException as error:  # to be raised where the build runs
            answer = error
            error.add_note("".join(traceback.format_exception(error)))
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(answer, pipe, pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        # Not exit: this process has copies of what the other one closes.
        os._exit(status)


def _result(pipe: int, process: int) -> list[Result]:
    with os.fdopen(pipe, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(process, 0)
    if status or not data:
        raise RuntimeError(f"a process of the build ended with status {status}: see what it printed")
    answer = pickle.loads(data)
    if isinstance(answer, BaseException):
        raise answer
    return answer  # type: ignore[no-any-return]
