"""The revision chain against matrix powers, and the numbers of docs/reasoning/self-correct.md."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from labs.reasoning.revision import ever_right, last_answer, limit


def test_chain_equals_matrix_power() -> None:
    fixed, spoiled, start = 0.2, 0.38, 0.3
    move = np.array([[1 - spoiled, spoiled], [fixed, 1 - fixed]])  # from right, from wrong
    want = [(np.array([start, 1 - start]) @ np.linalg.matrix_power(move, k))[0] for k in range(7)]
    np.testing.assert_allclose(last_answer(start, fixed, spoiled, 6), want, atol=1e-12)
    assert last_answer(0.9, fixed, spoiled, 200)[-1] == pytest.approx(limit(fixed, spoiled), abs=1e-12)


def test_ever_right_against_every_path() -> None:
    start, fixed, spoiled = 0.3, 0.2, 0.38
    want = 0.0
    for path in product((0, 1), repeat=4):
        weight = start if path[0] else 1 - start
        for a, b in pairwise(path):
            weight *= {(1, 1): 1 - spoiled, (1, 0): spoiled, (0, 1): fixed, (0, 0): 1 - fixed}[a, b]
        want += weight * max(path)
    assert ever_right(start, fixed, 3)[3] == pytest.approx(want, abs=1e-12)


def test_page_numbers() -> None:
    """Page: fixed 20 %, spoiled 38 %, from 30 % and from 60 %."""
    assert [f"{x:.2f}" for x in last_answer(0.3, 0.2, 0.38, 6)[[0, 1, 3, 6]]] == ["0.30", "0.33", "0.34", "0.34"]
    assert [f"{x:.2f}" for x in last_answer(0.6, 0.2, 0.38, 6)[[0, 1, 3, 6]]] == ["0.60", "0.45", "0.36", "0.35"]
    assert [f"{x:.2f}" for x in ever_right(0.3, 0.2, 6)[[0, 1, 3, 6]]] == ["0.30", "0.44", "0.64", "0.82"]
    assert f"{limit(0.2, 0.38):.3f}" == "0.345"
