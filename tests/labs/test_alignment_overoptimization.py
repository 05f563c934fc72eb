"""Over-optimisation in a table: closed forms, SciPy's maxima, and the numbers of reward-hacking and rlhf-mdp."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from labs.alignment.kl_optimum import optimum
from labs.alignment.overoptimization import (
    GOLD,
    LENGTH,
    QUALITY,
    REFERENCE,
    SIZE,
    fit_proxy,
    gold_best_of_n,
    gold_rl,
    iterate,
    pair_accuracy,
    train,
)
from labs.foundations.cross_entropy_kl import kl

PROXY = fit_proxy(REFERENCE)


def test_without_penalty_the_policy_tilts_step_by_step() -> None:
    assert np.allclose(train(PROXY, 0.0, 60).policy, optimum(REFERENCE, PROXY, 1 / (60 * 0.05)), atol=1e-10)


def test_with_penalty_it_stops_at_the_closed_form() -> None:
    for beta in (0.3, 1.0):
        assert np.allclose(train(PROXY, beta, 2000).policy, optimum(REFERENCE, PROXY, beta), atol=1e-8)


def test_page_penalty_is_early_stopping_here() -> None:
    """Page reward-hacking: at equal KL the run with a penalty and the one without are the same policy."""
    free, held = train(PROXY, 0.0, 400), train(PROXY, 0.2, 400)
    assert np.allclose(np.interp(held.kl[1:], free.kl, free.gold), held.gold[1:], atol=2e-3)
    strength = (1 - (1 - 0.05 * 0.2) ** 400) / 0.2  # how far the penalised run has tilted by the reward
    assert np.allclose(held.policy, optimum(REFERENCE, PROXY, 1 / strength), atol=1e-10)


def test_gradient_of_the_objective_is_torchs() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    beta, pi = 0.3, train(PROXY, 0.0, 20).policy
    z = torch.tensor(np.log(pi), requires_grad=True)
    p = torch.softmax(z, 0)
    (p @ torch.tensor(PROXY) - beta * (p * (torch.log(p) - torch.tensor(np.log(REFERENCE)))).sum()).backward()
    value = PROXY - beta * np.log(pi / REFERENCE)
    assert np.allclose(pi * (value - pi @ value), z.grad.numpy(), atol=1e-12)


def test_page_world() -> None:
    """Page reward-hacking: the world, the fitted reward model, and its accuracy at home."""
    assert len(GOLD) == 100
    assert int(GOLD[:SIZE].argmax()) == 3 and round(float(GOLD.max()), 2) == 4.05
    assert [round(float(REFERENCE @ x), 1) for x in (QUALITY, LENGTH, GOLD)] == [3.0, 1.1, 1.6]
    assert round(PROXY[SIZE] - PROXY[0], 2) == 0.3 and round(PROXY[1] - PROXY[0], 2) == 0.5
    assert round(pair_accuracy(PROXY, REFERENCE), 2) == 0.95


def test_page_over_optimisation() -> None:
    """Page reward-hacking: no penalty, 400 steps: proxy up all the way, gold up, then below its start."""
    run = train(PROXY, 0.0, 400)
    assert (np.diff(run.proxy) > 0).all()
    peak = int(run.gold.argmax())
    assert peak == 122
    assert [round(float(x), 2) for x in (run.gold[0], run.gold[peak], run.gold[-1])] == [1.62, 3.1, -1.23]
    assert [round(float(x), 2) for x in (run.proxy[0], run.proxy[-1])] == [1.47, 7.15]
    assert [round(float(x), 1) for x in (run.kl[peak], run.kl[-1])] == [8.1, 41.1]
    assert round(float(run.policy @ LENGTH), 1) == 8.9


def test_page_penalties() -> None:
    """Page reward-hacking: gold score and KL after 400 steps for each β."""
    rows = {}
    for beta in (0.1, 0.2, 0.5, 2.0):
        run = train(PROXY, beta, 400)
        rows[beta] = [round(float(x), 2) for x in (run.kl[-1], run.proxy[-1], run.gold[-1])]
    assert rows == {0.1: [15.18, 5.06, 2.77], 0.2: [5.3, 3.59, 3.03], 0.5: [0.85, 2.3, 2.36], 2.0: [0.05, 1.67, 1.81]}


def test_page_drift() -> None:
    """Page rlhf-mdp: accuracy of the reward model on pairs of the current policy, as it moves away."""
    got = []
    for steps in (0, 50, 100, 200):
        pi = train(PROXY, 0.0, steps).policy
        got.append((round(kl(pi, REFERENCE), 1), round(pair_accuracy(PROXY, pi), 2)))
    assert got == [(0.0, 0.95), (1.4, 0.86), (5.5, 0.63), (19.3, 0.25)]


def test_page_relabelling() -> None:
    """Page rlhf-mdp: four rounds of 100 steps, each with a reward model refitted to the policy's own answers."""
    gold = iterate(4, 100)
    assert np.round(gold, 2).tolist() == [1.62, 3.04, 3.69, 3.86, 3.89]
    assert (np.diff(gold) > 0).all()


@pytest.mark.parametrize(("law", "peak"), [(gold_best_of_n, 0.5 * 1.5 / 0.4), (gold_rl, np.exp(1.5 / 0.4 - 1))])
def test_page_peaks_of_gaos_forms(law: object, peak: float) -> None:
    """Page reward-hacking: the best d is α/(2β) for best-of-n and exp(α/β - 1) for RL."""
    best = minimize_scalar(lambda d: -law(d, 1.5, 0.4), bounds=(1e-6, 100), method="bounded", options={"xatol": 1e-10})  # type: ignore[operator]
    assert best.x == pytest.approx(peak, rel=1e-5)
