"""Spherical interpolation against SciPy, and the numbers of docs/finetuning/regularized-finetuning.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import geometric_slerp

from labs.finetuning.slerp import angle, checkpoint_angle, norm_left, slerp


@pytest.mark.parametrize("t", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_equals_scipy_on_the_sphere(t: float) -> None:
    rng = np.random.default_rng(0)
    a, b = (v / np.linalg.norm(v) for v in rng.standard_normal((2, 7)))
    got = slerp(a, b, t)
    np.testing.assert_allclose(got, geometric_slerp(a, b, t), atol=1e-12)
    assert np.linalg.norm(got) == pytest.approx(1, abs=1e-12)
    assert angle(a, got) == pytest.approx(t * angle(a, b), abs=1e-7)  # constant speed


def test_ends_and_small_angles() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 7))
    np.testing.assert_allclose(slerp(a, b, 0), a, atol=1e-12)
    np.testing.assert_allclose(slerp(a, b, 1), b, atol=1e-12)
    near = a + 1e-10 * b
    np.testing.assert_allclose(slerp(a, near, 0.5), (a + near) / 2, atol=1e-12)  # not 0 / 0
    with pytest.raises(ValueError, match="opposite"):
        slerp(a, -a, 0.5)


def test_norms() -> None:
    """Page: what a straight line loses, and what slerp does to vectors of unequal norm."""
    assert round(norm_left(np.pi / 3), 3) == 0.866
    assert round(norm_left(np.pi / 2), 3) == 0.707
    a, b = np.array([1.0, 0.0]), np.array([np.cos(np.pi / 3), np.sin(np.pi / 3)])
    assert np.linalg.norm((a + b) / 2) == pytest.approx(norm_left(np.pi / 3))
    uneven = slerp(np.array([1.0, 0.0]), np.array([0.0, 2.0]), 0.5)
    assert round(float(np.linalg.norm(uneven)), 2) == 1.58  # neither 1.5 nor the geometric mean 1.41


def test_checkpoints_of_one_base_are_nearly_parallel() -> None:
    """Page: updates of 1 % and 10 % of the base's norm, at right angles."""
    rng = np.random.default_rng(2)
    q, _ = np.linalg.qr(rng.standard_normal((50, 3)))
    for moved, degrees, lost in [(0.01, 0.81, 2.5e-5), (0.1, 8.07, 2.5e-3)]:
        a, b = q[:, 0] + moved * q[:, 1], q[:, 0] + moved * q[:, 2]
        assert angle(a, b) == pytest.approx(checkpoint_angle(moved), abs=1e-9)
        assert round(float(np.degrees(angle(a, b))), 2) == degrees
        assert 1 - norm_left(angle(a, b)) == pytest.approx(lost, rel=0.01)


def test_order_matters_for_three() -> None:
    """Page: slerp is not associative."""
    a, b, c = np.random.default_rng(3).standard_normal((3, 5))
    one = slerp(slerp(a, b, 1 / 2), c, 1 / 3)
    other = slerp(slerp(b, c, 1 / 2), a, 1 / 3)
    assert np.abs(one - other).max() > 1e-2
