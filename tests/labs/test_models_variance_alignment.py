"""Variance alignment by simulation against theory; numbers of docs/models/longcat-flash.md."""

from __future__ import annotations

import numpy as np

from labs.models.variance_alignment import first_step, scales, split_variance


def test_scales_of_the_released_sizes() -> None:
    a_q, a_kv = scales(6144, 1536, 512)
    assert a_q == 2
    assert round(a_kv, 2) == 3.46
    assert 6144 / 512 == 12


def test_alignment_brings_the_three_variances_together() -> None:
    apart = first_step(6144, 1536, 512, align=False)
    assert [round(apart[k], 2) for k in ("query", "content key")] == [0.25, 0.08]
    assert round(apart["rope key"], 1) == 1.0
    together = first_step(6144, 1536, 512, align=True)
    assert all(abs(v - 1) < 0.05 for v in together.values())


def test_splitting_experts_divides_the_variance_by_m_squared() -> None:
    found = [split_variance(m) for m in (1, 2, 4)]
    assert [round(v, 2) for v in found] == [2.02, 0.5, 0.13]
    theory = np.array([2.0 / m**2 for m in (1, 2, 4)])  # k·ffn/d/k² = 256/64/2
    np.testing.assert_allclose(found, theory, rtol=0.05)
