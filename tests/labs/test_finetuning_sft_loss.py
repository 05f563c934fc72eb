"""Averaging the SFT loss against PyTorch, and the numbers of docs/finetuning/sft-loss-averaging.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from labs.finetuning.sft_loss import (
    Array,
    Ints,
    accumulated,
    by_sample,
    by_token,
    loss_and_gradient,
    shares,
    stop_probability,
)

LENGTHS = np.array([10, 10, 10, 970])
"""Page: three short answers and a long one."""


def batch(lengths: list[int], vocabulary: int = 7) -> tuple[list[Array], list[Ints]]:
    """Random logits and targets for answers of these lengths."""
    rng = np.random.default_rng(0)
    logits = [rng.standard_normal((n, vocabulary)) for n in lengths]
    return logits, [rng.integers(vocabulary, size=n) for n in lengths]


@pytest.mark.parametrize("way", ["token", "sample", "accumulated"])
def test_loss_and_gradient_equal_torch(way: str) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    lengths = [3, 5, 2, 9]
    logits, targets = batch(lengths)
    n = np.array(lengths)
    weights = {"token": by_token(n), "sample": by_sample(n), "accumulated": accumulated(n, 2)}[way]
    loss, gradients = loss_and_gradient(logits, targets, weights)
    padded = torch.zeros(4, 9, 7, dtype=torch.float64)
    labels = torch.full((4, 9), -100)
    for i, size in enumerate(lengths):
        padded[i, :size], labels[i, :size] = torch.from_numpy(logits[i]), torch.from_numpy(targets[i])
    padded.requires_grad_()

    def mean(rows: slice) -> Any:
        return torch.nn.functional.cross_entropy(padded[rows].flatten(0, 1), labels[rows].flatten())

    if way == "token":
        want = mean(slice(4))  # the default of PyTorch: a mean over labels that are not -100
    elif way == "sample":
        want = sum(mean(slice(i, i + 1)) for i in range(4)) / 4
    else:
        want = (mean(slice(2)) + mean(slice(2, 4))) / 2
    want.backward()
    assert loss == pytest.approx(want.item(), abs=1e-12)
    for i, size in enumerate(lengths):
        np.testing.assert_allclose(gradients[i], padded.grad[i, :size].numpy(), atol=1e-12)
        assert not padded.grad[i, size:].any()  # padding has no gradient


def test_shares_of_the_long_answer() -> None:
    """Page: table of shares and weights."""
    np.testing.assert_allclose(shares(LENGTHS, by_token(LENGTHS)), [0.01, 0.01, 0.01, 0.97])
    np.testing.assert_allclose(shares(LENGTHS, by_sample(LENGTHS)), [0.25] * 4)
    naive = shares(LENGTHS, accumulated(LENGTHS, 2))
    np.testing.assert_allclose(naive, [0.25, 0.25, 0.0051, 0.4949], atol=5e-5)
    weights = accumulated(LENGTHS, 2)
    assert weights[0] / weights[2] == pytest.approx(49)  # equal answers, neighbours of different length
    assert by_sample(LENGTHS)[0] / by_sample(LENGTHS)[3] == pytest.approx(97)


def test_naive_accumulation_depends_on_the_cut() -> None:
    """Page: micro-batches of one give the sample mean, one micro-batch the token mean; the order matters between."""
    np.testing.assert_allclose(accumulated(LENGTHS, 1), by_sample(LENGTHS))
    np.testing.assert_allclose(accumulated(LENGTHS, 4), by_token(LENGTHS))
    logits, targets = batch([10, 10, 10, 970])
    found = {m: loss_and_gradient(logits, targets, accumulated(LENGTHS, m))[0] for m in (1, 2, 4)}
    assert len({round(v, 6) for v in found.values()}) == 3


def test_dividing_by_the_global_count_repairs_it() -> None:
    """Page: sums over micro-batches, divided once, equal the whole batch whatever the cut."""
    logits, targets = batch([10, 10, 10, 970])
    whole, gradients = loss_and_gradient(logits, targets, by_token(LENGTHS))
    for m in (1, 2, 3):
        total = 0.0
        pieces: list[Array] = []
        for s in range(0, 4, m):
            loss, g = loss_and_gradient(logits[s : s + m], targets[s : s + m], np.ones(len(LENGTHS[s : s + m])))
            total, pieces = total + loss, pieces + g
        assert total / 1000 == pytest.approx(whole, abs=1e-12)
        for got, want in zip(pieces, gradients, strict=True):
            np.testing.assert_allclose(got / 1000, want, atol=1e-14)


@pytest.mark.parametrize("way", [by_token, by_sample])
def test_stop_probability_is_the_minimum(way: Callable[[Ints], Array]) -> None:
    """Brute force over a grid of constant stop probabilities."""
    weights = way(LENGTHS)
    grid = np.linspace(1e-4, 0.2, 200_000)
    loss = -(weights.sum() * np.log(grid) + (weights * (LENGTHS - 1)).sum() * np.log(1 - grid))
    assert grid[loss.argmin()] == pytest.approx(stop_probability(LENGTHS, weights), abs=2e-6)


def test_expected_length() -> None:
    """Page: 250 tokens with the token mean (the true average), 13.3 with the sample mean."""
    assert 1 / stop_probability(LENGTHS, by_token(LENGTHS)) == pytest.approx(250) == LENGTHS.mean()
    assert round(1 / stop_probability(LENGTHS, by_sample(LENGTHS)), 1) == 13.3
