"""LogN factors against the Qwen code's list, entropies against SciPy, and the numbers of the page
long-context.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy

from labs.attention.logn_scaling import entropy, logn_factor, mean_entropy
from labs.attention.long_context_cost import attention_flops, kv_bytes, linear_flops


def test_factor_is_the_list_of_the_qwen_code() -> None:
    want = [math.log(i, 2048) if i > 2048 else 1 for i in range(1, 9001)]
    assert np.allclose(logn_factor(9000, 2048), want, atol=1e-14)


def test_entropy() -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(9), 5)
    assert np.allclose(entropy(p), scipy_entropy(p, axis=1), atol=1e-13)
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(math.log(8))
    assert entropy(np.eye(3)[0]) == 0


def test_page_factors() -> None:
    """Page long-context: log2048 of 8192 and of 32768."""
    f = logn_factor(32768, 2048)
    assert f[2047] == 1 and f[0] == 1
    assert f[8191] == pytest.approx(13 / 11) and round(float(f[8191]), 3) == 1.182
    assert f[32767] == pytest.approx(15 / 11) and round(float(f[32767]), 3) == 1.364


def mean(n: int, sigma: float, scaled: bool) -> float:
    factor = float(logn_factor(n, 2048)[-1]) if scaled else 1.0
    return mean_entropy(n, sigma, factor, 64, np.random.default_rng(0))


def test_page_and_figure_entropies() -> None:
    """Page long-context: from 2048 to 65536 keys; scores with σ = 1 and with σ = sqrt(ln 2048)."""
    wide = math.sqrt(math.log(2048))
    assert round(wide, 2) == 2.76
    assert [round(mean(n, wide, False), 1) for n in (2048, 65536)] == [4.2, 7.4]
    assert [round(mean(n, wide, True), 1) for n in (2048, 65536)] == [4.2, 4.6]
    assert [round(mean(n, 1.0, False), 1) for n in (2048, 65536)] == [7.1, 10.6]
    assert [round(mean(n, 1.0, True), 1) for n in (2048, 65536)] == [7.1, 10.0]


def test_page_normal_scores_lose_half_sigma_squared() -> None:
    """Page long-context: H ≈ ln n - λ²σ²/2 while the softmax is not yet frozen."""
    for n, factor in ((8192, 1.0), (32768, 1.0), (32768, 15 / 11)):
        got = mean_entropy(n, 1.0, factor, 16, np.random.default_rng(1))
        assert got == pytest.approx(math.log(n) - factor**2 / 2, abs=0.02)


def test_page_costs() -> None:
    """Page long-context: 32 layers, 8 KV heads of 128, BF16 at 131072 tokens; attention against linear
    layers.
    """
    assert kv_bytes(1, 32, 8, 128) == 128 * 1024
    assert kv_bytes(131_072, 32, 8, 128) == 16 * 2**30
    d = 4096
    assert attention_flops(12 * d, d) == linear_flops(12 * d, d)
    assert 12 * d == 49_152
    assert kv_bytes(1_048_576, 32, 8, 128) == 128 * 2**30
    assert round(attention_flops(1_048_576, d) / linear_flops(1_048_576, d), 1) == 21.3
