"""Initial variances against torch.nn.init, and the numbers of docs/foundations/weight-initialization.md."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from labs.foundations.initialization import residual_std, second_moments, task, train, uniform_bound, variance


def test_variances_match_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    torch.manual_seed(0)
    fan_in, fan_out = 400, 200
    w = torch.empty(fan_out, fan_in, dtype=torch.float64)
    init = torch.nn.init
    for scheme, draw in (
        ("xavier", init.xavier_normal_),
        ("xavier", init.xavier_uniform_),
        ("he", lambda t: init.kaiming_normal_(t, nonlinearity="relu")),
        ("default", lambda t: init.kaiming_uniform_(t, a=sqrt(5))),  # what torch.nn.Linear calls
    ):
        draw(w)
        assert float(w.var()) == pytest.approx(variance(scheme, fan_in, fan_out), rel=0.02)
    linear = torch.nn.Linear(fan_in, fan_out)
    bound = uniform_bound(variance("default", fan_in, fan_out))
    assert bound == pytest.approx(1 / sqrt(fan_in))
    assert 0.99 * bound < float(linear.weight.detach().abs().max()) <= bound
    assert init.calculate_gain("relu") ** 2 == pytest.approx(2)


def test_uniform_bound_of_xavier() -> None:
    """Page: sqrt(6 / (n_in + n_out))."""
    assert uniform_bound(variance("xavier", 300, 100)) == pytest.approx(sqrt(6 / 400))


def test_page_table() -> None:
    """Page: mean square of the activations after layers 1, 10 and 30, width 512."""
    wanted = {
        ("he", "relu"): ("9.8e-01", "9.9e-01", "5.3e-01"),
        ("xavier", "relu"): ("4.9e-01", "9.7e-04", "4.9e-10"),
        ("default", "relu"): ("1.6e-01", "1.6e-08", "2.4e-24"),
        ("xavier", "tanh"): ("3.9e-01", "5.1e-02", "1.6e-02"),
    }
    for (scheme, activation), numbers in wanted.items():
        m = second_moments(scheme, activation)
        assert tuple(f"{m[i]:.1e}" for i in (1, 10, 30)) == numbers
    assert f"{0.5**30:.1e} {6.0**-30:.1e} {2**-15:.1e}" == "9.3e-10 4.5e-24 3.1e-05"


def test_relu_halves_the_second_moment() -> None:
    """Page: E[relu(z)²] = Var(z)/2 for symmetric z."""
    z = np.random.default_rng(0).normal(size=400_000)
    assert (np.maximum(z, 0) ** 2).mean() == pytest.approx(0.5, rel=0.01)


def test_equal_units_stay_equal() -> None:
    """Page: 200 and 5000 steps from constant weights leave 8 identical hidden units, worse than one that differs."""
    x, y = task()
    for steps in (200, 5000):
        w1, w2 = train(np.full((8, 4), 0.3), np.full(8, 0.3), x, y, steps)
        assert np.ptp(w1, axis=0).max() == 0
        assert np.ptp(w2) == 0
    stuck = ((w2 @ np.tanh(w1 @ x) - y) ** 2).mean()
    rng = np.random.default_rng(1)
    start = rng.normal(size=(8, 4)) / 2
    for out in (rng.normal(size=8) / sqrt(8), np.zeros(8)):  # one side at zero is no obstacle
        w1, w2 = train(start, out, x, y, 5000)
        free = ((w2 @ np.tanh(w1 @ x) - y) ** 2).mean()
        assert free < 0.5 * stuck
    assert f"{stuck:.2f}" == "0.52"


def test_all_zero_never_moves() -> None:
    """Page: with both layers at zero, both gradients are zero."""
    x, y = task()
    w1, w2 = train(np.zeros((8, 4)), np.zeros(8), x, y)
    assert not w1.any()
    assert not w2.any()


def test_gpt2_residual_scale() -> None:
    """Page: 12 blocks, 24 additions, 0.02 becomes 0.0041; Xavier for h = 768 is 0.036."""
    assert f"{variance('xavier', 768, 768) ** 0.5:.3f}" == "0.036"
    assert f"{residual_std(0.02, 12):.4f}" == "0.0041"
