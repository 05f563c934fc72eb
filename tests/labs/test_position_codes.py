"""Naive position codes and the sinusoidal one, and the numbers of why-positional-encoding.md and sinusoidal-pe.md."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
import pytest

from labs.position.position_codes import binary_code, integer_code, normalized_code, step_lengths
from labs.position.sinusoidal import dot_product, encode, frequencies, shift_matrix


def test_naive_codes_fail_as_the_page_says() -> None:
    """Page: 0.1 and 0.01 for one step in lengths 11 and 101; 7 → 8 flips four bits, 8 → 9 one."""
    assert integer_code(100).max() == 99
    assert normalized_code(11)[1] == pytest.approx(0.1)
    assert normalized_code(101)[1] == pytest.approx(0.01)
    flips = step_lengths(binary_code(17, 5)) ** 2  # between 0/1 vectors: the number of bits that differ
    assert [round(float(f)) for f in (flips[7], flips[8], flips[15])] == [4, 1, 5]
    rows = [int("".join(str(int(bit)) for bit in row[::-1]), 2) for row in binary_code(16, 4)]
    assert rows == list(range(16))  # Python's own parser as the oracle


def test_sinusoidal_steps_are_all_equal() -> None:
    """Page: with d = 128 every step from t to t + 1 has length 1.95."""
    steps = step_lengths(encode(np.arange(1000), 128))
    np.testing.assert_allclose(steps, steps[0], atol=1e-9)
    assert round(float(steps[0]), 2) == 1.95


def test_encode_equals_the_formula_of_the_paper() -> None:
    d = 10
    got = encode(np.arange(30), d)
    for t in range(30):
        for i in range(d // 2):
            angle = t / 10000 ** (2 * i / d)
            assert got[t, 2 * i] == pytest.approx(sin(angle), abs=1e-12)
            assert got[t, 2 * i + 1] == pytest.approx(cos(angle), abs=1e-12)


def test_shift_is_one_rotation_for_every_position() -> None:
    t = np.arange(50)
    shift = shift_matrix(7, 32)
    np.testing.assert_allclose(encode(t + 7, 32), encode(t, 32) @ shift.T, atol=1e-11)
    np.testing.assert_allclose(shift @ shift.T, np.eye(32), atol=1e-12)
    assert np.linalg.det(shift) == pytest.approx(1)


def test_dot_product_depends_on_the_offset_and_is_symmetric() -> None:
    e = encode(np.arange(200), 128)
    gram = e @ e.T
    for delta in (0, 1, 5, 60):
        np.testing.assert_allclose(np.diag(gram, delta), dot_product([delta], 128)[0], atol=1e-10)
        assert dot_product([delta], 128)[0] == pytest.approx(dot_product([-delta], 128)[0])


def test_projections_break_the_symmetry() -> None:
    """Page: with W_Q and W_K between them, +Δ and −Δ score differently, so direction can be learnt."""
    rng = np.random.default_rng(0)
    w_q, w_k = rng.standard_normal((2, 32, 32)) / 32**0.5
    e = encode([40, 50, 60], 32)
    back, forward = (e[1] @ w_q) @ (w_k.T @ e[0]), (e[1] @ w_q) @ (w_k.T @ e[2])
    assert abs(back - forward) > 0.1
    plain = e @ e.T
    assert plain[1, 0] == pytest.approx(plain[1, 2])


def test_numbers_of_the_dot_product() -> None:
    """Page (d = 128): table of values, the first rise, the first negative value, the share of rises."""
    values = [round(float(v), 1) for v in dot_product([0, 1, 10, 100, 1000, 10000, 20000], 128)]
    assert values == [64.0, 62.1, 42.8, 30.5, 10.2, -1.8, -6.8]
    curve = dot_product(np.arange(20001), 128)
    rises = np.diff(curve) > 0
    assert int(np.argmax(rises)) == 11  # 11 → 12 is the first step upwards
    assert int(np.argmax(curve < 0)) == 1707
    assert (round(float(curve.min()), 1), int(curve.argmin())) == (-17.9, 17156)
    assert round(100 * float(rises.mean())) == 50


def test_wavelengths() -> None:
    """Page: the shortest is 2π, the longest of d = 512 is 60 611, a little less than 2π · 10 000 = 62 832."""
    theta = frequencies(512)
    assert 2 * pi / theta[0] == pytest.approx(2 * pi)
    assert (int(2 * pi / theta[-1]), round(2 * pi * 10_000)) == (60_611, 62_832)
