"""Forgetting against SciPy, and the numbers of docs/reliability/catastrophic-forgetting.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from labs.reliability.forgetting import at_new_loss, average, descend, ewc, example, l2_to_old, replay

OLD, NEW = example()
HOLDS = np.geomspace(1e3, 1e-4, 4001)


def test_end_points_equal_scipy() -> None:
    fisher = np.diag(np.diag(OLD.hessian))
    cases = {
        "l2": (l2_to_old(OLD, NEW, 0.7), lambda w: NEW.loss(w) + 0.35 * float(w @ w)),
        "ewc": (ewc(OLD, NEW, 0.7), lambda w: NEW.loss(w) + 0.35 * float(w @ fisher @ w)),
        "replay": (replay(OLD, NEW, 0.3), lambda w: 0.7 * NEW.loss(w) + 0.3 * OLD.loss(w)),
    }
    for name, (got, loss) in cases.items():
        want = minimize(loss, np.zeros(2), tol=1e-14).x
        np.testing.assert_allclose(got, want, atol=1e-5, err_msg=name)


def test_descent_ends_there() -> None:
    np.testing.assert_allclose(descend(OLD.best, 400, 0.1, (1.0, NEW)), NEW.best, atol=1e-12)
    mixed = descend(OLD.best, 2000, 0.1, (0.7, NEW), (0.3, OLD))
    np.testing.assert_allclose(mixed, replay(OLD, NEW, 0.3), atol=1e-10)


def test_page_table() -> None:
    """Page: B alone forgets A (0 → 1.95); at the same new loss, what each method keeps."""
    assert f"{OLD.loss(OLD.best):.2f} {NEW.loss(OLD.best):.2f} {OLD.loss(NEW.best):.2f}" == "0.00 1.00 1.95"
    paths = {
        "average": [average(OLD, NEW, t) for t in np.linspace(0, 1, 4001)],
        "l2": [l2_to_old(OLD, NEW, h) for h in HOLDS],
        "ewc": [ewc(OLD, NEW, h) for h in HOLDS],
        "replay": [replay(OLD, NEW, h / (1 + h)) for h in HOLDS],
    }
    got = {k: " ".join(f"{at_new_loss(p, OLD, NEW, goal):.3f}" for goal in (0.5, 0.25)) for k, p in paths.items()}
    assert got == {"average": "0.167 0.488", "l2": "0.168 0.489", "ewc": "0.038 0.082", "replay": "0.023 0.078"}


def test_page_replay_share() -> None:
    """Page: with 5 % replay A's loss is 0.93, with 20 % 0.29; B's 0.02 and 0.09."""
    got = {s: f"{OLD.loss(replay(OLD, NEW, s)):.2f} {NEW.loss(replay(OLD, NEW, s)):.2f}" for s in (0.05, 0.2)}
    assert got == {0.05: "0.93 0.02", 0.2: "0.29 0.09"}


def test_ewc_is_replay_when_the_curvature_is_diagonal() -> None:
    old, new = example(angle=0.0)
    np.testing.assert_allclose(ewc(old, new, 0.25 / 0.75), replay(old, new, 0.25), atol=1e-12)


def test_no_point_beats_replay() -> None:
    """Replay with the true data is the frontier: no weights have both losses smaller."""
    w = replay(OLD, NEW, 0.3)
    rng = np.random.default_rng(0)
    for _ in range(300):
        v = w + 0.3 * rng.standard_normal(2)
        assert OLD.loss(v) >= OLD.loss(w) or NEW.loss(v) >= NEW.loss(w)


def test_fewer_steps_forget_less() -> None:
    """Page: gradient descent stopped early, like a small learning rate or few epochs."""
    old = [OLD.loss(descend(OLD.best, n, 0.1, (1.0, NEW))) for n in (0, 5, 20, 100)]
    assert old == sorted(old)
    assert old[-1] == pytest.approx(1.95, abs=0.01)


def test_page_small_replay_holds_the_steep_direction() -> None:
    """Page, questions: 0.05 / 0.95 = 0.053; times the curvatures 10 and 0.2 it is 0.53 and 0.01."""
    weights = 0.05 / 0.95 * np.linalg.eigvalsh(OLD.hessian)
    assert [f"{w:.2f}" for w in weights] == ["0.01", "0.53"]
