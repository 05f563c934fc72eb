"""Labs of the page `online-softmax`; numbers printed there are asserted here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import permutations
from math import exp, inf, log

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from labs.attention.online_softmax import (
    block_state,
    blockwise_attention,
    merge,
    normalizer,
    one_pass_attention,
    online_softmax,
    safe_softmax,
)
from labs.attention.scaled_dot_product import attention


class Counted(Sequence[float]):
    """A vector that counts how often an element is read."""

    def __init__(self, values: list[float]) -> None:
        self.values = values
        self.reads = 0

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: int) -> float:  # type: ignore[override]
        return self.values[index]

    def __iter__(self) -> Iterator[float]:
        for value in self.values:
            self.reads += 1
            yield value


@pytest.mark.parametrize("compute", [safe_softmax, online_softmax])
@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
def test_softmax_matches_scipy(compute: Callable[[Sequence[float]], list[float]], shift: float) -> None:
    x = (np.random.default_rng(0).normal(size=500) * 20 + shift).tolist()
    np.testing.assert_allclose(compute(x), softmax(x), rtol=1e-12, atol=0)


def test_reads_per_element() -> None:
    """Page: three passes read 3N numbers, the online form 2N; with N writes 4 and 3 accesses an element."""
    three, two = Counted([1.0, 3.0, 2.0, 5.0]), Counted([1.0, 3.0, 2.0, 5.0])
    safe_softmax(three)
    online_softmax(two)
    assert three.reads == 3 * len(three)
    assert two.reads == 2 * len(two)


def test_worked_example() -> None:
    """Page: the table for x = [1, 3, 2, 5]."""
    states = list(normalizer([1.0, 3.0, 2.0, 5.0]))
    assert [m for m, _ in states] == [1, 3, 3, 5]
    assert [round(total, 4) for _, total in states] == [1.0, 1.1353, 1.5032, 1.2034]
    assert np.log(states[-1][1]) + states[-1][0] == pytest.approx(logsumexp([1.0, 3.0, 2.0, 5.0]), abs=1e-12)
    assert [round(p, 4) for p in online_softmax([1.0, 3.0, 2.0, 5.0])] == [0.0152, 0.1125, 0.0414, 0.831]


def test_overflow_limits() -> None:
    """Page: exp overflows beyond 11.09 (FP16), 88.72 (FP32) and 709.78 (FP64)."""
    limits = [log(float(np.finfo(t).max)) for t in (np.float16, np.float32, np.float64)]
    assert [round(limit, 2) for limit in limits] == [11.09, 88.72, 709.78]
    with np.errstate(over="ignore"):
        assert np.exp(np.float16(12)) == inf


def test_sum_is_bounded() -> None:
    """Page: with the maximum subtracted the sum lies between 1 and N."""
    for seed in range(20):
        x = np.random.default_rng(seed).normal(size=50) * 30
        *_, (_, total) = normalizer(x.tolist())
        assert 1 <= total <= 50


def test_expected_number_of_new_maxima() -> None:
    """Page: in random order 4096 scores set a new maximum 8.9 times on average (harmonic number)."""
    assert round(sum(1 / i for i in range(1, 4097)), 1) == 8.9
    rng = np.random.default_rng(0)
    records = [int((np.diff(np.maximum.accumulate(rng.random(4096))) > 0).sum()) + 1 for _ in range(400)]
    assert np.mean(records) == pytest.approx(8.9, abs=0.5)


@pytest.mark.parametrize("block", [1, 3, 16, 64, 100])
def test_blockwise_attention_matches_whole(block: int) -> None:
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(5, 8)) * 4, rng.normal(size=(64, 8)) * 4, rng.normal(size=(64, 6))
    want = softmax(q @ k.T / np.sqrt(8), axis=1) @ v
    np.testing.assert_allclose(blockwise_attention(q, k, v, block), want, rtol=0, atol=1e-12)
    np.testing.assert_allclose(attention(q, k, v), want, rtol=0, atol=1e-12)
    for row, expected in zip(q, want, strict=True):
        np.testing.assert_allclose(one_pass_attention(row, k, v), expected, rtol=0, atol=1e-12)


def test_merge_ignores_order_and_grouping() -> None:
    """Page: merging is associative and commutative, hence split over blocks, chips or cards at will."""
    rng = np.random.default_rng(2)
    q = rng.normal(size=(3, 4)) * 5
    states = [block_state(q, rng.normal(size=(7, 4)), rng.normal(size=(7, 2))) for _ in range(4)]
    want = reduce(merge, states)
    for order in permutations(states):
        tree = merge(merge(order[0], order[1]), merge(order[2], order[3]))
        for got, expected in zip(tree, want, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)


def test_normalised_update_is_the_same() -> None:
    """Page: dividing at every step (v1) and once at the end (v2) agree; without rescaling they do not."""
    rng = np.random.default_rng(3)
    s, v = rng.normal(size=20) * 5, rng.normal(size=20)
    m, total, o = -inf, 0.0, 0.0
    for x, value in zip(s, v, strict=True):
        m_new = max(m, float(x))
        total_new = total * exp(m - m_new) + exp(float(x) - m_new)
        o = o * total * exp(m - m_new) / total_new + exp(float(x) - m_new) / total_new * float(value)
        m, total = m_new, total_new
    assert o == pytest.approx(float(softmax(s) @ v), abs=1e-12)
    running = np.maximum.accumulate(s)
    wrong = (np.exp(s - running) * v).sum() / np.exp(s - running).sum()
    assert abs(wrong - softmax(s) @ v) > 0.1
