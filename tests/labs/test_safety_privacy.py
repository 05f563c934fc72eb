"""Differential privacy against SciPy and PyTorch, and the numbers of docs/safety/privacy-protection.md."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from labs.safety.membership import attack, auc, best_tpr, tpr_at_fpr
from labs.safety.memorization import DIGITS, Ngram, corpus, exposure, extraction_rate
from labs.safety.pii import anonymity, diversity, id_check_digit, mask, unique_share
from labs.safety.privacy import (
    accountant_epsilon,
    clip,
    composed_noise,
    gaussian_delta,
    gaussian_epsilon,
    log_moment,
    private_gradient,
)


@pytest.mark.parametrize(("epsilon", "noise"), [(0.5, 1.0), (1.0, 2.0), (4.0, 0.7), (0.0, 1.0)])
def test_gaussian_delta_is_the_integral(epsilon: float, noise: float) -> None:
    """The definition: the largest Pr[M(D) in S] − e^ε Pr[M(D') in S] over sets S is this integral."""

    def excess(x: float) -> float:
        return float(max(stats.norm.pdf(x, 1, noise) - math.exp(epsilon) * stats.norm.pdf(x, 0, noise), 0.0))

    edge = 0.5 + epsilon * noise**2  # where the two densities cross
    want, _ = integrate.quad(excess, edge, edge + 40 * noise, epsabs=1e-13)
    assert gaussian_delta(epsilon, noise) == pytest.approx(want, abs=1e-10)


def test_no_set_breaks_the_promise() -> None:
    """Definition checked by brute force over half-lines and intervals."""
    epsilon, noise = 1.0, 2.0
    delta = gaussian_delta(epsilon, noise)
    grid = np.linspace(-15, 15, 121)
    one, zero = stats.norm.cdf(grid, 1, noise), stats.norm.cdf(grid, 0, noise)
    gaps = (one[None] - one[:, None]) - math.exp(epsilon) * (zero[None] - zero[:, None])
    assert np.triu(gaps).max() <= delta
    assert np.triu(gaps).max() > 0.95 * delta  # and it is not loose


def test_composition_of_gaussians() -> None:
    """T releases: the log likelihood ratio of T normals is that of one with noise σ/√T (checked by sampling)."""
    rng = np.random.default_rng(0)
    noise, steps, epsilon = 3.0, 4, 1.0
    x = 1 + noise * rng.standard_normal((200_000, steps))  # p: every mean is 1
    ratio = ((2 * x - 1) / (2 * noise**2)).sum(axis=1)  # log p/q
    got = np.maximum(1 - np.exp(epsilon - ratio), 0).mean()  # E_p[(1 − e^ε q/p)+]
    assert got == pytest.approx(gaussian_delta(epsilon, composed_noise(noise, steps)), abs=2e-3)


def test_epsilon_table() -> None:
    """Page: one release at δ = 1e-5; 100 releases with σ = 4, exactly and by adding up."""
    assert [round(gaussian_epsilon(1e-5, s), 2) for s in (0.5, 1, 2, 4)] == [10.0, 4.38, 1.99, 0.93]
    assert round(gaussian_epsilon(1e-5, composed_noise(4, 100)), 1) == 13.2
    assert round(100 * gaussian_epsilon(1e-7, 4)) == 118


@pytest.mark.parametrize(("order", "rate", "noise"), [(1, 0.01, 4.0), (5, 0.1, 1.0), (12, 0.02, 1.5)])
def test_log_moment_is_the_integral(order: int, rate: float, noise: float) -> None:
    def mixed(x: float) -> float:
        return float((1 - rate) * stats.norm.pdf(x, 0, noise) + rate * stats.norm.pdf(x, 1, noise))

    def integrand(x: float) -> float:
        return float(mixed(x) * (mixed(x) / stats.norm.pdf(x, 0, noise)) ** order)

    want, _ = integrate.quad(integrand, -12 * noise, 12 * noise + order, epsabs=1e-13, limit=400)
    assert log_moment(order, rate, noise) == pytest.approx(math.log(want), abs=1e-8)


def test_accountant() -> None:
    """Page: q = 0.01, σ = 4, 10,000 steps cost ε = 1.26 at δ = 1e-5; σ = 2 and 1 cost 2.74 and 7.47."""
    got = [round(accountant_epsilon(1e-5, 0.01, s, 10_000), 2) for s in (4, 2, 1)]
    assert got == [1.26, 2.74, 7.47]


def test_clipped_gradients_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, y, w = rng.standard_normal((6, 3)), rng.integers(0, 2, 6).astype(float), rng.standard_normal(3)
    rows, want = [], []
    for xi, yi in zip(x, y, strict=True):
        t = torch.tensor(w, requires_grad=True)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(xi) @ t, torch.tensor(yi))
        loss.backward()
        rows.append((1 / (1 + np.exp(-xi @ w)) - yi) * xi)
        torch.nn.utils.clip_grad_norm_([t], 0.5)
        want.append(t.grad.numpy())
    np.testing.assert_allclose(clip(np.array(rows), 0.5), np.array(want), atol=2e-6)  # torch adds 1e-6 to the norm


def test_one_example_moves_the_sum_by_the_bound_and_noise_has_its_size() -> None:
    """Page: worked example, gradients (3, 4) and (0.3, 0.4) with C = 1 clip to (0.6, 0.8) and (0.3, 0.4)."""
    g = np.array([[3.0, 4.0], [0.3, 0.4]])
    np.testing.assert_allclose(clip(g, 1.0), [[0.6, 0.8], [0.3, 0.4]], atol=1e-12)
    np.testing.assert_allclose(private_gradient(g, 1.0, 0.0, np.random.default_rng(0)), [0.45, 0.6], atol=1e-12)
    rng = np.random.default_rng(0)
    draws = np.array([private_gradient(g, 1.0, 2.0, rng) for _ in range(20_000)])
    np.testing.assert_allclose(draws.std(axis=0), [1.0, 1.0], atol=0.02)  # 2.0 · 1 / 2 examples


def test_auc_equals_scipy() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 9, 60) / 3 + 0.5, rng.integers(0, 9, 80) / 3
    want = stats.mannwhitneyu(a, b).statistic / (60 * 80)
    assert auc(a, b) == pytest.approx(want, abs=1e-12)
    assert tpr_at_fpr(np.arange(10.0), np.arange(10.0), 0.2) == pytest.approx(0.2)


