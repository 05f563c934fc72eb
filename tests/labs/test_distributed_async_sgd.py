"""The stability bound against the roots of the recurrence, and the numbers of docs/distributed/data-parallel.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.async_sgd import largest_step, trajectory


@pytest.mark.parametrize("delay", [0, 1, 2, 7, 15])
def test_bound_is_where_a_root_leaves_the_unit_circle(delay: int) -> None:
    def radius(step: float) -> float:
        poly = np.zeros(delay + 2)
        poly[0], poly[-1] = 1, step
        poly[1] -= 1  # z^(τ+1) − z^τ + ηλ; for τ = 0 the last two terms are one coefficient
        return float(np.abs(np.roots(poly)).max())

    bound = largest_step(delay)
    assert radius(bound * 0.999) < 1 < radius(bound * 1.001)


def test_recurrence() -> None:
    w = trajectory(0.3, 2, 30)
    assert w[:4].tolist() == pytest.approx([1, 0.7, 0.4, 0.1])  # the first three gradients all saw the start
    for t in range(2, 30):
        assert w[t + 1] == pytest.approx(w[t] - 0.3 * w[t - 2])


def test_page_numbers() -> None:
    """Page: bounds 2, 1, 0.618, 0.209 for delays 0, 1, 2, 7; at 0.3 delay 7 diverges."""
    assert [largest_step(d) for d in (0, 1, 2, 7)] == pytest.approx([2, 1, 0.618, 0.209], abs=5e-4)
    assert abs(trajectory(0.3, 0, 30)[-1]) == pytest.approx(2.25e-5, abs=5e-7)
    assert np.abs(trajectory(0.3, 7, 60)[40:]).max() > 3
    assert np.abs(trajectory(0.3, 3, 60)[50:]).max() < 0.1
