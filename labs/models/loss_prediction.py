r"""Predicting a large run from small ones: L(C) = a·C^b + c, with and without the irreducible loss c.

Source: OpenAI, *GPT-4 Technical Report* (arXiv:2303.08774), section 3.1. The runs here are synthetic: the report
prints the curve but not its numbers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:fit]
def fit(compute: Array, loss: Array, floor: bool = True) -> tuple[float, float, float]:
    """(a, b, c) of the least squares in loss: a grid over b, and a linear fit of a and c for each."""
    best = (np.inf, 0.0, 0.0, 0.0)
    for b in np.linspace(-0.5, -0.0005, 1000):
        columns = [compute**b, np.ones_like(compute)] if floor else [compute**b]
        design = np.stack(columns, axis=1)  # (runs, 2) or (runs, 1)
        weights = np.linalg.lstsq(design, loss, rcond=None)[0]
        error = float(((design @ weights - loss) ** 2).sum())
        if error < best[0]:
            best = (error, float(weights[0]), float(b), float(weights[1]) if floor else 0.0)
    return best[1:]


def predict(law: tuple[float, float, float], compute: float) -> float:
    """Loss of a run of `compute`, in units of the target run."""
    a, b, c = law
    return float(a * compute**b + c)


# --8<-- [end:fit]


def runs(seed: int, largest: float = 1e-4, noise: float = 0.002, count: int = 10) -> tuple[Array, Array]:
    """Synthetic small runs of 1e-10 to `largest` of the target's compute: L = 0.4·C^-0.09 + 1.2 bits, plus noise."""
    compute = np.logspace(-10, np.log10(largest), count)  # (count,)
    rng = np.random.default_rng(seed)
    return compute, predict_all(compute) + noise * rng.standard_normal(count)


def predict_all(compute: Array) -> Array:
    """The law that the synthetic runs follow, (n,)."""
    law: Array = 0.4 * compute**-0.09 + 1.2
    return law
