r"""ARPO's rollout: sample whole trajectories, then branch where the entropy after a tool result has jumped.

Source: Dong et al., *Agentic Reinforced Policy Optimization* (arXiv:2507.19849), sections 3.1 and 3.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:entropy]
def entropy(logits: Array) -> Array:
    """Entropy of next-token distributions in nats: (k, V) → (k,)."""
    shifted = logits - logits.max(axis=1, keepdims=True)  # (k, V)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # (k, V)
    return np.asarray(-(np.exp(logp) * logp).sum(axis=1))


def entropy_change(after: Array, first: Array) -> float:
    """ΔH: summed entropy of the first k tokens after a tool result minus that of the very first k, over V: (k, V)."""
    return float((entropy(after) - entropy(first)).sum() / after.shape[1])


def branches(change: float, alpha: float, beta: float, tau: float) -> bool:
    """Whether P = α + β·ΔH exceeds the threshold."""
    return alpha + beta * change > tau


# --8<-- [end:entropy]


# --8<-- [start:rollout]
def rollout(
    changes: Array, total: int, whole: int, width: int, rule: tuple[float, float, float]
) -> tuple[list[int], int]:
    """Tool step of each branch, and trajectories topped up at the end: `changes` (whole, steps) is ΔH by tool step.

    `total` M answers, `whole` N of them sampled from the start, `width` Z new paths per branching point.
    """
    places: list[int] = []
    for step in range(changes.shape[1]):  # all trajectories go on side by side
        for i in range(whole):
            if branches(float(changes[i, step]), *rule):
                places += [step] * min(width, total - whole - len(places))
    return places, total - whole - len(places)  # what no branch used is sampled from the start


def tool_calls(steps: int, total: int, places: list[int]) -> int:
    """Calls made: a branch at tool step s repeats none of the calls up to s; s = −1 is a whole trajectory."""
    return (total - len(places)) * steps + sum(steps - 1 - s for s in places)


# --8<-- [end:rollout]


def reward(right: bool, well_formed: bool, tools: int, bonus: float = 0.1) -> float:
    """Hierarchical reward: −1 for a bad format; else right or wrong, plus a bonus if right with more than one tool."""
    if not well_formed:
        return -1.0
    return float(right) + (bonus if right and tools > 1 else 0.0)
