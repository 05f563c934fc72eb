"""Jacobi and lookahead decoding give the greedy text; numbers of speculative-decoding.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.serving.lookahead import Next, autoregressive, jacobi, lookahead


def trigram(seed: int, vocab: int = 20) -> Next:
    """The next token is a random function of the last two."""
    table = np.random.default_rng(seed).integers(vocab, size=(vocab, vocab))
    return lambda prefix: int(table[prefix[-2], prefix[-1]])


@pytest.mark.parametrize("seed", range(4))
def test_same_text_as_one_by_one(seed: int) -> None:
    model = trigram(seed)
    want = autoregressive(model, (1, 2), 30)
    text, steps = jacobi(model, (1, 2), 30)
    assert text == want
    assert steps <= 30
    for window, gram in ((3, 3), (5, 3), (7, 5)):
        text, steps = lookahead(model, (1, 2), 30, window, gram)
        assert text == want
        assert steps <= 30


def test_jacobi_saves_when_a_guess_is_right() -> None:
    """A model that always says 0 agrees with the starting guess at once."""
    assert jacobi(lambda prefix: 0, (1, 2), 30) == ([0] * 30, 1)


def test_numbers() -> None:
    """Page: 40 tokens take 40 Jacobi iterations, and 28 lookahead steps with W = 5, N = 3."""
    model = trigram(0)
    assert jacobi(model, (1, 2), 40)[1] == 40
    assert lookahead(model, (1, 2), 40, 5, 3)[1] == 28
