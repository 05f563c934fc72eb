"""Best-of-N and budget allocation against enumeration, and the numbers of docs/reasoning/test-time-scaling.md."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest
from scipy.stats import entropy

from labs.attention.grouped_query import Model
from labs.evaluation.pass_at_k import expectation, pass_at_k
from labs.reasoning.allocation import allocate, matched_samples, solved
from labs.reasoning.best_of_n import kl, kl_bound, policy, proxy_with_exploit, with_checker, with_exploit

P = np.array([0.1, 0.25, 0.05, 0.4, 0.2])
SCORE = np.array([0.3, -1.0, 2.0, 0.5, 1.1])


@pytest.mark.parametrize("n", [1, 2, 5])
def test_policy_against_every_sequence(n: int) -> None:
    want = np.zeros(5)
    for draw in product(range(5), repeat=n):
        want[max(draw, key=lambda i: SCORE[i])] += P[list(draw)].prod()
    np.testing.assert_allclose(policy(P, SCORE, n), want, atol=1e-12)


def test_kl_bound_holds_and_is_reached_without_ties() -> None:
    for n in (2, 4, 16):
        q = policy(P, SCORE, n)
        assert kl(q, P) == pytest.approx(entropy(q, P), abs=1e-12)
        assert kl(q, P) < kl_bound(n)
        fine = np.full(20_000, 1 / 20_000)
        assert kl(policy(fine, np.arange(20_000.0), n), fine) == pytest.approx(kl_bound(n), abs=1e-3)


def test_checker_and_exploit_against_every_sequence() -> None:
    p, keep, leak, n = 0.3, 0.9, 0.2, 4
    assert with_checker(p, 1.0, 0.0, n) == pytest.approx(expectation(pass_at_k, p, 9, n), abs=1e-12)
    kinds = {"rp": p * keep, "rf": p * (1 - keep), "wp": (1 - p) * leak, "wf": (1 - p) * (1 - leak)}
    right = 0.0
    for draw in product(kinds, repeat=n):
        pool = [d for d in draw if d[1] == "p"] or list(draw)
        right += prod(kinds[d] for d in draw) * sum(d[0] == "r" for d in pool) / len(pool)
    assert with_checker(p, keep, leak, n) == pytest.approx(right, abs=1e-12)
    table = policy(np.array([0.69, 0.3, 0.01]), np.array([0.0, 1.0, 2.0]), 7)
    assert with_exploit(0.3, 0.01, 7) == pytest.approx(table[1], abs=1e-12)


def test_page_over_optimisation() -> None:
    """Page: p = 0.3 and 1 % of traps: the proxy keeps rising, the truth peaks at N = 10 and falls."""
    sizes = (1, 4, 10, 16, 64, 256)
    assert " ".join(f"{with_exploit(0.3, 0.01, n):.2f}" for n in sizes) == "0.30 0.73 0.88 0.85 0.53 0.08"
    assert " ".join(f"{proxy_with_exploit(0.3, 0.01, n):.2f}" for n in sizes) == "0.32 0.81 1.07 1.15 1.47 1.92"
    assert max(range(1, 300), key=lambda n: with_exploit(0.3, 0.01, n)) == 10
    assert " ".join(f"{kl_bound(n):.2f}" for n in sizes) == "0.00 0.64 1.40 1.84 3.17 4.55"
    assert " ".join(f"{with_checker(0.3, 0.9, 0.1, n):.2f}" for n in sizes) == "0.30 0.65 0.78 0.79 0.79 0.79"
    assert " ".join(f"{1 - 0.7**n:.2f}" for n in sizes) == "0.30 0.76 0.97 1.00 1.00 1.00"
    assert pytest.approx(with_checker(0.3, 0.9, 0.1, 500), abs=1e-12) == 0.27 / 0.34


def test_allocation_is_optimal() -> None:
    p = np.array([0.7, 0.3, 0.05])
    best = max(solved(p, np.array([i, j, 9 - i - j], dtype=np.int64)) for i in range(10) for j in range(10 - i))
    assert solved(p, allocate(p, 9)) == pytest.approx(best, abs=1e-12)


def test_page_allocation() -> None:
    """Page: five questions, 20 samples; an even split needs 7 each, 35 in all, to do as well."""
    p = np.array([0.9, 0.5, 0.2, 0.05, 0.0])
    samples = allocate(p, 20)
    assert samples.tolist() == [2, 4, 8, 6, 0]
    even = [solved(p, np.full(5, k)) for k in range(20)]
    assert (f"{solved(p, samples):.2f}", f"{even[4]:.2f}") == ("3.02", "2.71")
    assert next(k for k in range(20) if even[k] >= solved(p, samples)) == 7  # 35 samples


def test_page_long_chain_cost() -> None:
    """Page cot-to-lrm.md: cache of 64 layers, 8 key-value heads of 128, 16 bit."""
    model = Model("64 layers", layers=64, n_heads=64, n_kv=8, head_dim=128)
    assert (model.cache_bytes(), model.cache_bytes(seq=8192)) == (256 * 2**10, 2 * 2**30)


def test_page_exchange() -> None:
    """Page: against a model 14 times larger, by the ratio of inference to pretraining tokens."""
    assert [round(matched_samples(14, r)) for r in (0.08, 0.4, 11)] == [258, 63, 16]
    n, big, tokens = 1.0, 14.0, 1.0  # parameters, scale, pretraining tokens
    for ratio in (0.08, 0.4, 11.0):
        cost = 6 * big * n * tokens + 4 * big * n * ratio * tokens
        assert 6 * n * tokens + 4 * n * ratio * tokens * matched_samples(big, ratio) == pytest.approx(cost)
