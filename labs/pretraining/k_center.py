r"""K-center greedy: pick the point farthest from all picked so far, so that a small seed covers the data.

Used by Du et al., *MoDS* (arXiv:2311.15653), section 2.2, on sentence vectors; at most twice the best radius.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:greedy]
def k_center_greedy(x: Array, k: int, first: int = 0) -> list[int]:
    """Indices of k rows of `x` (n, d)."""
    chosen = [first]
    nearest = np.linalg.norm(x - x[first], axis=1)  # (n,) distance to the closest chosen point
    while len(chosen) < k:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.linalg.norm(x - x[chosen[-1]], axis=1))
    return chosen


# --8<-- [end:greedy]


def radius(x: Array, chosen: list[int]) -> float:
    """Largest distance from a point to the closest chosen one."""
    return float(np.linalg.norm(x[:, None] - x[chosen], axis=2).min(1).max())
