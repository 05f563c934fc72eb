"""Rounded sums against numpy.float16 and PyTorch, and the numbers of mixed-precision.md, half-precision-training.md."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labs.numerics.float_formats import BF16, FP16, FP32, Format, round_to
from labs.numerics.rounded_sums import dot, kahan, running_sum, stochastic_round


def test_running_sum_is_numpys() -> None:
    terms = np.random.default_rng(0).standard_normal(300).astype(np.float16)
    total, want = np.float16(0), []
    for term in terms:
        total = np.float16(total + term)
        want.append(float(total))
    np.testing.assert_array_equal(running_sum(terms.astype(float), FP16), want)


def test_ones_stop_at_a_power_of_two() -> None:
    """Page: adding 1 stops at 2048 in FP16 and at 256 in BF16."""
    assert running_sum(np.ones(2100), FP16)[-1] == 2048
    assert running_sum(np.ones(300), BF16)[-1] == 256
    assert running_sum(np.ones(2100), FP32)[-1] == 2100


def test_weight_updates() -> None:
    """Page (half-precision-training): w = 1 and 1000 updates of 1e-4."""
    updates = np.full(1000, 1e-4)
    last = {f.name: round(float(running_sum(updates, f, 1.0)[-1]), 4) for f in (FP32, FP16, BF16)}
    assert last == {"FP32": 1.1, "FP16": 1.0, "BF16": 1.0}
    assert round(kahan(1.0, updates, FP16), 3) == 1.1
    assert abs(kahan(1.0, updates, BF16) - 1.1) < BF16.eps
    rng, w = np.random.default_rng(0), np.ones(2000)
    for update in updates:
        w = stochastic_round(w + update, BF16, rng)
    assert abs(w.mean() - 1.1) < 5 * w.std() / math.sqrt(len(w))
    assert round(float(w.mean()), 2) == 1.1
    assert round(float(w.std()), 3) == 0.028
    assert (FP16.eps / 2, BF16.eps / 2) == (2**-11, 2**-8)
    assert (round(FP16.eps / 2, 5), round(BF16.eps / 2, 5)) == (0.00049, 0.00391)


def test_downwards_from_a_power_of_two() -> None:
    """Page: from 1 downwards a quarter of the spacing already counts."""
    assert running_sum(np.array([-1.01 * 2**-12]), FP16, 1.0)[0] < 1
    assert running_sum(np.array([1.01 * 2**-12]), FP16, 1.0)[0] == 1


def test_stochastic_rounding_is_fair_and_neighbouring() -> None:
    rng = np.random.default_rng(1)
    x = np.full(20_000, 1 + 0.3 * BF16.eps)
    y = stochastic_round(x, BF16, rng)
    assert set(y) == {1.0, 1 + BF16.eps}
    assert abs((y > 1).mean() - 0.3) < 0.02
    exact = round_to(rng.standard_normal(100), BF16)
    np.testing.assert_array_equal(stochastic_round(exact, BF16, rng), exact)


def test_dot_products() -> None:
    """Page: 2048 products of FP16 numbers between 0 and 1: the accumulator decides the error."""
    rng = np.random.default_rng(0)
    a, b = (round_to(rng.random(2048), FP16) for _ in range(2))
    exact = math.fsum(a * b)

    def error(f: Format, chunk: int | None = None) -> float:
        return abs(dot(a, b, f, chunk) / exact - 1)

    got = [f"{100 * e:.2g}" for e in (error(FP16), error(BF16), error(FP32), error(FP16, 128), error(BF16, 128))]
    assert got == ["2.6", "49", "1.6e-05", "0.037", "0.61"]
    assert (round(exact, 1), dot(a, b, BF16)) == (506.6, 256)


def test_torch_accumulates_half_precision_in_single() -> None:
    """Page: PyTorch's sum of 4096 BF16 ones is 4096, not 256."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    assert torch.ones(4096, dtype=torch.bfloat16).sum().item() == 4096
    assert running_sum(np.ones(4096), BF16)[-1] == 256
