r"""Chain-of-Verification as arithmetic: which items of a draft survive when the model checks itself.

Source: Dhuliawala et al. (arXiv:2309.11495), section 3. A draft item is right with probability `a`. Asked about it in
a fresh context, the model answers rightly with probability `v` and gives the draft's own mistake with probability `w`.
With the draft in sight it repeats the draft with probability `copy`, otherwise it answers afresh.
"""

from __future__ import annotations

from dataclasses import dataclass


# --8<-- [start:survive]
@dataclass(frozen=True)
class Checked:
    """After dropping the items whose check disagrees: share kept, precision of those, share of right ones kept."""

    kept: float
    precision: float
    recall: float


def verify(a: float, v: float, w: float, copy: float) -> Checked:
    """Keep an item if the answer to its verification question agrees with it."""
    right_kept = copy + (1 - copy) * v
    wrong_kept = copy + (1 - copy) * w
    kept = a * right_kept + (1 - a) * wrong_kept
    return Checked(kept, a * right_kept / kept, right_kept)


# --8<-- [end:survive]


# --8<-- [start:calls]
def calls(items: int, variant: str) -> int:
    """Model calls for a draft with this many questions, draft and final answer included."""
    return {"joint": 3, "2-step": 4, "factored": 3 + items, "factor+revise": 3 + 2 * items}[variant]


# --8<-- [end:calls]
