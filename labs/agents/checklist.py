r"""Scoring by a checklist against one overall mark: weights, noise of each, and agreement with the person.

Source of the weighted checklist as a reward: Viswanathan et al. (arXiv:2507.18624), section 3. The judges here are
simulated: the question is only what splitting a judgement does to its noise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:score]
def score(met: Array, weights: Array) -> Array:
    """Weighted share of the items met: `met` (n, m) in 0…1, `weights` (m,) → (n,)."""
    return np.asarray(met @ weights / weights.sum())


def item_judge(met: Array, error: Array, shared: float, rng: np.random.Generator) -> Array:
    """Verdicts (n, m): item j is misjudged with chance `error[j]` (m,); with `shared` one draw serves all."""
    n, m = met.shape
    own = rng.random((n, m)) < error  # (n, m)
    common = rng.random((n, 1)) < error  # (n, m) the whole answer is misread
    wrong = np.where(rng.random((n, 1)) < shared, common, own)  # (n, m)
    return np.where(wrong, 1 - met, met)


# --8<-- [end:score]


# --8<-- [start:noise]
def spread(weights: Array, error: Array) -> float:
    """Standard deviation of the score when items err independently: √(Σ w² e(1 − e)) / Σ w; `error` (m,)."""
    return float(np.sqrt((weights**2 * error * (1 - error)).sum()) / weights.sum())


def debias(verdicts: Array, error: Array) -> Array:
    """Undo the pull of symmetric errors towards ½: E[verdict] = e + (1 − 2e) · truth. (n, m) → (n, m)"""
    return (verdicts - error) / (1 - 2 * error)


# --8<-- [end:noise]


def answers(n: int, m: int, seed: int) -> Array:
    """Which of m items each of n answers meets (n, m); answers differ in quality."""
    rng = np.random.default_rng(seed)
    quality = rng.beta(2, 1, (n, 1))  # (n, 1)
    return (rng.random((n, m)) < quality).astype(np.float64)


def verdict_table(truth: Array, marks: Array, bar: float) -> Array:
    """(2, 2) counts of pass and fail by the person (rows) and by the judge (columns); `truth`, `marks` (n,)."""
    a, b = truth >= bar - 1e-9, marks >= bar - 1e-9  # (n,)
    return np.array([[(a & b).sum(), (a & ~b).sum()], [(~a & b).sum(), (~a & ~b).sum()]], dtype=np.float64)
