"""BatchNorm against PyTorch, and the shift of gradients: the numbers of docs/transformer/batchnorm.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.transformer.batchnorm import BatchNorm
from labs.transformer.covariate_shift import gradients, shift


@pytest.mark.parametrize("shape", [(32, 6), (8, 5, 6)])
def test_train_and_eval_equal_torch(shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    ours, theirs = BatchNorm(6), torch.nn.BatchNorm1d(6, dtype=torch.float64)
    ours.gamma, ours.beta = rng.standard_normal(6), rng.standard_normal(6)
    with torch.no_grad():
        theirs.weight.copy_(torch.from_numpy(ours.gamma))
        theirs.bias.copy_(torch.from_numpy(ours.beta))

        def both(training: bool) -> None:
            x = rng.normal(2.0, 3.0, shape)
            theirs.train(training)
            t = torch.from_numpy(x)
            want = theirs(t) if t.ndim == 2 else theirs(t.transpose(1, 2)).transpose(1, 2)  # torch: (N, C, L)
            np.testing.assert_allclose(ours(x, training), want.numpy(), atol=1e-12)

        for _ in range(4):
            both(training=True)
        np.testing.assert_allclose(ours.mean, theirs.running_mean.numpy(), atol=1e-12)
        np.testing.assert_allclose(ours.var, theirs.running_var.numpy(), atol=1e-12)
        both(training=False)


def test_output_is_standardised_not_confined() -> None:
    """Page: mean 0 and variance 1, values far outside (0, 1)."""
    x = np.random.default_rng(0).normal(5.0, 2.0, (1000, 3))
    y = BatchNorm(3, eps=0.0)(x, training=True)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=0), 1, atol=1e-12)
    assert y.min() < -2
    assert y.max() > 2


def test_weight_of_the_start_after_steps() -> None:
    """Page: m = 0.1 leaves 0.9^10 = 35 % of the start after 10 steps and 0.9^50 = 0.5 % after 50."""
    for steps, want in [(10, 0.35), (50, 0.005)]:
        bn = BatchNorm(1)
        bn.mean = np.ones(1)
        for _ in range(steps):
            bn(np.array([[-1.0], [1.0]]), training=True)  # batch mean 0
        assert float(bn.mean[0]) == pytest.approx(want, rel=0.05)


def test_output_of_a_sample_depends_on_its_batch() -> None:
    """Page: the same sample in two batches, training gives two outputs, evaluation one."""
    rng = np.random.default_rng(0)
    one = rng.standard_normal((1, 4))
    first, second = (np.vstack([one, rng.standard_normal((3, 4))]) for _ in range(2))
    assert np.abs(BatchNorm(4)(first, True)[0] - BatchNorm(4)(second, True)[0]).max() > 0.1
    np.testing.assert_array_equal(BatchNorm(4)(first, False)[0], BatchNorm(4)(second, False)[0])


@pytest.mark.parametrize("batch_norm", [False, True])
def test_gradients_equal_torch(batch_norm: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, target = rng.standard_normal((20, 5)), rng.standard_normal((20, 1))
    weights = [rng.standard_normal(s) for s in ((5, 5), (5, 5), (5, 1))]
    loss, ours = gradients(x, target, weights, batch_norm)
    tw = [torch.from_numpy(w).requires_grad_() for w in weights]
    h = torch.from_numpy(x)
    for w in tw[:-1]:
        z = h @ w
        h = torch.tanh(torch.nn.functional.batch_norm(z, None, None, training=True) if batch_norm else z)
    want = ((h @ tw[-1] - torch.from_numpy(target)) ** 2).mean()
    want.backward()
    assert loss == pytest.approx(want.item(), abs=1e-12)
    for a, b in zip(ours, tw, strict=True):
        np.testing.assert_allclose(a, b.grad.numpy(), atol=1e-10)


def test_batchnorm_learns_faster_with_a_larger_shift() -> None:
    """Page: four seeds, loss 0.12-0.17 against 0.01-0.04, relative shift 0.07-0.11 against 0.17-0.72."""
    for batch_norm, losses, shifts in ((False, (0.12, 0.17), (0.07, 0.11)), (True, (0.01, 0.04), (0.17, 0.72))):
        results = np.array([shift(batch_norm, seed=s) for s in range(4)])  # (4, 2)
        np.testing.assert_allclose((results[:, 0].min(), results[:, 0].max()), losses, atol=0.006)
        np.testing.assert_allclose((results[:, 1].min(), results[:, 1].max()), shifts, atol=0.006)


def test_gradient_at_the_start() -> None:
    """Page: norm of all gradients 0.6-0.8 without, 2.0-2.9 with BatchNorm, on the same four nets."""
    norms = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((64, 16))
        target = np.sin(x @ rng.standard_normal((16, 1)))
        weights = [rng.standard_normal((16, 16)) / 4 for _ in range(5)] + [rng.standard_normal((16, 1)) / 4]
        grads = [gradients(x, target, weights, bn)[1] for bn in (False, True)]
        norms.append([sum(float((g**2).sum()) for g in of_net) ** 0.5 for of_net in grads])
    low, high = np.min(norms, axis=0), np.max(norms, axis=0)
    assert (low.round(1).tolist(), high.round(1).tolist()) == ([0.6, 2.0], [0.8, 2.9])
