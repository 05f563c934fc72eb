r"""Four levels of freshness from one number: a query waits until the node has seen everything up to a timestamp.

Source: the Milvus documentation, *Consistency Level* (ServiceTime and GuaranteeTs).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labs.vector_db.evaluate import Array


# --8<-- [start:node]
@dataclass(frozen=True)
class Node:
    """A query node that follows a log: marks every `tick` seconds, each arriving `lag` seconds after it was written."""

    tick: float = 0.2
    lag: float = 0.5

    def service_time(self, now: float) -> float:
        """Everything written up to here is visible at time `now`."""
        return float(np.floor((now - self.lag) / self.tick + 1e-9) * self.tick)

    def ready(self, now: float, guarantee: float) -> float:
        """First moment from `now` on whose service time reaches `guarantee`."""
        mark = np.ceil(guarantee / self.tick - 1e-9) * self.tick  # the first mark at or after it
        return max(now, float(mark) + self.lag)


def guarantee(level: str, now: float, last_own_write: float, staleness: float = 5.0) -> float:
    """Timestamp that a query at `now` insists on."""
    return {"strong": now, "bounded": now - staleness, "session": last_own_write, "eventually": 0.0}[level]


# --8<-- [end:node]


def measure(
    level: str, node: Node, writes: Array, own: Array, queries: Array, staleness: float = 5.0
) -> tuple[float, float, float]:
    """Mean wait in seconds, mean number of `writes` (w,) missed, and share of `queries` (q,) that miss an own write.

    `own` (o,) are the writes of the client that asks, a part of `writes`.
    """
    waits, missed, own_missed = [], [], []
    for now in queries.tolist():
        mine = own[own <= now]
        start = node.ready(now, guarantee(level, now, float(mine[-1]) if len(mine) else 0.0, staleness))
        visible = node.service_time(start)
        waits.append(start - now)
        missed.append(int(((writes > visible) & (writes <= now)).sum()))
        own_missed.append(bool((mine > visible).any()))
    return float(np.mean(waits)), float(np.mean(missed)), float(np.mean(own_missed))
