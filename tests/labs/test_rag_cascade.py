"""Fallbacks against enumeration and cascades against an integral; the numbers of docs/rag/rag-safety.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.rag.cascade import Cascade, availability, load_factor


def test_availability_equals_every_outcome() -> None:
    p = [0.1, 0.3, 0.05]
    down = sum(
        np.prod([x if fails else 1 - x for x, fails in zip(p, outcome, strict=True)])
        for outcome in product([True, False], repeat=3)
        if all(outcome)
    )
    assert availability(p) == pytest.approx(1 - down)
    assert availability(p, 0.2) == pytest.approx(0.8 * (1 - down))


def test_load_equals_a_simulation() -> None:
    rng = np.random.default_rng(0)
    fails = rng.random((100_000, 4)) < 0.5
    tries = 1 + np.cumprod(fails, axis=1)[:, :3].sum(1)
    assert load_factor(0.5, 3) == pytest.approx(tries.mean(), abs=0.01)


def test_cascade_equals_the_integral() -> None:
    integrate = pytest.importorskip("scipy.integrate", reason="needs scipy==1.17.1")
    c = Cascade(1, 20, 0.95)
    for t in (0.5, 0.63, 0.8, 1.0):
        right = integrate.quad(lambda x: 2 * c.large_accuracy, 0.5, t)[0] + integrate.quad(lambda x: 2 * x, t, 1)[0]
        assert c.accuracy(t) == pytest.approx(right, abs=1e-10)
        assert c.cost(t) == pytest.approx(1 + 20 * integrate.quad(lambda x: 2.0, 0.5, t)[0], abs=1e-10)


def test_numbers_of_the_page() -> None:
    assert availability([0.02, 0.02]) == pytest.approx(0.9996)
    assert round(availability([0.02, 0.02], 0.005), 4) == 0.9946
    assert (load_factor(1, 3), load_factor(0.5, 3)) == (4, 1.875)
    c = Cascade(1, 20, 0.95)
    rows = [(t, c.escalated(t), c.cost(t), c.accuracy(t)) for t in (0.5, 0.7, 0.8, 0.9, 0.95, 1)]
    np.testing.assert_allclose(
        rows,
        [
            (0.5, 0, 1, 0.75),
            (0.7, 0.4, 9, 0.89),
            (0.8, 0.6, 13, 0.93),
            (0.9, 0.8, 17, 0.95),
            (0.95, 0.9, 19, 0.9525),
            (1, 1, 21, 0.95),
        ],
    )
    grid = np.linspace(0.5, 1, 501)
    assert grid[np.argmax([c.accuracy(t) for t in grid])] == pytest.approx(0.95)  # escalate below the large one's own
