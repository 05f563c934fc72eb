"""Samplers against PyTorch and SciPy; numbers of temperature.md and top-p-sampling.md."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chisquare
from scipy.stats import entropy as scipy_entropy

from labs.attention.scaled_dot_product import softmax
from labs.decoding.contrastive import plausible
from labs.decoding.samplers import (
    divide_probabilities,
    draw,
    draw_gumbel,
    entropy,
    kept,
    min_p,
    tail_mass,
    temperature,
    top_k,
    top_p,
    with_tail,
    zipf,
)

LOGITS = np.array([3.0, 2.0, 1.0, 0.0, -1.0])


@pytest.mark.parametrize("t", [0.3, 1.0, 4.0])
def test_temperature_against_torch(t: float) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    want = torch.softmax(torch.from_numpy(LOGITS) / t, -1).numpy()
    np.testing.assert_allclose(softmax(temperature(LOGITS, t)), want, atol=1e-14)
    power = softmax(LOGITS) ** (1 / t)  # page: the same from probabilities alone
    np.testing.assert_allclose(power / power.sum(), want, atol=1e-14)
    assert entropy(want) == pytest.approx(float(scipy_entropy(want)))


def test_dividing_probabilities_changes_nothing() -> None:
    """Temperature page, first error."""
    for t in (0.1, 0.5, 7.0):
        np.testing.assert_allclose(divide_probabilities(LOGITS, t), softmax(LOGITS), atol=1e-15)
        assert np.abs(softmax(temperature(LOGITS, t)) - softmax(LOGITS)).max() > 0.1


@pytest.mark.parametrize("k", [1, 2, 7, 20, 99])
def test_top_k_against_torch(k: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    z = np.random.default_rng(k).standard_normal(20)
    want = set(torch.topk(torch.from_numpy(z), min(k, 20)).indices.tolist())
    assert set(kept(top_k(z, k))) == want


def test_top_p_is_the_smallest_set() -> None:
    """By brute force over all subsets of seven tokens."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        z, p = rng.standard_normal(7) * 2, float(rng.uniform(0.05, 0.99))
        prob = softmax(z)
        got = kept(top_p(z, p))
        assert prob[got].sum() >= p
        smaller = [s for n in range(len(got)) for s in combinations(range(7), n)]
        assert all(prob[list(s)].sum() < p for s in smaller)
        assert set(got) == set(np.argsort(-prob)[: len(got)].tolist())


def test_drawing_by_chi_square() -> None:
    """Both ways of drawing follow softmax: 20 000 draws, seed 0, significance 0.01; the wrong p is rejected."""
    n = 20_000
    want = softmax(LOGITS) * n
    for method in (draw, draw_gumbel):
        counts = np.bincount(method(LOGITS, np.random.default_rng(0), n), minlength=5)
        assert chisquare(counts, want).pvalue > 0.01
        assert chisquare(counts, softmax(LOGITS / 1.1) * n).pvalue < 1e-6
    tokens = draw(top_p(LOGITS, 0.9), np.random.default_rng(1), n)
    three = softmax(LOGITS[:3]) * n
    assert chisquare(np.bincount(tokens, minlength=3), three).pvalue > 0.01


def test_temperature_table() -> None:
    """Temperature page: probabilities, entropy, size of the nucleus."""
    rows = {
        0.5: ([0.865, 0.117, 0.016, 0.002, 0.0], 0.46, 2),
        1: ([0.636, 0.234, 0.086, 0.032, 0.012], 1.00, 3),
        2: ([0.429, 0.260, 0.158, 0.096, 0.058], 1.39, 4),
        5: ([0.287, 0.235, 0.192, 0.157, 0.129], 1.57, 5),
    }
    for t, (p, h, size) in rows.items():
        z = temperature(LOGITS, t)
        assert softmax(z).round(3).tolist() == p
        assert round(entropy(softmax(z)), 2) == h
        assert len(kept(top_p(z, 0.9))) == size
    assert round(float(np.log(5)), 2) == 1.61


def test_temperature_before_or_after_top_p() -> None:
    """Temperature page: T = 2 and p = 0.9 keep four tokens in one order, three in the other."""
    assert len(kept(top_p(temperature(LOGITS, 2), 0.9))) == 4
    assert len(kept(temperature(top_p(LOGITS, 0.9), 2))) == 3


def test_tail_of_zipf() -> None:
    """Both pages: mass behind the head, a slip in 200 tokens, and 55 words that carry 90 %."""
    z = zipf(50_257, 1.5)
    tail = [tail_mass(z, head) for head in (100, 1_000, 10_000)]
    assert [f"{m:.1%}" for m in tail] == ["7.3%", "2.1%", "0.4%"]
    assert [f"{1 - (1 - m) ** 200:.1%}" for m in tail] == ["100.0%", "98.5%", "57.4%"]
    size = len(kept(top_p(z, 0.9)))
    assert size == 55
    assert f"{1 - size / 50_257:.1%}" == "99.9%"


def test_a_tail_goes_on_as_zipf_does() -> None:
    z = zipf(500, 1.5)
    np.testing.assert_allclose(with_tail(z[:12], 488), z, atol=1e-14)
    assert with_tail(LOGITS, 0).tolist() == LOGITS.tolist()


def test_top_k_then_top_p_is_not_the_intersection() -> None:
    """Top-p page: 0.75 of (0.4, 0.3, 0.2, 0.1)."""
    z = np.log([0.4, 0.3, 0.2, 0.1])
    assert kept(top_p(z, 0.7)) == [0, 1]
    assert kept(top_p(z, 0.75)) == [0, 1, 2]
    np.testing.assert_allclose(softmax(top_k(z, 3))[:3], [0.4444, 0.3333, 0.2222], atol=1e-4)
    serial, both = kept(top_p(top_k(z, 3), 0.75)), set(kept(top_p(z, 0.75))) & set(kept(top_k(z, 3)))
    assert serial == [0, 1]
    assert both == {0, 1, 2}


def test_min_p_is_a_line_in_logits() -> None:
    """Top-p page: after dividing by T, ratio ρ keeps what ρ^T keeps before; contrastive page: the same set."""
    z = np.random.default_rng(3).standard_normal(50) * 3
    for t in (0.5, 1.0, 2.0):
        assert kept(min_p(temperature(z, t), 0.1)) == kept(min_p(z, 0.1**t))
    assert kept(min_p(z, 0.1)) == np.flatnonzero(plausible(z, 0.1)).tolist()


def test_temperature_at_which_the_tail_wins() -> None:
    """Temperature page, last question."""
    assert round(float(np.log(50_000)), 1) == 10.8
    assert round(15 / float(np.log(50_000)), 1) == 1.4
    p = softmax(np.array([15.0] + [0.0] * 50_000) / (15 / np.log(50_000)))
    assert p[0] == pytest.approx(0.5)
