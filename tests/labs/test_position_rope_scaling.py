"""Five ways to stretch RoPE against naive loops, and the numbers of position-interpolation.md and yarn.md."""

from __future__ import annotations

from math import ceil, floor, log, pi

import numpy as np
import pytest

from labs.attention.logn_scaling import mean_entropy
from labs.position.dynamic_cache import last_scores, stale_scores
from labs.position.frequency_bands import full_pairs
from labs.position.rope import angles, rotate_half
from labs.position.rope_scaling import (
    Array,
    dynamic_ntk,
    dynamic_scale,
    ntk_aware,
    ntk_base,
    ntk_by_parts,
    position_interpolation,
    ramp,
    stretch,
    unseen,
    yarn,
    yarn_as_coded,
)
from labs.position.sinusoidal import frequencies

D, BASE, L, S = 128, 10_000.0, 4096, 16.0
THETA = frequencies(D, BASE)


def test_scaling_positions_is_scaling_frequencies() -> None:
    x = np.random.default_rng(0).standard_normal((6, D))
    m = np.arange(6)
    scaled = rotate_half(x, angles(m, position_interpolation(THETA, S)))
    np.testing.assert_allclose(scaled, rotate_half(x, angles(m / S, THETA)), atol=1e-12)


def test_ntk_keeps_the_first_pair_and_slows_the_last_s_times() -> None:
    ratio = ntk_aware(D, BASE, S) / THETA
    assert ratio[0] == 1
    assert ratio[-1] == pytest.approx(1 / S, rel=1e-12)
    assert (np.diff(ratio) < 0).all()
    # Page: the factor on β = b^(2/d) is s^(2/(d−2)), and that is the same change.
    beta = BASE ** (2 / D) * S ** (2 / (D - 2))
    assert beta ** (D / 2) == pytest.approx(ntk_base(D, BASE, S), rel=1e-12)


