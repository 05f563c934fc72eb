"""Llama 2's combined reward against a plain loop and SciPy (page rlhf)."""

from __future__ import annotations

import numpy as np
from scipy.special import logit
from scipy.stats import zscore

from labs.alignment.piecewise_reward import combine, whitened_logit


def test_page_rule() -> None:
    """Page rlhf: four answers; safety decides for the risky prompt and below 0.15."""
    safety, helpful = np.array([0.9, 0.1, 0.9, 0.1]), np.array([0.3, 0.95, 0.8, 0.95])
    risky = np.array([False, False, True, True])
    assert combine(safety, helpful, risky).tolist() == [0.3, 0.1, 0.9, 0.1]


def test_rule_by_a_loop() -> None:
    rng = np.random.default_rng(0)
    s, h, k = rng.random(200), rng.random(200), rng.random(200) < 0.3
    want = [a if (c or a < 0.15) else b for a, b, c in zip(s, h, k, strict=True)]
    assert combine(s, h, k).tolist() == want


def test_whitening_is_scipys() -> None:
    score = np.random.default_rng(1).uniform(0.01, 0.99, 50)
    assert np.allclose(whitened_logit(score), zscore(logit(score)), atol=1e-10)
