r"""How often each source of a mixture is seen: sampling weights against sizes.

Sources of n_i samples each; a budget of draws. Temperature T: weight ∝ n^(1/T), T = 1 proportional, T → ∞ uniform.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:mixture]
def weights(sizes: Array, temperature: float) -> Array:
    """Probability of drawing from each source (k,)."""
    raw = sizes ** (1 / temperature)
    out: Array = raw / raw.sum()
    return out


def epochs(sizes: Array, probability: Array, budget: int) -> Array:
    """Times that each sample of a source is drawn on average (k,)."""
    return budget * probability / sizes


def never_seen(times: Array) -> Array:
    """Share of a large source that is never drawn, if drawn with replacement (k,): e^-epochs."""
    return np.exp(-times)


# --8<-- [end:mixture]
