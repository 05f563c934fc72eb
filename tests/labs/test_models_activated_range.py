"""LongCat-Flash's activated range, against SciPy and a simulation; numbers of docs/models/longcat-flash.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.models.activated_range import LONGCAT, REAL, ZERO, K, activated, chance, expert, spread
from labs.models.parameter_count import count


def test_ends_and_mean_of_the_page() -> None:
    assert [round(activated(r) / 1e9, 1) for r in (0, 8, 12)] == [18.7, 27.1, 31.4]
    for published, real in ((18.6e9, 0), (27e9, 8), (31.3e9, 12)):
        assert abs(activated(real) - published) < 0.2e9
    assert expert() == 28 * 3 * 6144 * 2048
    assert round(expert() / 1e9, 3) == 1.057
    assert round(count(LONGCAT).total / 1e9, 1) == 560.7
    assert K * REAL / (REAL + ZERO) == 8


def test_chance_is_hypergeometric() -> None:
    stats = pytest.importorskip("scipy.stats")
    law = stats.hypergeom(REAL + ZERO, REAL, K)
    for r in range(K + 1):
        assert np.isclose(chance(r), law.pmf(r), rtol=1e-10)
    assert np.isclose(spread(), np.sqrt(28) * law.std() * expert() / 28, rtol=1e-10)
    assert round(spread() / 1e9, 2) == 0.32
    assert round(chance(0) * 1e6, 1) == 1.6
    assert round(chance(12) * 100, 1) == 0.7


def test_simulated_tokens_stay_near_the_mean() -> None:
    rng = np.random.default_rng(0)
    keys = rng.random((300 * 28, REAL + ZERO))
    chosen = np.argpartition(keys, K, axis=1)[:, :K]
    real = (chosen < REAL).sum(axis=1).reshape(300, 28).mean(axis=1)
    tokens = np.array([activated(float(r)) for r in real])
    assert abs(tokens.mean() - activated(8)) < 0.1e9
    assert abs(tokens.std() - spread()) < 0.05e9
