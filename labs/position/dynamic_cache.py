r"""Dynamic NTK and the KV cache: keys turned with an old factor no longer fit queries turned with a new one.

Source: Peng et al., *YaRN* (arXiv:2309.00071), section 3.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.position.rope import angles, rotate_half
from labs.position.rope_scaling import dynamic_ntk

Array = npt.NDArray[np.float64]


# --8<-- [start:cache]
def last_scores(q: Array, k: Array, trained: int, base: float = 10_000.0) -> Array:
    """Scores of the newest query, every key turned with today's frequencies: `q`, `k` (n, d) → (n,)."""
    n, d = k.shape
    theta = dynamic_ntk(d, base, n, trained)  # (d/2,)
    angle = angles(np.arange(n), theta)  # (n, d/2)
    scores: Array = rotate_half(k, angle) @ rotate_half(q[-1:], angle[-1:])[0]  # (n,)
    return scores


def stale_scores(q: Array, k: Array, trained: int, base: float = 10_000.0) -> Array:
    """The same with a cache of rotated keys, each turned by the factor of the step that wrote it: (n,)."""
    n, d = k.shape
    cache = [
        rotate_half(k[t : t + 1], angles([t], dynamic_ntk(d, base, t + 1, trained)))[0] for t in range(n)
    ]  # n keys of (d,)
    query = rotate_half(q[-1:], angles([n - 1], dynamic_ntk(d, base, n, trained)))[0]  # (d,)
    scores: Array = np.stack(cache) @ query  # (n,)
    return scores


# --8<-- [end:cache]
