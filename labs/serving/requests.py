r"""Requests of a language model server: when they come, how long they are, and what their users notice.

Source: Little, *A Proof for the Queuing Formula L = λW* (1961); the metrics are those of Agrawal et al.,
*Sarathi-Serve* (arXiv:2403.02310), section 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

import numpy as np


@dataclass(frozen=True)
class Request:
    """When it arrives (s), tokens of its prompt, tokens it will generate."""

    arrival: float
    prompt: int
    output: int


@dataclass
class Served:
    """A request, when it got a slot, and when each of its tokens came out."""

    request: Request
    start: float
    past: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def ttft(self) -> float:
        return self.times[0] - self.request.arrival

    @property
    def tpot(self) -> float:
        """Mean seconds per token after the first."""
        return (self.times[-1] - self.times[0]) / max(len(self.times) - 1, 1)

    @property
    def latency(self) -> float:
        return self.times[-1] - self.request.arrival

    @property
    def gaps(self) -> list[float]:
        """Seconds between neighbouring tokens."""
        return [b - a for a, b in pairwise(self.times)]


def poisson_trace(n: int, rate: float, seed: int, prompt: float = 400, output: float = 150) -> list[Request]:
    """Poisson arrivals (rate = inf: all at once), log-normal lengths with the given medians."""
    rng = np.random.default_rng(seed)
    gaps, sizes = rng.exponential(1.0, n), rng.lognormal(0, 0.8, (n, 2)) * (prompt, output)  # (n,), (n, 2)
    arrivals = np.zeros(n) if rate == inf else np.cumsum(gaps) / rate
    lengths = np.clip(sizes.astype(int), 4, (4096, 1024))
    return [Request(float(t), int(p), int(o)) for t, (p, o) in zip(arrivals, lengths, strict=True)]


# --8<-- [start:metrics]
def throughput(served: list[Served]) -> float:
    """Tokens per second from the first arrival to the last token."""
    return sum(s.request.output for s in served) / span(served)


def occupancy(served: list[Served], slots: int) -> float:
    """Share of slot time in which the slot's request was still unfinished."""
    return sum(s.times[-1] - s.start for s in served) / (slots * span(served))


def span(served: list[Served]) -> float:
    return max(s.times[-1] for s in served) - min(s.request.arrival for s in served)


def in_system(served: list[Served]) -> float:
    """Requests present on average, counted on the time axis (for Little's law)."""
    events = sorted([(s.request.arrival, 1) for s in served] + [(s.times[-1], -1) for s in served])
    area = level = 0.0
    for (t, change), (after, _) in pairwise(events):
        level += change
        area += level * (after - t)
    return area / span(served)


# --8<-- [end:metrics]
