"""The induction head against counting, and the numbers of docs/reasoning/in-context-learning.md."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from labs.reasoning.induction import error_by_length, induction


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_head_equals_counting(seed: int) -> None:
    """What followed earlier copies of the last token, as frequencies."""
    tokens = np.random.default_rng(seed).integers(0, 3, size=25)
    counts = np.zeros(3)
    for left, right in pairwise(tokens.tolist()):
        counts[right] += left == tokens[-1]
    np.testing.assert_allclose(induction(tokens, 3), counts / counts.sum(), atol=1e-10)


def test_page_copy() -> None:
    """Page: «7 2 5 9 7» continues with 2."""
    assert int(induction(np.array([7, 2, 5, 9, 7]), 10).argmax()) == 2


def test_page_errors() -> None:
    """Page: distance to the true row of a new chain falls with the length of the context."""
    assert [f"{e:.2f}" for e in error_by_length([10, 50, 200, 400])] == ["0.38", "0.17", "0.08", "0.06"]
