r"""An LLM as the judge: what swapping the order reveals, and how to correct a rate measured by a judge that errs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


# --8<-- [start:swap]
@dataclass(frozen=True)
class Swap:
    """Shares of items; verdicts name the *answer* (1 = A, −1 = B, 0 = tie), A was shown first, then second."""

    consistent: float
    prefers_first: float
    prefers_second: float


def swap(a_first: Ints, a_second: Ints) -> Swap:
    """`a_first` (n,): verdicts with A in first place; `a_second` (n,): the same items with A in second place."""
    change = a_first - a_second  # > 0: A fared better in first place
    return Swap(float((change == 0).mean()), float((change > 0).mean()), float((change < 0).mean()))


def win_rate(a_first: Ints, a_second: Ints) -> float:
    """A's wins with ties as ½, where an item on which the two orders disagree counts as a tie."""
    verdict = np.where(a_first == a_second, a_first, 0)  # (n,)
    return float((verdict + 1).mean() / 2)


# --8<-- [end:swap]


# --8<-- [start:correct]
def true_rate(observed: float, sensitivity: float, specificity: float) -> float:
    """Share of truly good answers, from the share the judge calls good and its error rates on labelled answers."""
    return (observed + specificity - 1) / (sensitivity + specificity - 1)


# --8<-- [end:correct]


def simulate(n: int, lead: float, bias: float, seed: int = 0) -> tuple[Ints, Ints]:
    """Verdicts in both orders of a judge that sees A's lead plus noise, and adds `bias` to what is shown first."""
    rng = np.random.default_rng(seed)
    quality = lead + rng.standard_normal(n)  # (n,) the same item is judged twice
    first = np.sign(quality + bias + 0.5 * rng.standard_normal(n))
    second = np.sign(quality - bias + 0.5 * rng.standard_normal(n))
    return first.astype(np.int64), second.astype(np.int64)
