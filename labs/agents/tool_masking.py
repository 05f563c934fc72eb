r"""Restricting tools at decoding time: prefill a prefix or mask logits, and leave the definitions where they are.

Source: Ji, *Context Engineering for AI Agents* (Manus, 2025), "Mask, don't remove". A tool name is decoded as two
pieces, a group prefix and the rest: browser_ + open.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

GROUPS = ("browser_", "shell_", "file_")
TOOLS = (("open", "click", "fill"), ("exec", "kill"), ("read", "write"))
GROUP_LOGITS = np.log(np.array([0.6, 0.3, 0.1]))  # (g,)
REST_LOGITS = (
    np.log(np.array([0.5, 0.3, 0.2])),  # (t,) of each group
    np.log(np.array([0.9, 0.1])),
    np.log(np.array([0.4, 0.6])),
)


# --8<-- [start:mask]
def masked(logits: Array, allowed: Bools) -> Array:
    """softmax over the allowed entries only: forbidden ones get −∞, the odds among the rest stay. (V,) → (V,)"""
    return softmax(np.where(allowed, logits, -np.inf))


def names() -> list[str]:
    """All tools, in the order of the definitions."""
    return [g + rest for g, group in zip(GROUPS, TOOLS, strict=True) for rest in group]


def decode(allowed: set[str], prefill: str = "") -> dict[str, float]:
    """Chance of each tool when both pieces are masked step by step; `prefill` puts a group prefix in the model's mouth.

    A prefix stays open if it leads to any allowed tool.
    """
    open_groups = np.array([any(g + r in allowed for r in rest) for g, rest in zip(GROUPS, TOOLS, strict=True)])
    forced = np.array([g == prefill for g in GROUPS])  # (g,) with a prefill nothing is left to choose
    first = masked(GROUP_LOGITS, forced if prefill else open_groups)  # (g,)
    out = dict[str, float]()
    for i, g in enumerate(GROUPS):
        keep = np.array([g + r in allowed for r in TOOLS[i]])  # (t,)
        second = masked(REST_LOGITS[i], keep) if keep.any() else np.zeros(len(keep))  # (t,)
        out |= {g + r: float(first[i] * p) for r, p in zip(TOOLS[i], second, strict=True)}
    return out


# --8<-- [end:mask]


# --8<-- [start:conditional]
def conditional(allowed: set[str]) -> dict[str, float]:
    """p(tool | the tool is allowed): what a model would do that never considered the others."""
    free = decode(set(names()))
    total = sum(free[name] for name in allowed)
    return {name: free[name] / total if name in allowed else 0.0 for name in names()}


# --8<-- [end:conditional]
