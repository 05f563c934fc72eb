"""Whole-word masking against counting, and the numbers of docs/multimodal/vilt.md."""

from __future__ import annotations

import numpy as np

from labs.multimodal.word_masking import leak, mask_words, words

PIECES = ["a", "gi", "##raf", "##fe", "eats", "leaves"]


def test_pieces_of_a_word_share_their_fate() -> None:
    assert words(PIECES) == [[0], [1, 2, 3], [4], [5]]
    rng, hidden = np.random.default_rng(0), 0
    for _ in range(2000):
        masked = [piece == "[MASK]" for piece in mask_words(PIECES, 0.15, rng)]
        assert masked[1] == masked[2] == masked[3]
        hidden += masked[1]
    assert abs(hidden / 2000 - 0.15) < 0.03


def test_leak_of_independent_masking() -> None:
    """Page: a hidden piece of a three-piece word can see a neighbour in 97.75% of the cases."""
    np.testing.assert_allclose(leak(3, 0.15), 1 - 0.15**2, atol=1e-12)
    assert round(100 * leak(3, 0.15), 1) == 97.8
    assert leak(1, 0.15) == 0.0
