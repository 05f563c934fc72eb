r"""What a rank limit costs: rank-r fits of a change of weights, and how far two fits span the same directions.

Sources: Hu et al., *LoRA* (arXiv:2106.09685), section 7.2 and appendix G; the best rank-r error is Eckart and Young's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:targets]
def low_rank_target(rng: np.random.Generator, n: int = 64, rank: int = 4, noise: float = 0.05) -> Array:
    """A change (n, n) with `rank` strong directions and a little of everything else."""
    strong = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, n)) / np.sqrt(rank)  # (n, n)
    target: Array = strong + noise * rng.standard_normal((n, n))
    return target


def full_rank_target(rng: np.random.Generator, n: int = 64) -> Array:
    """A change (n, n) without preferred directions."""
    return rng.standard_normal((n, n))


# --8<-- [end:targets]


# --8<-- [start:fit]
def fit(target: Array, r: int, rng: np.random.Generator, rounds: int = 80) -> tuple[Array, Array]:
    """A (r, k), B (d, r) that minimise ‖BA − target‖, by least squares for one factor at a time."""
    a: Array = rng.standard_normal((r, target.shape[1]))  # (r, k)
    b = np.zeros((target.shape[0], r))  # (d, r)
    for _ in range(rounds):
        a = np.asarray(np.linalg.qr(a.T)[0].T, dtype=np.float64)  # same span, better conditioned
        b = target @ a.T  # (d, r): the least-squares B for orthonormal rows of A
        a = np.asarray(np.linalg.lstsq(b, target, rcond=None)[0], dtype=np.float64)  # (r, k)
    return a, b


def relative_error(target: Array, a: Array, b: Array) -> float:
    """‖BA − target‖ / ‖target‖ in the Frobenius norm; the full-rank update reaches 0."""
    return float(np.linalg.norm(b @ a - target) / np.linalg.norm(target))


def best_error(target: Array, r: int) -> float:
    """The least that any product of rank r can reach: the tail of the singular values."""
    s = np.linalg.svd(target, compute_uv=False)
    return float(np.sqrt((s[r:] ** 2).sum() / (s**2).sum()))


# --8<-- [end:fit]


# --8<-- [start:similarity]
def similarity(a_one: Array, a_two: Array, i: int, j: int) -> float:
    """φ of the LoRA paper: overlap in [0, 1] of the top i and top j input directions of two adapters A (r, k)."""
    u = np.linalg.svd(a_one, full_matrices=False)[2][:i]  # (i, k)
    v = np.linalg.svd(a_two, full_matrices=False)[2][:j]  # (j, k)
    return float(np.linalg.norm(u @ v.T) ** 2 / min(i, j))


# --8<-- [end:similarity]
