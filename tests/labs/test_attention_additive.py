"""Additive scores against a loop, and their cost; numbers of docs/attention/attention-scaling.md."""

from __future__ import annotations

import tracemalloc

import numpy as np

from labs.attention.additive import additive_cost, additive_scores, dot_cost
from labs.attention.scaled_dot_product import scores


def test_matches_a_loop() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((3, 4)), rng.standard_normal((5, 4))
    w1, w2, v = rng.standard_normal((4, 6)), rng.standard_normal((4, 6)), rng.standard_normal(6)
    found = additive_scores(q, k, w1, w2, v)
    for i in range(3):
        for j in range(5):
            hidden = [np.tanh(q[i] @ w1[:, c] + k[j] @ w2[:, c]) for c in range(6)]
            np.testing.assert_allclose(found[i, j], np.dot(v, hidden), rtol=1e-12, atol=1e-12)


def test_additive_scores_make_an_array_of_n_by_m_by_h() -> None:
    """Page: nothing smaller than n·m·h entries is enough, while the dot product stays near n·m."""
    n, d, h = 128, 32, 32
    rng = np.random.default_rng(1)
    q, k = rng.standard_normal((2, n, d))
    w1, w2 = rng.standard_normal((2, d, h))
    v = rng.standard_normal(h)

    def peak(additive: bool) -> int:
        tracemalloc.start()
        _ = additive_scores(q, k, w1, w2, v) if additive else scores(q, k)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(additive=True) >= 8 * additive_cost(n, n, d, h).elements == 8 * n * n * h
    assert peak(additive=False) < 4 * 8 * dot_cost(n, n, d).elements


def test_page_costs() -> None:
    """Page: n = m = 2048, d = h = 64, one head, two bytes an entry."""
    dot, additive = dot_cost(2048, 2048, 64), additive_cost(2048, 2048, 64, 64)
    assert dot.flops == 536_870_912
    assert additive.flops == 838_860_800
    assert round(additive.flops / dot.flops, 2) == 1.56
    assert (dot.tanh, additive.tanh) == (0, 268_435_456)
    assert dot.elements * 2 == 8 * 2**20
    assert additive.elements * 2 == 512 * 2**20
