r"""Several agents as a graph: what messages cost, how errors travel, and whom a change of interface reaches.

Message pools and subscriptions: Hong et al., *MetaGPT* (arXiv:2308.00352), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]


# --8<-- [start:cost]
def topology(kind: str, n: int) -> Bools:
    """reads (n, n): does agent i read what agent j writes? chain, star (0 is the hub), mesh."""
    reads = np.zeros((n, n), dtype=bool)
    if kind == "chain":
        reads[np.arange(1, n), np.arange(n - 1)] = True
    elif kind == "star":
        reads[0, 1:] = reads[1:, 0] = True
    else:
        reads = ~np.eye(n, dtype=bool)
    return reads


def tokens_read(reads: Bools, rounds: int, message: int, prompt: int) -> int:
    """Each round every agent reads its prompt and all messages of the earlier rounds from the agents it listens to."""
    heard = reads.sum(1)  # (n,)
    return int(sum((prompt + heard * r * message).sum() for r in range(rounds)))


# --8<-- [end:cost]


# --8<-- [start:change]
def affected(reads: Bools, changed: int) -> list[int]:
    """Agents to test again after one changed what it writes: all that read it, directly or through others."""
    reach = reads.copy()
    for _ in range(len(reads)):
        reach = reach | (reach.astype(int) @ reads.astype(int) > 0)  # (n, n) transitive closure
    return [int(i) for i in np.flatnonzero(reach[:, changed]) if i != changed]


# --8<-- [end:change]


# --8<-- [start:error]
def pipeline_right(p: float, agents: int, review: float) -> float:
    """Chance that a chain of agents ends right: each is right with `p`, a mistake is mended with `review`."""
    return (p + (1 - p) * review) ** agents


# --8<-- [end:error]
