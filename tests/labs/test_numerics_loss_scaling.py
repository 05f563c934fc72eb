"""Loss scaling against torch.amp.GradScaler, and the numbers of docs/numerics/mixed-precision.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.numerics.float_formats import BF16, FP16, FP32, round_to
from labs.numerics.loss_scaling import Scaler, gradients_like, lost, step


def test_shares() -> None:
    """Page: the share lost for several scales, in FP16 and in BF16."""
    g = gradients_like(100_000)
    got = {k: tuple(f"{100 * v:.2f}" for v in lost(g, 2.0**k)) for k in (0, 3, 10, 16, 24, 30)}
    assert got == {
        0: ("22.63", "0.00"),
        3: ("6.65", "0.00"),
        10: ("0.06", "0.00"),
        16: ("0.00", "0.00"),
        24: ("0.00", "0.03"),
        30: ("0.00", "2.26"),
    }
    assert lost(g, 1.0, BF16) == (0, 0)
    assert round(100 * float((np.abs(g) < FP16.min_normal).mean()), 1) == 97.7


def test_lost_counts_what_numpy_loses() -> None:
    g = gradients_like(20_000, seed=1)
    with np.errstate(over="ignore", under="ignore"):
        stored = (g * 2.0**24).astype(np.float16)
    assert lost(g, 2.0**24) == ((stored == 0).mean(), np.isinf(stored).mean())
    assert lost(g)[0] == (np.abs(g) <= 2**-25).mean()


def test_scaler_and_steps_equal_torch() -> None:
    """The scale and the weights of 40 steps, four of them overflowing, with clipping after unscaling."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(2)
    gradients = round_to(rng.standard_normal((40, 6)) * 2.0**-12, FP16)
    gradients[[5, 6, 20, 33], 2] = 3.0  # times 2^16: above 65504
    weights = round_to(rng.standard_normal(6), FP32)
    parameter = torch.nn.Parameter(torch.tensor(weights, dtype=torch.float32))
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    theirs = torch.amp.GradScaler("cpu", init_scale=2.0**16, growth_interval=7)
    ours = Scaler(interval=7)
    scales = []
    for g in gradients:
        scaled = (torch.tensor(g, dtype=torch.float64) * theirs.get_scale()).to(torch.float16)
        optimizer.zero_grad()
        theirs.scale(torch.zeros(()))  # the scaler starts with its first loss
        parameter.grad = scaled.float()
        theirs.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_([parameter], 1e-3)
        theirs.step(optimizer)
        theirs.update()
        weights = step(weights, g, ours, 0.5, clip=1e-3)
        assert ours.scale == theirs.get_scale()
        np.testing.assert_allclose(weights, parameter.detach().numpy(), atol=1e-7)
        scales.append(ours.scale)
    assert (min(scales), max(scales)) == (16384, 65536)


def test_defaults_are_torchs() -> None:
    """Page: 65536, halve, double after 2000."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    theirs, ours = torch.amp.GradScaler("cpu"), Scaler()
    got = (theirs.get_scale(), theirs.get_growth_factor(), theirs.get_backoff_factor(), theirs.get_growth_interval())
    assert got == (ours.scale, ours.growth, ours.backoff, ours.interval) == (65536, 2, 0.5, 2000)


def test_clipping_before_unscaling_is_wrong() -> None:
    """Page: clip the scaled gradient at 1 and divide by S = 65536: the step is 65536 times too small."""
    g = np.array([3.0, 4.0]) * 2.0**-4
    scaled = g * 65536
    wrong = scaled / np.linalg.norm(scaled) / 65536
    right = g / max(1.0, float(np.linalg.norm(g)))
    assert np.linalg.norm(right) == 0.3125
    np.testing.assert_allclose(np.linalg.norm(wrong), 1 / 65536)
    np.testing.assert_allclose(np.linalg.norm(right) / np.linalg.norm(wrong), 20480)


def test_overflow_skips_the_step() -> None:
    scaler = Scaler()
    w = np.array([1.0, 2.0])
    np.testing.assert_array_equal(step(w, np.array([1.0, 1.0]), scaler, 0.1), w)
    assert scaler.scale == 32768
    moved = step(w, np.array([1e-7, 1e-7]), scaler, 1e3)
    assert np.all(moved < w)


def test_small_gradients_survive_only_with_a_scale() -> None:
    """Page: 1e-8 vanishes in FP16, but not times 1024."""
    assert round_to(np.array(1e-8), FP16) == 0
    assert abs(float(round_to(np.array(1e-8 * 1024), FP16)) / 1024 / 1e-8 - 1) < 0.01
