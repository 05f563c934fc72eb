"""CLIP's and SigLIP's losses against PyTorch, and the numbers of docs/multimodal/clip.md and siglip.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.multimodal.contrastive import (
    Array,
    clip_loss,
    normalize,
    pair_gradients,
    siglip_at_start,
    siglip_chunked,
    siglip_loss,
    softmax_floor,
)


def pairs(n: int = 6, d: int = 5, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return normalize(rng.standard_normal((n, d))), normalize(rng.standard_normal((n, d)))


@pytest.mark.parametrize("kind", ["clip", "siglip"])
def test_loss_and_gradients_equal_torch(kind: str) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x, y = pairs()
    t_prime, bias = np.log(10.0), -10.0 if kind == "siglip" else 0.0
    tx, ty, tt, tb = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y, t_prime, bias))
    logits = tt.exp() * tx @ ty.T + tb
    if kind == "clip":
        target = torch.arange(6)
        cross_entropy = torch.nn.functional.cross_entropy
        want = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
    else:
        eye = torch.eye(6, dtype=torch.float64)
        want = torch.nn.functional.binary_cross_entropy_with_logits(logits, eye, reduction="sum") / 6
    want.backward()
    similarity = x @ y.T
    loss, grad = (clip_loss if kind == "clip" else siglip_loss)(10 * similarity + bias)
    d_x, d_y, d_t, d_b = pair_gradients(x, y, 10.0, grad, similarity)
    np.testing.assert_allclose(loss, want.item(), atol=1e-12)
    for got, leaf in ((d_x, tx), (d_y, ty), (d_t, tt), (d_b, tb)):
        np.testing.assert_allclose(got, leaf.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("devices", [1, 2, 4, 8])
def test_chunks_add_up_to_the_whole(devices: int) -> None:
    """Page siglip: the ring gives the same loss, with blocks of (N/D)² logits."""
    x, y = pairs(16, 8)
    share, largest = siglip_chunked(x, y, 10.0, -10.0, devices)
    np.testing.assert_allclose(sum(share), siglip_loss(10 * x @ y.T - 10)[0], atol=1e-12)
    assert largest == (16 // devices) ** 2


def test_softmax_needs_the_whole_row() -> None:
    """Page siglip: CLIP's loss on blocks is another loss; SigLIP's cells ignore each other."""
    x, y = pairs(8, 8)
    logits = 10 * x @ y.T
    blocks = np.mean([clip_loss(logits[i : i + 4, i : i + 4])[0] for i in (0, 4)])
    assert clip_loss(logits)[0] - blocks > 0.1
    other = logits.copy()
    other[0, 5] += 3.0
    changed_clip = clip_loss(other)[1] != clip_loss(logits)[1]
    changed_siglip = siglip_loss(other)[1] != siglip_loss(logits)[1]
    assert changed_clip.sum() == 8 + 8 - 1  # the row and the column
    assert changed_siglip.sum() == 1


def test_a_batch_of_one_teaches_clip_nothing() -> None:
    loss, grad = clip_loss(np.array([[2.0]]))
    assert loss == 0.0
    assert np.abs(grad).max() == 0.0
    assert siglip_loss(np.array([[2.0]]))[0] > 0.1


def test_temperature_numbers() -> None:
    """Page clip: cosines alone cannot make a sharp softmax over 32768 texts."""
    n = 32_768
    np.testing.assert_allclose(clip_loss(np.zeros((64, 64)))[0], np.log(64))
    assert round(float(np.log(n)), 2) == 10.4
    assert [round(softmax_floor(n, s), 2) for s in (1, 1 / 0.07)] == [9.4, 0.02]
    assert softmax_floor(n, 100) < 1e-30
    assert round(float(np.exp(10))) == 22_026
    p = [float(1 / (1 + (n - 1) * np.exp(-0.1 * s))) for s in (1, 1 / 0.07, 100)]  # own text 0.3, all others 0.2
    assert [f"{v:.3g}" for v in p] == ["3.37e-05", "0.000127", "0.402"]


def test_floor_is_reached_by_a_simplex_and_not_beaten() -> None:
    n = 6
    simplex = normalize(np.eye(n) - 1 / n)
    for scale in (1.0, 5.0):
        np.testing.assert_allclose(clip_loss(scale * simplex @ simplex.T)[0], softmax_floor(n, scale), atol=1e-12)
        for seed in range(50):
            x, y = pairs(n, n, seed)
            assert clip_loss(scale * x @ y.T)[0] > softmax_floor(n, scale)


def test_worked_batch_of_three() -> None:
    """Page clip: the 3×3 example."""
    s = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.5], [0.0, 0.4, 0.7]])
    z = s / 0.1
    loss, _ = clip_loss(z)
    row = np.exp(z[1]) / np.exp(z[1]).sum()
    assert [round(float(v), 3) for v in row] == [0.006, 0.946, 0.047]
    column = np.exp(z[:, 2]) / np.exp(z[:, 2]).sum()
    assert [round(float(v), 3) for v in column] == [0.002, 0.119, 0.879]
    rows = -np.log(np.diag(np.exp(z) / np.exp(z).sum(1, keepdims=True)))
    columns = -np.log(np.diag(np.exp(z) / np.exp(z).sum(0, keepdims=True)))
    assert [round(float(v), 3) for v in (rows.mean(), columns.mean(), loss)] == [0.035, 0.051, 0.043]


def test_bias_at_the_start() -> None:
    """Page siglip: N = 32768 unrelated pairs, b = -10 against b = 0."""
    positive, negative = siglip_at_start(32_768, -10)
    assert (round(positive, 2), round(negative, 2)) == (10.0, 1.49)
    positive, negative = siglip_at_start(32_768, 0)
    assert (round(positive, 2), round(negative)) == (0.69, 22_712)
    z = np.full((64, 64), -10.0)
    np.testing.assert_allclose(siglip_loss(z)[0], sum(siglip_at_start(64, -10)), atol=1e-12)
    grad = siglip_loss(np.zeros((64, 64)))[1] * 64
    assert (grad[0, 0], grad[0, 1], 32_767 * grad[0, 1]) == (-0.5, 0.5, 16_383.5)
    grad = siglip_loss(z)[1] * 64
    assert round(float(grad[0, 0]), 4) == -1.0
    assert f"{grad[0, 1]:.2g}" == "4.5e-05"
    assert round(32_767 * float(grad[0, 1]), 2) == 1.49


def test_memory_of_the_logits() -> None:
    """Page siglip: 32768² float32 logits are 4 GiB; on 64 devices a block of 512² is 1 MiB."""
    assert 32_768**2 * 4 == 4 * 2**30
    assert (32_768 // 64) ** 2 * 4 == 2**20
