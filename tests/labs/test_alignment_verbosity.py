"""Length bias against SciPy's minimiser, and the numbers of docs/alignment/dpo-likelihood-displacement.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import geom

from labs.alignment.verbosity import best_stop, expected_loss, log_prob, pick_rate


def test_lengths_are_geometric() -> None:
    n = np.arange(1, 50).astype(float)
    np.testing.assert_allclose(np.exp(log_prob(n, 0.1)), geom.pmf(n, 0.1), atol=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 0.002, 0.005])
def test_minimiser(alpha: float) -> None:
    got = minimize_scalar(
        lambda s: expected_loss(s, 0.1, 0.005, 0.1, alpha),
        bounds=(1e-3, 0.5),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert got.x == pytest.approx(best_stop(0.1, 0.005, 0.1, alpha), abs=1e-5)


def test_numbers() -> None:
    """Page: a 51.2% taste for the longer one turns a mean of 10 tokens into 18.6; R-DPO gives 10 back."""
    assert round(100 * pick_rate(0.1, 0.005), 1) == 51.2
    assert round(1 / best_stop(0.1, 0.005, 0.1), 1) == 18.6
    assert round(1 / best_stop(0.1, 0.005, 0.1, alpha=0.005), 12) == 10
    assert round(100 * pick_rate(0.1, 0.011), 1) == 52.7
    assert best_stop(0.1, 0.011, 0.1) < 0  # 52.7% and the best policy never stops
    assert round(1 / best_stop(0.1, 0.005, 0.2), 1) == 13.0  # a larger β bends less
