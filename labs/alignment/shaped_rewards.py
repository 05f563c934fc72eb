r"""Rewards that mix a verifier with something dense, and what normalising in the group does to them.

Sources: Yang et al., *Qwen2.5-Math* (arXiv:2409.12122), section 3.3; DeepSeek-AI, *DeepSeek-V2* (arXiv:2405.04434),
section 4.2; Ye et al., *On the Emergence of Thinking* (arXiv:2502.06773).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:qwen]
def verified_reward(model: Array, verdict: Array, alpha: float = 0.5) -> Array:
    """σ(α·r_m) + (r_v − 1): in (0, 1) if right, in (−1, 0) if wrong, ordered by the reward model inside each: (n,)."""
    return np.asarray(1 / (1 + np.exp(-alpha * model)) + (verdict - 1))


# --8<-- [end:qwen]


# --8<-- [start:explore]
def decoupled_reward(verdict: Array, effort: Array, share: float) -> Array:
    """A correctness signal and an exploration signal that never looks at the answer, mixed: (n,), (n,) → (n,)."""
    return np.asarray((1 - share) * verdict + share * effort)


# --8<-- [end:explore]


# --8<-- [start:weighted]
def weighted_reward(scores: Array, weights: Array) -> Array:
    """Several reward models into one number: (n, m) @ (m,) → (n,)."""
    return np.asarray(scores @ weights)


# --8<-- [end:weighted]
