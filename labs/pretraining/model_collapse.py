r"""Model collapse: fit, sample from the fit, fit again; the spread and the tail go, generation by generation.

Source: Shumailov et al., *The Curse of Recursion* (arXiv:2305.17493), sections 3 and 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:gaussian]
def refit(rng: np.random.Generator, runs: int, n: int, generations: int, real: float = 0.0) -> Array:
    """Variances (generations + 1, runs) of a Gaussian refitted each time to n samples, a share `real` from N(0, 1)."""
    mean, variance = np.zeros(runs), np.ones(runs)  # (runs,): the true distribution
    history = [variance]
    kept = round(real * n)
    for _ in range(generations):
        x = mean + np.sqrt(variance) * rng.standard_normal((n, runs))  # (n, runs): the model's own samples
        x[:kept] = rng.standard_normal((kept, runs))  # some real data again
        mean, variance = x.mean(0), x.var(0, ddof=1)  # unbiased: E[variance] does not change when real = 0
        history.append(variance)
    return np.array(history)


# --8<-- [end:gaussian]


# --8<-- [start:tail]
def resample(rng: np.random.Generator, p: Array, n: int, generations: int) -> Array:
    """Token frequencies (generations + 1, V) when each model is the frequencies of n tokens drawn from the last."""
    history = [p]
    for _ in range(generations):
        p = rng.multinomial(n, p) / n  # (V,): a token with count 0 can never come back
        history.append(p)
    return np.array(history)


def diversity(p: Array) -> Array:
    """Chance that two drawn tokens differ, 1 − Σ p² (...,): its mean shrinks by exactly 1 − 1/n a generation."""
    out: Array = 1 - (p**2).sum(-1)
    return out


# --8<-- [end:tail]


def zipf(v: int) -> Array:
    """Frequencies proportional to 1/rank (v,)."""
    p = 1 / np.arange(1, v + 1)
    out: Array = p / p.sum()
    return out
