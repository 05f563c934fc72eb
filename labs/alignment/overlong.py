r"""What to do with answers that hit the length limit: DAPO's soft penalty, its filter, and the plain −1.

Source: Yu et al., *DAPO* (arXiv:2503.14476), section 3.4 (L_max = 20 480, L_cache = 4 096, rewards ±1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.policy_losses import group_advantage

Array = npt.NDArray[np.float64]


# --8<-- [start:penalty]
def soft_penalty(length: Array, longest: int = 20_480, cache: int = 4_096) -> Array:
    """0 up to longest − cache, then a straight line to −1 at `longest`, and −1 beyond: (n,) → (n,)."""
    out: Array = np.clip((longest - cache - length) / cache, -1.0, 0.0)
    return out


# --8<-- [end:penalty]


# --8<-- [start:treatments]
def advantages(right: Array, length: Array, treatment: str, longest: int = 20_480) -> Array:
    """Advantages of a group (G,): `right` is what the verdict would be without the limit, `length` is at most it.

    hard: cut answers count as wrong; filter: they are left out; soft: hard, plus the penalty on the way there.
    """
    cut = length >= longest  # (G,)
    reward = np.where(right.astype(bool) & ~cut, 1.0, -1.0)  # (G,)
    if treatment == "soft":
        reward = reward + soft_penalty(length, longest)
    out = group_advantage(reward)  # (G,)
    if treatment == "filter":  # no loss on them; their reward stays in the mean and the deviation
        out = np.where(cut, 0.0, out)
    return out


# --8<-- [end:treatments]
