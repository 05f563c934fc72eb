"""Relative biases, T5's buckets and ALiBi's slopes, and the numbers of docs/position/relative-position-encoding.md."""

from __future__ import annotations

from math import log, log2

import numpy as np
import pytest

from labs.position import alibi, t5_bias
from labs.position.relative_bias import Array, Ints, biased_weights, offsets, shaw_scores, window_weights
from labs.position.sinusoidal import encode

RNG = np.random.default_rng(0)


def test_a_relative_bias_does_not_see_where_the_window_lies() -> None:
    q, k = RNG.standard_normal((2, 8, 16))
    table = RNG.standard_normal(15)  # one scalar per offset −7 … 7
    for start in (0, 100, 5000):
        weights = biased_weights(q, k, table[offsets(8, start) + 7])
        np.testing.assert_allclose(weights, biased_weights(q, k, table[offsets(8) + 7]), atol=1e-12)


def test_an_added_encoding_does() -> None:
    content = RNG.standard_normal((8, 16))
    w_q, w_k = RNG.standard_normal((2, 16, 16)) / 4

    def sinusoidal(positions: Ints) -> Array:
        return encode(positions, 16)

    near = window_weights(content, np.arange(8), sinusoidal, w_q, w_k)
    far = window_weights(content, 100 + np.arange(8), sinusoidal, w_q, w_k)
    assert np.abs(near - far).max() > 0.05


def test_shaw_equals_a_naive_loop() -> None:
    q, k = RNG.standard_normal((2, 7, 4))
    table = RNG.standard_normal((2 * 3 + 1, 4))
    got = shaw_scores(q, k, table, clip=3)
    for i in range(7):
        for j in range(7):
            row = table[max(-3, min(3, j - i)) + 3]
            assert got[i, j] == pytest.approx(q[i] @ (k[j] + row) / 2, abs=1e-12)


def exact_bucket(offset: int, bidirectional: bool, buckets: int = 32, max_distance: int = 128) -> int:
    """T5's algorithm in whole numbers, so that no logarithm is rounded: the largest k that the distance reaches."""
    base = 0
    if bidirectional:
        buckets //= 2
        base = buckets if offset > 0 else 0
        n = abs(offset)
    else:
        n = max(-offset, 0)
    e = buckets // 2
    if n < e:
        return base + n
    k = e  # bucket k starts where (n/e)^e ≥ (max_distance/e)^(k−e), for buckets − e = e
    while k < buckets - 1 and n**e * e ** (k + 1 - e) >= e**e * max_distance ** (k + 1 - e):
        k += 1
    return base + k


@pytest.mark.parametrize("bidirectional", [True, False])
def test_t5_buckets_equal_exact_arithmetic(bidirectional: bool) -> None:
    spread = np.arange(-300, 301)
    want = [exact_bucket(int(n), bidirectional) for n in spread]
    assert t5_bias.bucket(spread, bidirectional=bidirectional).tolist() == want


@pytest.mark.parametrize("bidirectional", [True, False])
def test_t5_buckets_equal_the_reference_in_float32(bidirectional: bool) -> None:
    """`_relative_position_bucket` of the Hugging Face code, step by step in torch."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    spread = np.arange(-300, 301)
    relative, found = torch.from_numpy(spread), torch.zeros(601, dtype=torch.long)
    buckets = 16 if bidirectional else 32
    if bidirectional:
        found += (relative > 0).long() * buckets
        relative = relative.abs()
    else:
        relative = -torch.minimum(relative, torch.zeros_like(relative))
    exact = buckets // 2
    large = exact + (torch.log(relative.float() / exact) / log(128 / exact) * (buckets - exact)).long()
    large = torch.minimum(large, torch.full_like(large, buckets - 1))
    found += torch.where(relative < exact, relative, large)
    assert t5_bias.bucket(spread, bidirectional=bidirectional).tolist() == found.tolist()


def test_t5_numbers() -> None:
    """Page: table of buckets, the last bucket from 91 (bidirectional) and 113 (causal), the size of the table."""
    past = -np.array([0, 7, 8, 11, 12, 15, 16, 90, 91, 128, 1000])
    assert t5_bias.bucket(past, bidirectional=True).tolist() == [0, 7, 8, 8, 9, 9, 10, 14, 15, 15, 15]
    assert t5_bias.bucket(np.array([1, 8, 91]), bidirectional=True).tolist() == [17, 24, 31]
    past = -np.array([15, 16, 18, 19, 112, 113])
    assert t5_bias.bucket(past, bidirectional=False).tolist() == [15, 16, 16, 17, 30, 31]
    assert (t5_bias.last_bucket_from(bidirectional=True), t5_bias.last_bucket_from(bidirectional=False)) == (91, 113)
    table = RNG.standard_normal((32, 12))
    assert table.size == 384  # T5-base: 12 heads
    assert t5_bias.bias(table, offsets(6), bidirectional=True).shape == (12, 6, 6)
    assert t5_bias.bias(table, offsets(6), bidirectional=True)[3, 0, 5] == table[16 + 5, 3]


def reference_slopes(n: int) -> list[float]:
    """`get_slopes` of the authors' code, as published."""

    def power_of_two(m: int) -> list[float]:
        start = 2 ** (-(2 ** -(log2(m) - 3)))
        return [start * start**i for i in range(m)]

    if log2(n).is_integer():
        return power_of_two(n)
    closest = 2 ** int(log2(n))
    return power_of_two(closest) + reference_slopes(2 * closest)[0::2][: n - closest]


@pytest.mark.parametrize("heads", [1, 2, 4, 6, 8, 12, 16, 20, 32, 40, 71, 112])
def test_alibi_slopes_equal_the_reference(heads: int) -> None:
    np.testing.assert_allclose(alibi.slopes(heads), reference_slopes(heads), rtol=1e-12)


def test_alibi_numbers() -> None:
    """Page: slopes of 8 and 12 heads, 2^(−8h/12) is another sequence, and the reach of the heads."""
    np.testing.assert_allclose(alibi.slopes(8), [2.0**-h for h in range(1, 9)])
    np.testing.assert_allclose(alibi.slopes(12)[8:], [2**-0.5, 2**-1.5, 2**-2.5, 2**-3.5])
    plain = 2.0 ** (-8 * np.arange(1, 13) / 12)
    assert np.abs(np.sort(plain) - np.sort(alibi.slopes(12))).max() > 0.05
    reach = [alibi.reach(float(m)) for m in alibi.slopes(8)]
    assert (reach[0], reach[-1]) == (6, 767)
    n = 4000
    row = np.exp(alibi.slopes(8)[-1] * -np.arange(n))  # equal contents, the widest head
    assert row[:767].sum() / row.sum() == pytest.approx(0.95, abs=2e-3)


def test_alibi_bias_is_the_formula() -> None:
    got = alibi.bias(5, 8)
    assert got.shape == (8, 5, 5)
    np.testing.assert_allclose(got[0, 4], [-2.0, -1.5, -1.0, -0.5, 0.0])
    np.testing.assert_allclose(got[:, 4, 0], -4 * alibi.slopes(8))