def test_membership_table() -> None:
    """Page: AUC falls with the number of examples; at 1% false positives the attack is hardly better than chance."""
    rows = {n: attack(n) for n in (100, 400, 1600)}
    assert [round(rows[n][0], 2) for n in rows] == [0.75, 0.58, 0.53]
    assert all(rows[n][1] < 0.03 for n in rows)


def test_best_attack_is_the_likelihood_ratio_test() -> None:
    """Page: at 1% false positives no attack catches more than 3.4%, 9.2%, 37% for σ = 2, 1, 0.5."""
    assert [round(100 * best_tpr(0.01, s), 1) for s in (2, 1, 0.5)] == [3.4, 9.2, 37.2]
    for noise in (0.5, 1.0, 2.0):
        threshold = stats.norm.isf(0.01, 0, noise)
        assert best_tpr(0.01, noise) == pytest.approx(stats.norm.sf(threshold, 1, noise), abs=1e-9)
        epsilon = gaussian_epsilon(1e-5, noise)
        assert best_tpr(0.01, noise) <= math.exp(epsilon) * 0.01 + 1e-5


def test_ngram_is_a_distribution() -> None:
    model = Ngram(corpus("7394", 3, 0), 8)
    assert sum(math.exp(-loss) for loss in model.losses().values()) == pytest.approx(1, abs=1e-12)
    assert sum(model.probability("pin=73", c) for c in DIGITS) == pytest.approx(1, abs=1e-12)
    table = model.losses()
    assert all(table[s] == pytest.approx(model.loss(s), abs=1e-12) for s in ("7394", "0000", "9182"))


def test_exposure_and_extraction() -> None:
    """Page: exposure by number of copies, and how often greedy decoding gives the secret away."""
    copies = (0, 1, 2, 3)
    mean = [np.mean([exposure(Ngram(corpus("7394", c, s), 8), "7394") for s in range(6)]) for c in copies]
    assert [round(float(m), 1) for m in mean] == EXPOSURE
    assert [round(100 * extraction_rate(c, 40)) for c in (3, 10, 20, 40)] == EXTRACTED


EXPOSURE = [2.0, 6.7, 12.1, 13.3]
EXTRACTED = [2, 48, 88, 100]


def test_identity_numbers() -> None:
    """The example of GB 11643 and a brute force: no single wrong digit keeps the check digit."""
    assert id_check_digit("11010519491231002") == "X"
    number = "11010119900307123"
    own = id_check_digit(number)
    for i in range(17):
        for d in "0123456789":
            if d != number[i]:
                assert id_check_digit(number[:i] + d + number[i + 1 :]) != own


def test_masking() -> None:
    """Page: what the patterns catch and what walks past them."""
    assert mask("张三,11010519491231002X,13800138000,zs@example.com") == "张三,[身份证],[手机号],[邮箱]"
    assert mask("订单号 110105194912310020 已发货") == "订单号 110105194912310020 已发货"  # checksum fails: kept
    assert mask("打一三八零零一三八零零零") == "打一三八零零一三八零零零"
    assert mask("138 0013 8000") == "138 0013 8000"


def test_anonymity() -> None:
    """Page: the table of six patients."""
    rows = [
        ("100080", "1990-03", "女", "流感"),
        ("100080", "1990-03", "女", "流感"),
        ("100081", "1990-05", "女", "糖尿病"),
        ("100083", "1985-01", "男", "流感"),
        ("100084", "1985-07", "男", "高血压"),
        ("100086", "1985-07", "男", "糖尿病"),
    ]
    assert anonymity(rows, [0, 1, 2]) == 1
    assert round(unique_share(rows, [0, 1, 2]), 2) == 0.67
    coarse = [(z[:4], b[:4], s, d) for z, b, s, d in rows]
    assert (anonymity(coarse, [0, 1, 2]), unique_share(coarse, [0, 1, 2])) == (3, 0.0)
    assert diversity(coarse, [0, 1, 2], 3) == 2
    assert diversity(rows, [0, 1, 2], 3) == 1
    pairs = [sum(a[:3] == b[:3] for b in rows) for a in rows]  # naive group sizes
    assert anonymity(rows, [0, 1, 2]) == min(pairs)