def test_naive_loops_of_the_papers() -> None:
    """Equations (16) and (17) to (20) of the YaRN paper, one pair at a time."""
    aware, parts = ntk_aware(D, BASE, S), ntk_by_parts(THETA, S, L)
    for i in range(D // 2):
        theta = BASE ** (-2 * i / D)
        assert aware[i] == pytest.approx((BASE * S ** (D / (D - 2))) ** (-2 * i / D), rel=1e-12)
        r = L / (2 * pi * BASE ** (2 * i / D))
        gamma = 0.0 if r < 1 else 1.0 if r > 32 else (r - 1) / (32 - 1)
        assert parts[i] == pytest.approx((1 - gamma) * theta / S + gamma * theta, rel=1e-12)


def test_dynamic_ntk_equals_hugging_face_with_factor_one() -> None:
    """`_compute_dynamic_ntk_parameters`: base · (f·l'/L − (f − 1))^(d/(d−2)); page: f = 1 is the paper's."""

    def as_in_transformers(length: int, factor: float) -> list[float]:
        length = max(length, L)
        base = BASE * ((factor * length / L) - (factor - 1)) ** (D / (D - 2))
        return [1 / base ** (i / D) for i in range(0, D, 2)]

    for length in (100, 4096, 10_000, 65_536):
        np.testing.assert_allclose(dynamic_ntk(D, BASE, length, L), as_in_transformers(length, 1), rtol=1e-12)
    assert as_in_transformers(8192, 2)[-1] == pytest.approx(THETA[-1] / 3)  # f = 2 stretches 3 times, not 2
    np.testing.assert_array_equal(dynamic_ntk(D, BASE, 4096, L), THETA)  # nothing changes up to L
    assert (dynamic_scale(2048, L), dynamic_scale(6144, L)) == (1.0, 1.5)


def test_released_yarn_code() -> None:
    """`find_correction_range` and `linear_ramp_mask` as in jquesnelle/yarn and Transformers, in plain Python."""

    def dimension(rotations: float) -> float:
        return (D * log(L / (rotations * 2 * pi))) / (2 * log(BASE))

    low, high = max(floor(dimension(32)), 0), min(ceil(dimension(1)), D - 1)
    assert (low, high) == (20, 46)  # page
    got = yarn_as_coded(D, BASE, S, L)
    for i in range(D // 2):
        mask = 1 - min(max((i - low) / (high - low), 0), 1)
        frequency = BASE ** (2 * i / D)
        assert got[i] == pytest.approx(1 / (S * frequency) * (1 - mask) + mask / frequency, rel=1e-12)


def test_table_of_ratios() -> None:
    """Page: θ'/θ at pairs 0, 24, 32, 44 and 63; d = 128, b = 10⁴, L = 4096, s = 16 (Dynamic NTK at l' = 4L)."""
    pick = [0, 24, 32, 44]
    want = {
        "PI": [0.062, 0.062, 0.062, 0.062],  # the page prints 1/16
        "NTK-aware": [1.0, 0.348, 0.245, 0.144],
        "Dynamic NTK": [1.0, 0.59, 0.495, 0.38],
        "NTK-by-parts": [1.0, 0.656, 0.229, 0.067],
        "YaRN code": [1.0, 0.856, 0.567, 0.135],
    }
    got = {
        "PI": position_interpolation(THETA, S),
        "NTK-aware": ntk_aware(D, BASE, S),
        "Dynamic NTK": dynamic_ntk(D, BASE, 4 * L, L),
        "NTK-by-parts": ntk_by_parts(THETA, S, L),
        "YaRN code": yarn_as_coded(D, BASE, S, L),
    }
    assert {name: [round(float(v), 3) for v in (f / THETA)[pick]] for name, f in got.items()} == want
    for name, f in got.items():
        assert f[-1] / THETA[-1] == pytest.approx(1 / (4 if name == "Dynamic NTK" else 16), rel=1e-12)


def test_unseen_angles_are_those_no_trained_position_comes_near() -> None:
    """By brute force: the angles of all positions, modulo a turn, with and without scaling."""
    d, base, trained, length = 16, 1000.0, 64, 256
    theta = frequencies(d, base)
    for new in (theta, position_interpolation(theta, 4), ntk_aware(d, base, 4), ntk_by_parts(theta, 4, trained)):
        found = unseen(new, theta, trained, length)
        for i, (old, fresh) in enumerate(zip(theta, new, strict=True)):
            covered = min(trained * old, 2 * pi)  # angles from 0 to here, as if positions were dense
            steps = np.linspace(0, length, 10_001) * fresh % (2 * pi)
            assert found[i] == bool((steps > covered * (1 + 1e-6)).any())


def test_numbers_of_the_interpolation_page() -> None:
    """Page: base 167 199 for s = 16; the fastest pair under PI; pairs left alone, mixed and interpolated."""
    assert round(ntk_base(D, BASE, S)) == 167_199
    assert [round(ntk_base(D, BASE, dynamic_scale(n, L))) for n in (4096, 8192, 16_384)] == [10_000, 20_221, 40_890]
    assert round(180 / pi, 1) == 57.3  # degrees per token of pair 0
    assert round(180 / pi / S, 2) == 3.58
    gamma = ramp(THETA, L)
    assert (int((gamma == 1).sum()), int(((gamma > 0) & (gamma < 1)).sum()), int((gamma == 0).sum())) == (21, 25, 18)
    # NTK-aware leaves pairs with less than a turn in training turning further than they ever did.
    reach = int(S) * L
    assert int(unseen(ntk_aware(D, BASE, S), THETA, L, reach).sum()) == 17
    assert round(float(stretch(ntk_aware(D, BASE, S), THETA, L, reach)[46]), 2) == 2.11
    assert (S * L * ntk_by_parts(THETA, S, L) <= L * THETA * (1 + 1e-9))[46:].all()


def test_bases() -> None:
    """Page: the last pair of base 10⁶ and 5·10⁵ against 10⁴, and pairs with a full turn."""
    slower = [float(THETA[-1] / frequencies(D, b)[-1]) for b in (5e5, 1e6)]
    assert [round(v) for v in slower] == [47, 93]
    assert [full_pairs(D, n, b) for n, b in ((4096, 1e4), (4096, 1e6), (16384, 1e6))] == [46, 31, 37]
    assert round(ntk_base(D, BASE, 88.6) / 1e6, 2) == 0.95  # YaRN's table 5 lists Code Llama as s = 88.6


def test_yarn_numbers() -> None:
    """Page: √(1/t) and the factor on the scores; the entropy at 16 times the length with and without it."""
    table = {s: yarn(THETA, s, L)[1] for s in (2.0, 4.0, 8.0, 16.0, 32.0)}
    assert [round(v, 3) for v in table.values()] == [1.069, 1.139, 1.208, 1.277, 1.347]
    assert [round(v**2, 2) for v in table.values()] == [1.14, 1.3, 1.46, 1.63, 1.81]
    np.testing.assert_array_equal(yarn(THETA, S, L)[0], ntk_by_parts(THETA, S, L))
    assert round(100 * 400 * 64 * 65_536 / 2e12, 2) == 0.08  # tokens of 400 steps against 2T, per cent
    assert round(0.1 * log(40) + 1, 2) == 1.37
    assert round(0.0707 * log(40) + 1, 2) == 1.26
    entropy = [
        mean_entropy(n, 2.0, f, 60, np.random.default_rng(0))
        for n, f in ((4096, 1.0), (65_536, 1.0), (65_536, table[16.0] ** 2))
    ]
    assert [round(h, 1) for h in entropy] == [6.3, 9.1, 6.2]


def test_stale_keys() -> None:
    """Page: caching rotated keys is exact up to L and wrong beyond it."""
    q, k = np.random.default_rng(1).standard_normal((2, 96, 32))
    np.testing.assert_allclose(stale_scores(q[:64], k[:64], 64), last_scores(q[:64], k[:64], 64), atol=1e-10)
    right, stale = last_scores(q, k, 64), stale_scores(q, k, 64)
    assert np.abs(right - stale).max() > 1
    assert stale[-1] == pytest.approx(right[-1])  # only the newest key has today's factor


def test_what_the_playground_lets_you_try() -> None:
    """Playground page rope-wavelengths: pairs at unseen angles, pairs left alone, pairs without a whole turn."""

    def lost(new: Array, length: int) -> tuple[int, float]:
        flags = unseen(new, THETA, L, length)
        return int(flags.sum()), round(float(stretch(new, THETA, L, length)[flags].max(initial=0)), 3)

    yarned = ntk_by_parts(THETA, S, L)
    assert lost(ntk_aware(D, BASE, S), 65_536) == (17, 2.113)
    assert (lost(yarned, 65_536), int((yarned >= THETA * (1 - 1e-9)).sum())) == ((0, 0), 21)
    assert lost(ntk_aware(D, BASE, 32), 65_536)[0] == 5
    assert lost(yarned, 131_072) == (18, 2)
    assert [D // 2 - full_pairs(D, n, b) for n, b in ((4096, BASE), (8192, 5e5), (8192, BASE))] == [18, 29, 14]
