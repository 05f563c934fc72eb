"""Risk, coverage and ECE against scikit-learn and loops; numbers of -definition and hallucination-mitigation.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from labs.reliability.risk_coverage import (
    at_threshold,
    calibration_error,
    expected_points,
    overconfident,
    penalty,
    questions,
    risk_coverage,
    total_points,
)


def test_curve_by_loop() -> None:
    confidence, right = questions(200, 1)
    coverage, risk = risk_coverage(confidence, right)
    for k in (1, 7, 50, 200):
        best = sorted(range(200), key=lambda i: -confidence[i])[:k]
        assert coverage[k - 1] == k / 200
        assert risk[k - 1] == pytest.approx(sum(not right[i] for i in best) / k, abs=1e-12)
    tau = float(np.sort(confidence)[100])
    assert at_threshold(confidence, right, tau) == pytest.approx((0.5, risk[99]), abs=1e-12)


def test_calibration_error_equals_sklearn() -> None:
    calibration = pytest.importorskip("sklearn.calibration", reason="needs scikit-learn==1.9.1")
    confidence, right = questions(3000, 2)
    for values in (confidence, overconfident(confidence)):
        accuracy, mean = calibration.calibration_curve(right, values, n_bins=10)
        counts = np.histogram(values, np.linspace(0, 1, 11))[0]
        want = float((counts[counts > 0] * np.abs(accuracy - mean)).sum() / len(values))
        assert abs(calibration_error(values, right) - want) < 1e-10


def test_incentive() -> None:
    """Under 0/1 grading every guess gains; with penalty t/(1−t) answering pays exactly above t."""
    p = np.linspace(0.01, 0.99, 99)
    assert (np.asarray(expected_points(p, 0.0)) > 0).all()
    for t in (0.5, 0.75, 0.9):
        np.testing.assert_array_equal(np.asarray(expected_points(p, t)) > 1e-12, p > t + 1e-12)


def test_page_thresholds() -> None:
    """Page -mitigation: costs 0.5 and 20 give thresholds 0.33 and 0.95; 10 wrong of 1000 means 0.5 % to 1.8 %."""
    assert [f"{c / (1 + c):.2f}" for c in (0.5, 20)] == ["0.33", "0.95"]
    assert [penalty(c / (1 + c)) for c in (0.5, 20)] == pytest.approx([0.5, 20])
    interval = binomtest(10, 1000).proportion_ci(0.95, "wilson")
    assert f"{interval.low:.1%} {interval.high:.1%}" == "0.5% 1.8%"


def test_page_points() -> None:
    """Page -definition: 24 right and 75 wrong beats 22 and 26 under 0/1, and loses under any of the three targets."""
    assert [penalty(t) for t in (0.5, 0.75)] == [1, 3]
    assert penalty(0.9) == pytest.approx(9)
    table = [[round(total_points(*model, t)) for model in ((24, 75), (22, 26))] for t in (0, 0.5, 0.75, 0.9)]
    assert table == [[24, 22], [-51, -4], [-201, -56], [-651, -212]]
    even = (24 - 22) / (75 - 26)  # the penalty at which both tie
    assert f"{even:.3f} {even / (1 + even):.3f}" == "0.041 0.039"


def test_page_risk() -> None:
    """Page -mitigation: risk over coverage; the same ranking pushed up keeps the curve but breaks the threshold."""
    chance, right = questions(20_000, 0)
    pushed = overconfident(chance)
    risk = risk_coverage(chance, right)[1]
    at = {c: f"{risk[round(c * len(risk)) - 1]:.1%}" for c in (1, 0.8, 0.6, 0.4, 0.2)}
    assert at == {1: "49.8%", 0.8: "40.5%", 0.6: "31.1%", 0.4: "22.0%", 0.2: "12.1%"}
    np.testing.assert_allclose(risk_coverage(pushed, right)[1], risk)
    assert [f"{calibration_error(v, right):.3f}" for v in (chance, pushed)] == ["0.007", "0.245"]
    rows = [[f"{x:.0%}" for x in at_threshold(v, right, 0.75)] for v in (chance, pushed)]
    assert rows == [["22%", "13%"], ["57%", "30%"]]
