"""Negative sampling: gradients against PyTorch, optimum against SciPy; numbers of the page negative-sampling."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax

from labs.tokenization.negative_sampling import (
    Array,
    best_scores,
    expected_loss,
    loss_and_grad,
    noise,
    pair_counts,
    sigmoid,
)
from labs.tokenization.word2vec import corpus, vocabulary


def test_sigmoid_equals_scipy() -> None:
    x = np.array([-800.0, -3, 0, 0.5, 40, 800])
    np.testing.assert_allclose(sigmoid(x), expit(x), rtol=1e-14)


def test_loss_and_gradients_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    v, u = rng.standard_normal(6), rng.standard_normal((4, 6))
    t_v, t_u = torch.tensor(v, requires_grad=True), torch.tensor(u, requires_grad=True)
    label = torch.tensor([1.0, 0, 0, 0], dtype=torch.float64)
    want = torch.nn.functional.binary_cross_entropy_with_logits(t_u @ t_v, label, reduction="sum")
    want.backward()
    loss, g_v, g_u = loss_and_grad(v, u)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    np.testing.assert_allclose(g_v, t_v.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(g_u, t_u.grad.numpy(), atol=1e-12)


def test_loss_is_equation_4() -> None:
    rng = np.random.default_rng(1)
    v, u = rng.standard_normal(5), rng.standard_normal((6, 5))
    want = -np.log(expit(u[0] @ v)) - sum(np.log(expit(-(u[i] @ v))) for i in range(1, 6))
    assert loss_and_grad(v, u)[0] == pytest.approx(want, rel=1e-12)


def test_page_noise_frequencies() -> None:
    """Page: a ratio of 1000 becomes 178; under Zipf with 1000 words the first falls from 13.4 % to 5.2 %, the last
    grows 2.2-fold."""
    p = noise(np.array([1000.0, 1.0]))
    assert round(p[0] / p[1]) == 178
    zipf = 1 / np.arange(1, 1001)
    plain, smooth = noise(zipf, 1), noise(zipf)
    assert (round(100 * plain[0], 1), round(100 * smooth[0], 1)) == (13.4, 5.2)
    assert round(smooth[-1] / plain[-1], 1) == 2.2
    np.testing.assert_allclose(noise(zipf, 0), 1e-3)


def test_draws_follow_the_noise() -> None:
    p = noise(np.array([80.0, 15.0, 5.0]))
    drawn = np.bincount(np.random.default_rng(0).choice(3, size=20_000, p=p), minlength=3) / 20_000
    np.testing.assert_allclose(drawn, p, atol=0.01)


def random_counts() -> Array:
    return np.random.default_rng(2).integers(1, 30, size=(5, 6)).astype(float)


@pytest.mark.parametrize("k", [1, 5])
def test_optimum_is_shifted_pmi(k: int) -> None:
    """Page: SciPy, which knows no formula, finds log p(c|w)/P_n(c) − log k."""
    n = random_counts()
    p_noise = noise(n.sum(axis=0))
    result = minimize(
        lambda x: expected_loss(x.reshape(n.shape), n, p_noise, k),
        np.zeros(n.size),
        method="BFGS",
        options={"gtol": 1e-9},
    )
    np.testing.assert_allclose(result.x.reshape(n.shape), best_scores(n, p_noise, k), atol=1e-4)


def test_unigram_noise_gives_pmi() -> None:
    n = random_counts()
    joint = n / n.sum()
    pmi = np.log(joint / joint.sum(axis=1, keepdims=True) / joint.sum(axis=0, keepdims=True))
    np.testing.assert_allclose(best_scores(n, noise(n.sum(axis=0), 1), 5), pmi - log(5), atol=1e-12)
    assert (round(log(5), 2), round(log(15), 2)) == (1.61, 2.71)


def test_page_softmax_of_the_scores_is_not_the_distribution() -> None:
    """Page: p(c|w) = (0.6, 0.3, 0.1) comes out as (0.33, 0.43, 0.24) and the first two change places."""
    n, unigram = np.array([[60.0, 30.0, 10.0]]), np.array([0.7, 0.2, 0.1])
    p_noise = noise(unigram)
    scores = best_scores(n, p_noise, 5)
    np.testing.assert_array_equal(softmax(scores).round(2), [[0.33, 0.43, 0.24]])
    # noise-contrastive estimation adds log k·P_n back, and is right
    np.testing.assert_allclose(np.exp(log_softmax(scores + np.log(5 * p_noise))), n / 100, atol=1e-12)
    # uniform noise would also be right
    np.testing.assert_allclose(softmax(best_scores(n, noise(unigram, 0), 5)), n / 100, atol=1e-12)


def test_unseen_pairs_have_no_finite_optimum() -> None:
    """Page: most pairs of a corpus are never seen, and their best score is minus infinity."""
    words = vocabulary(corpus())
    n = pair_counts(corpus(), words, 2)
    assert n.sum() == 316
    assert round(100 * float((n == 0).mean())) == 89
    scores = best_scores(n, noise(n.sum(axis=0)), 5)
    assert np.isneginf(scores[n == 0]).all()
    assert np.isfinite(scores[n > 0]).all()


def test_page_cost() -> None:
    """Page: k = 5 needs 6 dot products instead of 100 000; 2·300·6 = 3600 FLOP."""
    assert 2 * 300 * (5 + 1) == 3600
    assert round(100_000 / 6) == 16_667


def test_page_llm_head() -> None:
    """Page: share of the output matrix among the matrix weights of LLaMA-3-8B, and the logits of 32 768 tokens."""
    d, vocabulary_size, ffn, layers = 4096, 128_256, 14_336, 32
    layer = 2 * d * d + 2 * d * 1024 + 3 * d * ffn
    head = d * vocabulary_size
    assert round(head / 1e9, 3) == 0.525
    assert round((layers * layer + head) / 1e9, 2) == 7.50
    assert round(100 * head / (layers * layer + head)) == 7
    assert round(4 * 32_768 * vocabulary_size / 2**30, 1) == 15.7
