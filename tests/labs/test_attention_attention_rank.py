"""Lab of the page `attention-rank`; numbers printed there are asserted here."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

from labs.attention.attention_rank import (
    attention_layer,
    attention_matrices,
    causal,
    residual,
    softmax,
    stack,
    strong_directions,
)

N = 64


def test_softmax_matches_scipy() -> None:
    s = np.random.default_rng(0).normal(size=(9, 9)) * 10
    np.testing.assert_allclose(softmax(s), scipy_softmax(s, axis=1), rtol=1e-12, atol=0)
    np.testing.assert_allclose(softmax(causal(s)), scipy_softmax(causal(s), axis=1), rtol=1e-12, atol=0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("d_h", [1, 4, 16])
def test_scores_have_rank_d_h_and_softmax_raises_it(d_h: int, seed: int) -> None:
    s, free, masked = attention_matrices(np.random.default_rng(seed), N, d_h)
    assert np.linalg.matrix_rank(s) == d_h
    assert np.linalg.matrix_rank(free) > d_h
    sign, logdet = np.linalg.slogdet(masked[:12, :12])  # small enough for LU to keep the sign
    assert sign == 1
    assert logdet == pytest.approx(float(np.log(np.diag(masked)[:12]).sum()), rel=1e-9)
    assert (np.diag(masked) > 0).all()


def test_page_table() -> None:
    """Page: n = 64, seed 0; singular values above 1 % of the largest, and condition numbers."""
    strong, free_cond = [], []
    for d_h in (2, 8, 64):
        _, free, masked = attention_matrices(np.random.default_rng(0), N, d_h)
        strong.append((strong_directions(free), strong_directions(masked)))
        free_cond.append(float(np.linalg.cond(free)))
        assert np.linalg.cond(masked) > 1e12
        assert np.log10(np.diag(masked)).sum() < -90  # the determinant, printed as below 10^-90
    assert strong == [(14, 48), (45, 49), (60, 52)]
    assert free_cond[0] > 1e13
    assert f"{free_cond[1]:.1e}" == "4.5e+04"
    assert f"{free_cond[2]:.1e}" == "1.4e+03"


@pytest.mark.parametrize("seed", range(4))
def test_masked_matrix_is_the_worse_conditioned_one(seed: int) -> None:
    """Page: at d_h = 64 that holds for every draw, not only for the one in the table."""
    _, free, masked = attention_matrices(np.random.default_rng(seed), N, 64)
    assert np.linalg.cond(free) < 1e5 < 1e12 < np.linalg.cond(masked)


def test_rank_one_scores_full_rank_softmax() -> None:
    """Page: with d_h = 1 and six distinct q = k, QKᵀ has rank 1 and its softmax rank 6, determinant > 0."""
    x = np.linspace(-2, 2, 6)[:, None]  # (6, 1)
    a = softmax(x @ x.T)
    assert np.linalg.matrix_rank(x @ x.T) == 1
    assert np.linalg.matrix_rank(a) == 6
    assert np.linalg.det(a) > 1e-8
    assert np.linalg.eigvalsh(np.exp(x @ x.T)).min() > 1e-4  # exp(xy) is a positive definite kernel


def test_repeated_token() -> None:
    """Page: two tokens with equal q and k cost the free matrix a rank, the causal one keeps det > 0."""
    q, k = np.random.default_rng(0).normal(size=(2, 6, 3))
    q[5], k[5] = q[2], k[2]
    assert np.linalg.matrix_rank(softmax(q @ k.T)) == 5
    assert np.linalg.matrix_rank(softmax(causal(q @ k.T))) == 6
    assert np.linalg.det(softmax(causal(q @ k.T))) > 0


def test_bidirectional_permutation_is_perfect() -> None:
    """Page: two tokens that attend to each other: condition 1, determinant -1, never causal."""
    a = softmax(np.array([[0.0, 60.0], [60.0, 0.0]]))
    assert np.linalg.cond(a) == pytest.approx(1)
    assert np.linalg.det(a) == pytest.approx(-1)


def test_sink_is_full_rank_only_on_paper() -> None:
    """Page: +12 on the first column: the determinant stays positive, one singular value is left above 1 %."""
    s, _, _ = attention_matrices(np.random.default_rng(0), N, 8)
    s[:, 0] += 12
    masked = softmax(causal(s))
    sigma = np.linalg.svd(masked, compute_uv=False)
    assert (np.diag(masked) > 0).all()
    assert strong_directions(masked) == 1
    assert sigma[1] / sigma[0] < 0.001


def test_uniform_causal_attention() -> None:
    """Page: equal weights 1/i give determinant 1/n!, 64! is about 10^89, condition 191."""
    a = softmax(causal(np.zeros((N, N))))
    _, logdet = np.linalg.slogdet(a)
    assert logdet == pytest.approx(-lgamma(N + 1), rel=1e-10)
    assert round(lgamma(N + 1) / log(10)) == 89
    assert round(float(np.linalg.cond(a))) == 191


@pytest.mark.parametrize(("masked", "power"), [(False, 3), (True, 1)])
def test_order_of_the_collapse(masked: bool, power: int) -> None:
    """Page: differences of size ε leave a layer at ε³ without a mask, at ε with a causal one."""
    rng = np.random.default_rng(0)
    n, d = 16, 8
    common, r, w_qk, w_v = rng.normal(size=d), rng.normal(size=(n, d)), *rng.normal(size=(2, d, d))
    norms = [
        np.linalg.norm(residual(attention_layer(common + eps * residual(r), w_qk, w_v, masked))) for eps in (2e-3, 1e-3)
    ]
    assert np.log2(norms[0] / norms[1]) == pytest.approx(power, abs=0.02)


def test_stack_numbers() -> None:
    """Page: shares of the differences after each layer, n = d = 32, seed 0."""

    def shares(masked: bool, skip: bool) -> list[float]:
        return stack(np.random.default_rng(0), 32, 32, 8, masked, skip)

    pure = shares(False, False)
    assert [round(x, 2) for x in pure[:3]] == [0.98, 0.70, 0.02]
    assert f"{pure[3]:.0e}" == "3e-07"
    assert pure[4] < 1e-14
    masked = shares(True, False)
    assert [round(masked[i], 2) for i in (1, 4, 8)] == [0.86, 0.22, 0.02]
    assert round(shares(False, True)[8], 2) == 0.38
    assert round(shares(True, True)[8], 2) == 0.47
