"""RoPE and its frequency bands, and the numbers of docs/position/rope.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention import mla
from labs.position.frequency_bands import full_pairs, turns, wavelengths
from labs.position.rope import (
    Array,
    angles,
    decay_bound,
    half_order,
    rotate_half,
    rotate_interleaved,
    score,
)
from labs.position.sinusoidal import frequencies

RNG = np.random.default_rng(0)
D = 32
THETA = frequencies(D)
Q: Array = RNG.standard_normal(D)
K: Array = RNG.standard_normal(D)


def dot(m: int, n: int) -> float:
    """Score of q at position m with k at position n."""
    q, k = (rotate_interleaved(x[None], angles([p], THETA))[0] for x, p in ((Q, m), (K, n)))
    return float(q @ k)


def test_only_the_offset_counts() -> None:
    for delta in (0, 1, 17):
        for m in (0, 5, 1000, 100_000):
            assert dot(m + delta, m) == pytest.approx(dot(delta, 0), abs=1e-9)
    assert dot(3, 0) != pytest.approx(dot(0, 3), abs=1e-2)  # and its sign counts


def test_rotation_keeps_lengths() -> None:
    x = RNG.standard_normal((3, 20, D))
    turned = rotate_interleaved(x, angles(np.arange(20), THETA))
    np.testing.assert_allclose(np.linalg.norm(turned, axis=-1), np.linalg.norm(x, axis=-1), atol=1e-12)
    np.testing.assert_allclose(turned[:, 0], x[:, 0], atol=1e-12)  # position 0 is not turned


def test_interleaved_equals_complex_multiplication() -> None:
    """Meta's LLaMA code: view pairs as complex numbers and multiply by torch.polar(1, m·θ)."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = RNG.standard_normal((2, 9, D))
    inverse = 1.0 / (10000.0 ** (torch.arange(0, D, 2, dtype=torch.float64) / D))
    angle = torch.outer(torch.arange(9, dtype=torch.float64), inverse)
    z = torch.view_as_complex(torch.from_numpy(x).reshape(2, 9, D // 2, 2).contiguous())
    want = torch.view_as_real(z * torch.polar(torch.ones_like(angle), angle)).flatten(-2).numpy()
    np.testing.assert_allclose(rotate_interleaved(x, angles(np.arange(9), THETA)), want, atol=1e-12)


def test_half_split_equals_rotate_half() -> None:
    """GPT-NeoX and Hugging Face: x·cos + rotate_half(x)·sin with both halves of cos and sin equal."""
    x = RNG.standard_normal((2, 9, D))
    angle = angles(np.arange(9), THETA)
    cos, sin = (np.concatenate([f(angle), f(angle)], axis=-1) for f in (np.cos, np.sin))
    swapped = np.concatenate([-x[..., D // 2 :], x[..., : D // 2]], axis=-1)
    np.testing.assert_allclose(rotate_half(x, angle), x * cos + swapped * sin, atol=1e-12)
    np.testing.assert_allclose(rotate_half(x, angle), mla.rope(x, np.arange(9)), atol=1e-12)


def test_layouts_differ_by_a_permutation() -> None:
    """Page: permute q and k alike and the scores agree; mix the layouts up and they do not."""
    q, k = RNG.standard_normal((2, 9, D))
    angle, order = angles(np.arange(9), THETA), half_order(D)
    np.testing.assert_allclose(rotate_half(q[:, order], angle), rotate_interleaved(q, angle)[:, order], atol=1e-12)
    right = rotate_interleaved(q, angle) @ rotate_interleaved(k, angle).T
    np.testing.assert_allclose(rotate_half(q[:, order], angle) @ rotate_half(k[:, order], angle).T, right, atol=1e-10)
    wrong = rotate_half(q, angle) @ rotate_half(k, angle).T  # weights of the other layout, not permuted
    assert np.abs(wrong - right).max() > 1


def test_score_is_the_closed_form() -> None:
    for delta in (0, 4, 77):
        assert score(Q, K, [delta], THETA)[0] == pytest.approx(dot(delta, 0), abs=1e-9)


def test_bound_and_a_counterexample() -> None:
    """Page (d = 128): the bound at 0, 10 and 250; q = k = 1 falls from 128, rises at 11 → 12 and turns negative;

    a key turned by 60 positions scores highest at distance 60: 60.0 → 128.
    """
    bound = decay_bound([0, 10, 250], 128)
    assert [round(float(b), 1) for b in bound] == [32.5, 18.0, 6.5]
    theta, ones = frequencies(128), np.ones(128)
    plain = score(ones, ones, np.arange(4097), theta)
    assert [round(float(v), 1) for v in plain[[0, 10, 100, 1000]]] == [128.0, 85.6, 61.1, 20.4]
    assert int(np.argmax(np.diff(plain) > 0)) == 11
    assert int(np.argmax(plain < 0)) == 1707
    far = rotate_interleaved(ones[None], angles([60], theta))[0]
    curve = score(ones, far, np.arange(129), theta)
    assert int(curve.argmax()) == 60
    assert (round(float(curve[0]), 1), round(float(curve[60]), 1)) == (60.0, 128.0)


def test_bound_holds() -> None:
    """Summation by parts (paper, section 3.4.3): |score| ≤ max|h_{i+1} − h_i| · Σ|S_i|, with h_{d/2} = 0."""
    distance = np.arange(300)
    h = (Q[0::2] + 1j * Q[1::2]) * (K[0::2] - 1j * K[1::2])
    largest = np.abs(np.diff(np.append(h, 0))).max()
    assert (np.abs(score(Q, K, distance, THETA)) <= largest * decay_bound(distance, D) * (D // 2) + 1e-9).all()


def test_base_changes_all_but_the_first_pair() -> None:
    small, large = frequencies(128, 1e4), frequencies(128, 5e5)
    assert small[0] == large[0] == 1
    assert (large[1:] < small[1:]).all()


def test_bands() -> None:
    """Page: pairs with a full turn, the longest wavelength, turns of the first and the last pair."""
    assert full_pairs(128, 4096) == 46
    assert 2 * full_pairs(128, 4096) == 92  # the critical dimension of LLaMA 2
    assert full_pairs(128, 2048) == 41
    assert int(wavelengths(128)[-1]) == 54_410
    assert (round(float(turns(128, 4096)[0])), round(float(turns(128, 4096)[-1]), 3)) == (652, 0.075)
    assert int((turns(128, 4096) > 32).sum()) == 21
    assert [full_pairs(128, n, b) for n, b in ((4096, 5e5), (8192, 5e5), (4096, 1e6), (16384, 1e6))] == [
        32,
        35,
        31,
        37,
    ]


def test_positions_above_256_do_not_fit_bfloat16() -> None:
    """Page: 257 becomes 256 in BF16, so that two neighbours share an angle."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    assert float(torch.tensor(257.0).bfloat16()) == 256
    assert float(torch.tensor(255.0).bfloat16()) == 255


def test_example_of_the_yarn_page() -> None:
    """yarn.md: L = 8192, b = 5·10⁵: 35 pairs with a full turn, 29 without; few are left alone."""
    assert (full_pairs(128, 8192, 5e5), 64 - full_pairs(128, 8192, 5e5)) == (35, 29)
    assert int((turns(128, 8192, 5e5) > 32).sum()) == 19 < 21
