"""The KL-regularised optimum against SciPy's minimiser over the simplex, and the numbers of the page rlhf."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import softmax as scipy_softmax

from labs.alignment.kl_optimum import log_partition, objective, optimum
from labs.foundations.cross_entropy_kl import kl

REF = np.array([0.5, 0.3, 0.2])
REWARD = np.array([0.0, 1.0, 2.0])


@pytest.mark.parametrize("beta", [0.3, 1.0, 4.0])
def test_closed_form_is_scipys_maximum(beta: float) -> None:
    rng = np.random.default_rng(0)
    ref, reward = rng.dirichlet(np.ones(6)), rng.normal(size=6)
    best = minimize(lambda z: -objective(scipy_softmax(z), ref, reward, beta), np.zeros(6), options={"gtol": 1e-9})
    pi = optimum(ref, reward, beta)
    assert np.allclose(pi, scipy_softmax(best.x), atol=1e-6)
    assert pi.sum() == pytest.approx(1, abs=1e-12)


def test_gap_to_the_optimum_is_a_kl() -> None:
    """Page rlhf: J(π) = β log Z - β KL(π ‖ π*) for every π."""
    rng = np.random.default_rng(1)
    for beta in (0.2, 1.0, 5.0):
        ref, reward, pi = rng.dirichlet(np.ones(5)), rng.normal(size=5), rng.dirichlet(np.ones(5))
        star = optimum(ref, reward, beta)
        want = beta * log_partition(ref, reward, beta) - beta * kl(pi, star)
        assert objective(pi, ref, reward, beta) == pytest.approx(want, abs=1e-10)


def test_constant_in_the_reward_does_not_move_the_optimum() -> None:
    assert np.allclose(optimum(REF, REWARD + 7, 0.5), optimum(REF, REWARD, 0.5), atol=1e-12)
    assert not np.allclose(optimum(REF, 2 * REWARD, 0.5), optimum(REF, REWARD, 0.5), atol=0.01)
    assert np.allclose(optimum(REF, 2 * REWARD, 1.0), optimum(REF, REWARD, 0.5), atol=1e-12)  # only r/β counts


def test_page_table() -> None:
    """Page rlhf: three answers, β = 10, 1, 0.5 and 0.1."""
    rows = {
        beta: (np.round(optimum(REF, REWARD, beta), 2).tolist(), round(kl(optimum(REF, REWARD, beta), REF), 2))
        for beta in (10.0, 1.0, 0.5, 0.1)
    }
    assert rows[10.0] == ([0.46, 0.31, 0.23], 0.0)
    assert rows[1.0] == ([0.18, 0.29, 0.53], 0.32)
    assert rows[0.5] == ([0.04, 0.16, 0.8], 0.92)
    assert rows[0.1] == ([0.0, 0.0, 1.0], 1.61)
    assert round(float(np.log(1 / 0.2)), 2) == 1.61
    assert [round(float(optimum(REF, REWARD, b) @ REWARD), 2) for b in (10.0, 1.0, 0.5, 0.1)] == [0.76, 1.35, 1.76, 2.0]
    assert round(float(REF @ REWARD), 2) == 0.7
