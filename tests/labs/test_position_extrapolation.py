"""A RoPE score fitted on trained distances, and the numbers of docs/position/length-extrapolation.md."""

from __future__ import annotations

import numpy as np

from labs.position.extrapolation import basis, fit_score
from labs.position.rope import score
from labs.position.sinusoidal import frequencies


def largest(ridge: float, length: int = 2048, d: int = 128, seeds: int = 20) -> list[float]:
    """Largest |score| at trained, unseen and interpolated distances, and largest |h|: medians over seeds."""
    places = np.arange(length), np.arange(length, 2 * length), np.arange(2 * length) / 2
    seen, unseen, between = (basis(p, d) for p in places)
    found = []
    for seed in range(seeds):
        h = fit_score(np.arange(length), np.random.default_rng(seed).standard_normal(length), d, ridge)
        found.append([float(np.abs(x).max()) for x in (seen @ h, unseen @ h, between @ h, h)])
    return [float(m) for m in np.median(found, axis=0)]


def test_basis_spans_what_rope_can_score() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, 16))
    z = (q[0::2] + 1j * q[1::2]) * (k[0::2] - 1j * k[1::2])
    h = np.concatenate([z.real, -z.imag])
    distance = np.arange(50)
    np.testing.assert_allclose(basis(distance, 16) @ h, score(q, k, distance, frequencies(16)), atol=1e-10)


def test_fit_solves_the_ridge_equations() -> None:
    rng = np.random.default_rng(1)
    distance, target = np.arange(100), rng.standard_normal(100)
    h = fit_score(distance, target, 8, 0.5)
    stacked = np.concatenate([basis(distance, 8), np.sqrt(0.5) * np.eye(8)])  # ridge as least squares
    want = np.linalg.lstsq(stacked, np.concatenate([target, np.zeros(8)]), rcond=None)[0]
    np.testing.assert_allclose(h, want, atol=1e-10)


def test_numbers() -> None:
    """Page: medians of 20 fits, weaker and stronger ridge: seen, unseen, interpolated, coefficients."""
    want = {1e-4: [0.6, 111.2, 0.6, 14.6], 1e-2: [0.6, 7.4, 0.7, 1.4], 1.0: [0.6, 1.2, 0.6, 0.2]}
    assert {ridge: [round(v, 1) for v in largest(ridge)] for ridge in want} == want
