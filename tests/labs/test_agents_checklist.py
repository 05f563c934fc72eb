"""Checklist scores: against numpy's average and scikit-learn's κ; the table of agent-llm-judge-checklist.md."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.agents.checklist import answers, debias, item_judge, score, spread, verdict_table
from labs.pretraining.kappa import cohen

metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn==1.9.1")
Array = npt.NDArray[np.float64]
WEIGHTS = np.array([3.0, 2, 2, 1, 1, 1, 1, 1])
MET = answers(4000, 8, 0)
TRUTH = score(MET, WEIGHTS)


def test_score_is_the_weighted_average() -> None:
    np.testing.assert_allclose(TRUTH, np.average(MET, axis=1, weights=WEIGHTS), atol=1e-12)


def test_spread_and_bias_are_those_of_many_draws() -> None:
    rng, error = np.random.default_rng(6), np.linspace(0.05, 0.3, 8)
    one = np.repeat(MET[:1], 40_000, axis=0)
    verdicts = item_judge(one, error, 0.0, rng)
    assert abs(score(verdicts, WEIGHTS).std() - spread(WEIGHTS, error)) < 2e-3
    assert abs(score(debias(verdicts, error), WEIGHTS).mean() - TRUTH[0]) < 4e-3


def test_spreads_of_the_page() -> None:
    for m, printed in ((1, 0.357), (4, 0.179), (16, 0.089)):
        assert round(spread(np.ones(m), np.full(m, 0.15)), 3) == printed


def judged(error: Array, shared: float) -> tuple[float, float, float]:
    verdicts = item_judge(MET, error, shared, np.random.default_rng(1))
    marks = score(debias(verdicts, error), WEIGHTS)
    table = verdict_table(TRUTH, marks, 0.7)
    human, judge = TRUTH >= 0.7 - 1e-9, marks >= 0.7 - 1e-9
    assert np.isclose(cohen(table), metrics.cohen_kappa_score(human, judge))
    assert np.isclose(np.trace(table) / table.sum(), metrics.accuracy_score(human, judge))
    rmse = float(np.sqrt(((marks - TRUTH) ** 2).mean()))
    return round(rmse, 3), round(float(np.trace(table) / table.sum()), 3), round(cohen(table), 2)


def test_table_of_the_page() -> None:
    e = np.full(8, 0.15)
    programmed = np.array([0.0] * 3 + [0.15] * 5)
    assert judged(e, 0.0) == (0.202, 0.826, 0.65)
    assert judged(e, 0.5) == (0.289, 0.817, 0.63)
    assert judged(e, 1.0) == (0.342, 0.819, 0.64)
    assert judged(programmed, 0.0) == (0.096, 0.912, 0.82)
    assert judged(np.full(8, 0.05), 0.0) == (0.096, 0.935, 0.87)


def test_one_overall_verdict() -> None:
    human = (TRUTH >= 0.7 - 1e-9).astype(float)[:, None]
    verdict = item_judge(human, np.array([0.15]), 0.0, np.random.default_rng(3))
    table = verdict_table(human[:, 0], verdict[:, 0], 0.5)
    assert (round(float(np.trace(table) / 4000), 3), round(cohen(table), 2)) == (0.836, 0.67)
