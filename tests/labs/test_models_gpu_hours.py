"""Training bills; numbers of docs/models/deepseek-v2.md and docs/models/deepseek-v3.md."""

from __future__ import annotations

import numpy as np

from labs.attention.masks import causal_mask
from labs.models.gpu_hours import DENSE_67B, V2, V3, V3_HOURS, attention_flops, days, hours_per_trillion


def test_v3_table() -> None:
    assert sum(V3_HOURS.values()) == 2788e3
    dollars = [2 * hours / 1e4 for hours in V3_HOURS.values()]  # in units of 10 000
    assert dollars == [532.8, 23.8, 1.0]
    assert round(sum(dollars), 1) == 557.6
    assert hours_per_trillion(V3) == 180e3
    assert round(days(hours_per_trillion(V3), 2048), 1) == 3.7
    assert round(days(V3.hours, 2048)) == 54


def test_useful_rates() -> None:
    rates = [round(run.per_device() / 1e12) for run in (V3, V2, DENSE_67B)]
    assert rates == [343, 203, 371]
    assert [round(100 * run.utilisation()) for run in (V3, V2, DENSE_67B)] == [35, 20, 38]
    assert round(100 * V3.utilisation() / 2) == 17
    assert round(V3.per_device() / V2.per_device(), 1) == 1.7


def test_v2_saves_less_than_its_activated_share() -> None:
    assert round(100 * (1 - V2.hours / DENSE_67B.hours), 1) == 42.5
    assert round(100 * V2.hours / DENSE_67B.hours) == 57
    assert round(100 * V2.parameters / DENSE_67B.parameters) == 31
    assert round(100 * (1 - V2.parameters / DENSE_67B.parameters), 1) == 68.7
    assert 0.5 < V2.utilisation() / DENSE_67B.utilisation() < 0.6


def test_attention_flops_counts_the_visible_pairs() -> None:
    n, layers, heads, d_qk, d_v = 17, 3, 2, 6, 4
    pairs = int(causal_mask(n).sum())
    assert np.isclose(attention_flops(layers, heads, d_qk, d_v, n), layers * heads * pairs * 2 * (d_qk + d_v) / n)
    assert round(attention_flops(61, 128, 192, 128, 4096) / 1e9, 1) == 10.2
