"""A function over many values in several processes, which share all that the build knows so far."""

from __future__ import annotations

import gc
import os
import pickle
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")

FEW = 12
"""Values below this number a process are worked off here: to start a process costs more."""
BATCHES = 4000
"""At most so many are given out: their numbers must fit into a pipe."""


def count() -> int:
    """How many processes to use: the cores that this one may run on, or what BUILD_WORKERS says."""
    named = os.environ.get("BUILD_WORKERS")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(named)) if named else cores


def spread(
    work: Callable[[Value], Result], values: Sequence[Value], inside: Callable[[], AbstractContextManager[object]]
) -> list[Result]:
    """`work` of each value, in order; each new process works in what `inside` gives.

    An exception in another process is raised here. Where processes cannot be forked, or a thread runs that might hold a
    lock, all is done in this one.
    """
    processes = min(count(), len(values) // FEW)
    if processes < 2 or not _may_start():
        return [work(value) for value in values]
    # A pipe that all read from is the list of what is left: whoever is done takes the next batch, so that none waits.
    step = len(values) // BATCHES + 1
    reading, writing = os.pipe()
    os.write(writing, b"".join(at.to_bytes(4, "big") for at in range(0, len(values), step)))
    os.close(writing)

    def share() -> Iterator[tuple[int, Result]]:
        while taken := os.read(reading, 4):
            first = int.from_bytes(taken, "big")
            yield from ((at, work(values[at])) for at in range(first, min(first + step, len(values))))

    others = [_start(share, inside) for _ in range(1, processes)]
    try:
        found = dict(share())  # this process works, too
    finally:
        # Nothing is left there, unless this process has failed: then the others need not go on.
        while os.read(reading, 4096):
            pass
        os.close(reading)
    for begun in others:
        found |= dict(_results(*begun))
    return [found[at] for at in range(len(values))]


def later(work: Callable[[], Result], inside: Callable[[], AbstractContextManager[object]]) -> Callable[[], Result]:
    """Have `work` begun in another process, beside what this one does; gives what waits for the result.

    Where that cannot be, the work is done when its result is asked for.
    """
    if not _may_start():
        return work
    begun = _start(lambda: iter([work()]), inside)
    return lambda: next(_results(*begun))


def ahead(work: Callable[[], object], inside: Callable[[], AbstractContextManager[object]]) -> Callable[[], object]:
    """Have `work` begun in another process if one can be spared: it only makes sooner what would be made anyway. Gives
    what waits for its end.
    """
    return later(work, inside) if _may_start() else lambda: None


def _may_start() -> bool:
    return count() > 1 and hasattr(os, "fork") and threading.active_count() == 1


def _start(
    work: Callable[[], Iterator[object]], inside: Callable[[], AbstractContextManager[object]]
) -> tuple[BinaryIO, int]:
    """A process that writes its results to a file, one by one: nobody has to hold them all, or to wait for a reader."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who reads it)
    # What stands now is not looked through for garbage again: that would be work, and a copy of it in each process.
    gc.freeze()
    process = os.fork()
    if process:
        return file, process
    status = 1
    try:
        try:
            with inside():
                for result in work():
                    file.write(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        except BaseException as error:  # to be raised where the build runs
            error.add_note("".join(traceback.format_exception(error)))
            file.write(pickle.dumps(_Failure(error), pickle.HIGHEST_PROTOCOL))
        file.flush()
        status = 0
    except BaseException:  # the disk is full, the error cannot be pickled
        traceback.print_exc()
    finally:
        # Not exit: this process has copies of what the other one closes.
        os._exit(status)


@dataclass(frozen=True)
class _Failure:
    error: BaseException


def _results(file: BinaryIO, process: int) -> Iterator[Any]:
    """What a process has written, once it has ended."""
    _, status = os.waitpid(process, 0)
    if status:
        raise RuntimeError(f"a process of the build ended with status {status}: see what it printed")
    with file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        while file.tell() < size:
            result = pickle.load(file)
            if isinstance(result, _Failure):
                raise result.error
            yield result
