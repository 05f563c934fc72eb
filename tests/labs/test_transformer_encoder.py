"""Pooling, a word with two meanings, and three ways to shrink an encoder: docs/transformer/encoder-block.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.transformer.reduce import Array, bottleneck_error, merge_patches, trained_error
from labs.transformer.sentence import contextual, pool


@pytest.mark.parametrize("how", ["cls", "mean", "max"])
def test_padding_does_not_count(how: str) -> None:
    h = np.random.default_rng(0).standard_normal((3, 6, 4))
    lengths = [6, 4, 1]
    real = np.arange(6) < np.array(lengths)[:, None]
    for i, n in enumerate(lengths):
        short = h[i, :n]
        want = {"cls": short[0], "mean": short.mean(axis=0), "max": short.max(axis=0)}[how]
        np.testing.assert_allclose(pool(h, real, how)[i], want, atol=1e-12)


def test_mean_dilutes_what_one_token_says() -> None:
    """Page: one of 100 tokens carries the signal 1: the mean keeps 0.01, the maximum 1."""
    h = np.zeros((1, 100, 1))
    h[0, 37] = 1
    real = np.ones((1, 100), dtype=bool)
    assert pool(h, real, "mean")[0, 0] == pytest.approx(0.01)
    assert pool(h, real, "max")[0, 0] == 1


def test_a_word_moves_towards_its_context() -> None:
    """Page: cosine of 「苹果」 in two sentences, 1 at the input, then 0.96, 0.84, 0.71."""
    for layers, want in [(0, 1.00), (1, 0.96), (2, 0.84), (3, 0.71)]:
        fruit = contextual(["吃", "了", "苹果"], "苹果", layers)
        phone = contextual(["苹果", "发布会"], "苹果", layers)
        assert round(float(fruit @ phone), 2) == want
        if layers:
            assert fruit[0] > fruit[1]
            assert phone[1] > phone[0]


def low_rank() -> Array:
    """400 samples that need 8 of their 64 dimensions, plus noise of standard deviation 0.1."""
    rng = np.random.default_rng(0)
    x: Array = rng.standard_normal((400, 8)) @ rng.standard_normal((8, 64))
    return x + 0.1 * rng.standard_normal((400, 64))


def test_no_trained_linear_autoencoder_beats_the_svd() -> None:
    x = low_rank()
    assert trained_error(x, 4, np.random.default_rng(1), 60) == pytest.approx(bottleneck_error(x, 4), rel=1e-6)


def test_error_falls_until_the_true_dimension() -> None:
    """Page: share lost with d' = 2, 4, 8, 16."""
    x = low_rank()
    assert [round(bottleneck_error(x, k), 3) for k in (2, 4, 8, 16)] == [0.618, 0.328, 0.001, 0.001]


def test_patches_merge_like_a_loop() -> None:
    """Page: 2×2 merging leaves a quarter of the tokens, each four times as wide."""
    h = np.random.default_rng(0).standard_normal((4, 6, 3))
    got = merge_patches(h, 2)
    assert got.shape == (2, 3, 12)
    for r in range(2):
        for c in range(3):
            want = np.concatenate([h[2 * r + i, 2 * c + j] for i in range(2) for j in range(2)])
            np.testing.assert_array_equal(got[r, c], want)
