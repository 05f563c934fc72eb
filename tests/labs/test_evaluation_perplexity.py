"""Perplexity against PyTorch, and the numbers of docs/evaluation/intrinsic-evaluation-perplexity.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from labs.evaluation.bradley_terry import elo, fit, win_probability
from labs.evaluation.perplexity import bursty_text, perplexity, score, sliding_nll, token_nll, windows

IDS = bursty_text(2048, 200, 0)


def test_loss_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    logits, ids = 30 * rng.standard_normal((40, 17)), rng.integers(0, 17, 40)
    want = torch.nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(ids), reduction="none")
    np.testing.assert_allclose(token_nll(logits, ids), want.numpy(), atol=1e-10)


def test_uniform_is_the_vocabulary_and_mean_is_geometric() -> None:
    rng = np.random.default_rng(1)
    ids = rng.integers(0, 50, 200)
    assert perplexity(token_nll(np.zeros((200, 50)), ids)) == pytest.approx(50)
    nll = token_nll(rng.standard_normal((200, 50)), ids)
    assert perplexity(nll) == pytest.approx(np.prod(np.exp(nll) ** (1 / len(nll))))


def test_page_same_text_other_tokenizer() -> None:
    """Page: 12 characters, 24 nats: 12 tokens give 7.39, 6 give 54.60, bytes (36) give 1.95; 0.96 bits per byte."""
    text = "四是四十是十十四是十四呀"
    assert (len(text), len(text.encode())) == (12, 36)
    by_char, by_pair, by_byte = (score(24.0, n, text) for n in (12, 6, 36))
    assert [f"{s.per_token:.2f}" for s in (by_char, by_pair, by_byte)] == ["7.39", "54.60", "1.95"]
    assert by_pair.per_token == pytest.approx(by_char.per_token**2)
    assert {f"{s.bits_per_byte:.2f} {s.per_char:.2f}" for s in (by_char, by_pair, by_byte)} == {"0.96 7.39"}


def test_windows_score_every_token_once() -> None:
    for length, window, stride in [(2048, 256, 256), (2048, 256, 64), (100, 30, 7), (20, 30, 7)]:
        spans = windows(length, window, stride)
        assert [t for _, first, end in spans for t in range(first, end)] == list(range(length))
        assert all(end - begin <= window and begin <= first for begin, first, end in spans)


def test_page_strides() -> None:
    """Page: table of strides; the whole text as context; the reads per token."""
    got = {s: f"{perplexity(sliding_nll(IDS, 200, 256, s)):.1f}" for s in (256, 128, 64, 1)}
    assert got == {256: "57.8", 128: "48.8", 64: "47.1", 1: "45.9"}
    assert f"{perplexity(sliding_nll(IDS, 200, 2048, 2048)):.1f}" == "40.7"
    reads = {s: sum(e - b for b, _, e in windows(2048, 256, s)) / 2048 for s in (256, 128, 64, 1)}
    assert {s: f"{r:.1f}" for s, r in reads.items()} == {256: "1.0", 128: "1.9", 64: "3.6", 1: "224.1"}


def test_naive_recount() -> None:
    ids = IDS[:60]
    for t, loss in enumerate(sliding_nll(ids, 200, 60, 60)):
        p = (np.sum(ids[:t] == ids[t]) + 0.1) / (t + 0.1 * 200)
        assert loss == pytest.approx(-np.log(p))


def test_mean_of_window_perplexities_is_something_else() -> None:
    """Page: two windows with mean losses 2 and 4, 90 and 10 tokens: 9.0, not 31.0."""
    nll = np.r_[np.full(90, 2.0), np.full(10, 4.0)]
    assert f"{perplexity(nll):.1f} {(np.exp(2) + np.exp(4)) / 2:.1f}" == "9.0 31.0"


def test_bradley_terry_is_maximum_likelihood() -> None:
    """Page: A beats B 60:40 and C 80:20, B beats C 70:30: scores 1103, 1026, 871; A over C is fitted at 79 %."""
    wins = np.array([[0, 60, 80], [40, 0, 70], [20, 30, 0.0]])

    def loss(s: np.ndarray) -> float:
        p = win_probability(s)
        return float(-(wins * np.log(p)).sum() + s.sum() ** 2)

    want = minimize(loss, np.zeros(3), tol=1e-12).x
    got = fit(wins)
    np.testing.assert_allclose(got, want, atol=1e-5)
    assert [f"{v:.0f}" for v in elo(got)] == ["1103", "1026", "871"]
    assert f"{win_probability(got)[0, 2]:.2f}" == "0.79"
    expected = ((wins + wins.T) * win_probability(got)).sum(axis=1)
    np.testing.assert_allclose(expected, wins.sum(axis=1), atol=1e-9)  # the likelihood equations
