"""Runs a command and measures it as a whole, with all the processes that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# Linux counts kilobytes here, macOS bytes.
_MAXRSS = 1024 if sys.platform == "linux" else 1
_SAMPLES_S = 0.1


@dataclass(frozen=True)
class Run:
    """What a command took: seconds on the clock, seconds of all its processes, and its memory at most.

    The memory is that of all its processes together where `/proc` tells it (what they share counts once), else that of
    the largest.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Run a command in a folder; RuntimeError with the end of its output where it fails."""
    with tempfile.TemporaryFile() as output:
        start = perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        memory = _Memory(process.pid)
        # Not getrusage for the children: its maximum is that over all that have run so far.
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        largest = max(memory.stop(), usage.ru_maxrss * _MAXRSS)
        if process.returncode:
            output.seek(0)
            text = output.read()[-3000:].decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)} in {folder} ended with {process.returncode}:\n{text}")
    return Run(wall, usage.ru_utime + usage.ru_stime, largest / 1e6)


def best(runs: Sequence[Run]) -> Run:
    """The best of each measure: what else the machine did is in none of them."""
    return Run(min(run.wall_s for run in runs), min(run.cpu_s for run in runs), min(run.peak_mb for run in runs))


class _Memory:
    """Looks at the memory of a process and its descendants until `stop`."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Bytes at most; 0 where the system does not tell."""
        self._ended.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while sys.platform == "linux" and not self._ended.wait(_SAMPLES_S):
            self._most = max(self._most, sum(map(_bytes, _tree(self._pid))))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(children).split():
            yield from _tree(int(child))


def _bytes(pid: int) -> int:
    """The proportional set size: a page that several processes share is divided among them."""
    lines = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # The process has ended.
        return ""
