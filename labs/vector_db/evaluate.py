r"""One set of vectors and one yardstick for every index of this section: recall@k against distances computed.

The vectors are what embeddings look like at a small scale: clusters of unequal size that overlap, a spectrum that
decays, unit length. Cost is counted in full distances (d multiply-adds), so that it does not depend on the machine.
Source of the measure: Douze et al., *The Faiss library* (arXiv:2401.08281), section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
N, D, QUERIES, K = 2000, 64, 100, 10
"""Stored vectors, their dimension, queries, and neighbours asked for."""


# --8<-- [start:vectors]
def normalise(x: Array) -> Array:
    """Rows of `x` (…, d) at length 1."""
    out: Array = x / np.linalg.norm(x, axis=-1, keepdims=True)
    return out


@lru_cache
def shared(n: int = N, d: int = D, queries: int = QUERIES, clusters: int = 40, seed: int = 0) -> tuple[Array, Array]:
    """Stored vectors (n, d) and queries (queries, d) from one distribution, all of length 1."""
    rng = np.random.default_rng(seed)
    spectrum = np.arange(1, d + 1) ** -0.6  # (d,): few directions carry most of the variance
    centres = rng.standard_normal((clusters, d)) * spectrum  # (c, d)
    size = 1 / np.arange(1, clusters + 1)  # (c,): the first cluster is 40 times the last
    which = rng.choice(clusters, n + queries, p=size / size.sum())  # (n + queries,)
    x = centres[which] + 0.8 * rng.standard_normal((n + queries, d)) * spectrum  # (n + queries, d)
    turn, _ = np.linalg.qr(rng.standard_normal((d, d)))  # (d, d): no coordinate is special
    x = normalise(x @ turn)  # (n + queries, d)
    return x[:n], x[n:]


# --8<-- [end:vectors]


# --8<-- [start:recall]
def nearest(x: Array, query: Array, k: int = K) -> Ints:
    """The k rows of `x` (n, d) closest to `query` (d,), closest first: brute force, n distances."""
    distance = 2 - 2 * (x @ query)  # (n,): squared Euclidean distance of unit vectors
    return np.argsort(distance, kind="stable")[:k]


def recall(found: Ints, truth: Ints) -> float:
    """Share of the true neighbours that were found; the order does not count."""
    return len(set(found.tolist()) & set(truth.tolist())) / len(truth)


@lru_cache
def truth(k: int = K) -> tuple[Ints, ...]:
    """The exact neighbours of every shared query."""
    x, queries = shared()
    return tuple(nearest(x, q, k) for q in queries)


def measure(search: Callable[[Array], tuple[Ints, float]], k: int = K) -> tuple[float, float]:
    """Mean recall@k and mean cost of `search` (query → ids and distances computed) over the shared queries."""
    pairs = [search(q) for q in shared()[1]]
    recalls = [recall(ids[:k], t) for (ids, _), t in zip(pairs, truth(k), strict=True)]
    return float(np.mean(recalls)), float(np.mean([cost for _, cost in pairs]))


# --8<-- [end:recall]
