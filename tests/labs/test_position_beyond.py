"""FIRE, CoPE and iRoPE, and the numbers of docs/position/fire.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.position import alibi, cope, irope
from labs.position.fire import alibi_as_fire, fire_bias, normalized_distance


def test_fire_distance_stays_in_the_unit_interval() -> None:
    u = normalized_distance(1500, 512, 0.1)
    assert u.min() == 0
    assert u.max() == 1
    np.testing.assert_allclose(np.diag(normalized_distance(64, 8, 0.1)), 0)
    assert normalized_distance(64, 8, 0.1)[40, 0] == 1  # beyond the threshold the farthest key is always at 1


def test_fire_equals_a_naive_loop() -> None:
    rng = np.random.default_rng(0)
    w1, b1, w2, b2 = rng.standard_normal(6), rng.standard_normal(6), rng.standard_normal((6, 3)), rng.standard_normal(3)
    u = normalized_distance(7, 4, 0.5)
    got = fire_bias(u, w1, b1, w2, b2)
    for i in range(7):
        for j in range(i + 1):
            x = np.log(0.5 * (i - j) + 1) / np.log(0.5 * max(4, i) + 1)
            for head in range(3):
                want = sum(max(x * w1[k] + b1[k], 0) * w2[k, head] for k in range(6)) + b2[head]
                assert got[head, i, j] == pytest.approx(want, abs=1e-12)


def test_fire_can_be_alibi_up_to_the_threshold() -> None:
    n, slope = 200, float(alibi.slopes(8)[2])
    inside = alibi_as_fire(normalized_distance(n, n, 0.1), slope, n, 0.1)
    np.testing.assert_allclose(np.tril(inside), np.tril(alibi.bias(n, 8)[2]), atol=1e-10)
    outside = alibi_as_fire(normalized_distance(n, 50, 0.1), slope, 50, 0.1)
    assert np.abs(np.tril(outside - alibi.bias(n, 8)[2])).max() > 1


def test_fire_numbers() -> None:
    """Page (L = 512, c = 0.1): distance 10 seen from positions 100, 512 and 5000; distance 5000 from 5000."""
    u = normalized_distance(5001, 512, 0.1)
    assert [round(float(u[i, i - 10]), 3) for i in (100, 512, 5000)] == [0.175, 0.175, 0.111]
    assert u[5000, 0] == 1


def test_cope_equals_a_naive_loop() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, 9, 4))
    table = rng.standard_normal((5, 4))
    want = np.zeros((9, 9))
    for i in range(9):
        logits = []
        for j in range(i + 1):
            p = min(sum(1 / (1 + np.exp(-(q[i] @ k[t]))) for t in range(j, i + 1)), 4)
            low, part = int(p), p - int(p)
            row = table[low] if part == 0 else (1 - part) * table[low] + part * table[low + 1]
            logits.append(q[i] @ k[j] + q[i] @ row)
        e = np.exp(np.array(logits) - max(logits))
        want[i, : i + 1] = e / e.sum()
    np.testing.assert_allclose(cope.cope_weights(q, k, table), want, atol=1e-10)


def test_cope_counts_sentences() -> None:
    """Page: gates open at full stops only: the table of positions seen from the last token."""
    tokens = ["我", "来", "。", "你", "看", "。", "他", "走"]
    gates = np.tile([float(t == "。") for t in tokens], (8, 1))
    assert cope.positions(gates)[-1].tolist() == [2, 2, 2, 1, 1, 1, 0, 0]
    assert cope.positions(np.ones((8, 8)))[-1].tolist() == [8, 7, 6, 5, 4, 3, 2, 1]  # all open: plain counting
    half = cope.positions(np.full((4, 4), 0.5))[-1]
    assert half.tolist() == [2.0, 1.5, 1.0, 0.5]


def test_irope_layers_and_masks() -> None:
    """Page: 12 of 48 layers are NoPE; a chunk border cuts off the token right before it."""
    rope = irope.uses_rope(48)
    assert (int((~rope).sum()), rope[:8].tolist()) == (12, [True, True, True, False] * 2)
    mask = irope.chunk_mask(12, 4)
    assert not mask[4, 3]
    assert mask[7].tolist() == [False] * 4 + [True] * 4 + [False] * 4
    for i in range(12):
        for j in range(12):
            assert mask[i, j] == (j <= i and i // 4 == j // 4)


def test_irope_numbers() -> None:
    """Page: factors on the query at 8191, 8192, 128K and 10M (2^20 each M), and the share of keys to cache at 128K."""
    factor = irope.query_scale([8190, 8191, 131_071, 10 * 2**20 - 1])
    assert [round(float(f), 2) for f in factor] == [1.0, 1.07, 1.28, 1.72]
    assert round(100 * irope.cached_tokens(131_072) / (48 * 131_072)) == 30
