r"""SliCK: does the model know this fact? Four classes from how often it answers rightly.

Source: Gekhman et al. (arXiv:2405.05904), section 3: several few-shot prompts, one greedy answer and many samples each.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]


# --8<-- [start:level]
def level(greedy: Bools, sampled: Bools) -> str:
    """`greedy` (prompts,): is the greedy answer right; `sampled` (prompts, samples): are those at temperature > 0."""
    if greedy.all():
        return "HighlyKnown"
    if greedy.any():
        return "MaybeKnown"
    return "WeaklyKnown" if sampled.any() else "Unknown"


# --8<-- [end:level]


def missed(p: float, prompts: int = 10, samples: int = 16) -> float:
    """Chance that a fact whose sampled answer is right with probability p, never greedily, passes for Unknown."""
    return (1 - p) ** (prompts * samples)
