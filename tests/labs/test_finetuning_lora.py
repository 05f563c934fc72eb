"""LoRA against PyTorch's autograd, and the numbers of docs/finetuning/lora.md and lora-limitations.md."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.finetuning.lora import backward, first_update, forward, merge, parameters, scale_of, state_bytes
from labs.finetuning.lora_init import init, train
from labs.finetuning.lora_rank import best_error, fit, full_rank_target, low_rank_target, relative_error, similarity
from labs.finetuning.peft_params import ALL_LINEAR, TOTAL, lora

Array = npt.NDArray[np.float64]


def case(n: int = 5, d: int = 7, k: int = 6, r: int = 3) -> tuple[Array, Array, Array, Array]:
    """Random x (n, k), W₀ (d, k), A (r, k), B (d, r)."""
    rng = np.random.default_rng(0)
    x, w0, a, b = (rng.standard_normal(s) for s in [(n, k), (d, k), (r, k), (d, r)])
    return x, w0, a, b


def test_forward_and_gradients_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    arrays, grad = case(), np.random.default_rng(1).standard_normal((5, 7))
    x, w0, a, b = (torch.tensor(v, requires_grad=i != 1) for i, v in enumerate(arrays))
    h = torch.nn.functional.linear(x, w0) + 2.0 * torch.nn.functional.linear(torch.nn.functional.linear(x, a), b)
    h.backward(torch.from_numpy(grad))
    np.testing.assert_allclose(forward(*arrays, 2.0), h.detach().numpy(), atol=1e-12)
    for got, want in zip(backward(*arrays, 2.0, grad), (a.grad, b.grad, x.grad), strict=True):
        np.testing.assert_allclose(got, want.numpy(), atol=1e-12)


def test_merging_changes_nothing_and_can_be_undone() -> None:
    """Page: equal to 1e-12, and W₀ comes back when the product is taken out."""
    x, w0, a, b = case()
    merged = merge(w0, a, b, 2.0)
    np.testing.assert_allclose(x @ merged.T, forward(x, w0, a, b, 2.0), atol=1e-12)
    np.testing.assert_allclose(merge(merged, a, b, -2.0), w0, atol=1e-12)
    assert np.abs(merged - w0).max() > 1


@pytest.mark.parametrize("zero", ["A", "B"])
def test_start_is_the_base_model_and_one_gradient_is_not_zero(zero: str) -> None:
    """Page: with one factor zero the model is unchanged, and only that factor has a gradient at first."""
    x, w0, _, _ = case()
    a, b = init(np.random.default_rng(2), 7, 6, 3, zero)
    np.testing.assert_array_equal(forward(x, w0, a, b, 1.0), x @ w0.T)
    grad_a, grad_b, _ = backward(x, w0, a, b, 1.0, np.ones((5, 7)))
    assert np.any(grad_a) == (zero == "A")
    assert np.any(grad_b) == (zero == "B")


def test_both_zero_never_learns() -> None:
    x, w0, a, b = case()
    grad_a, grad_b, _ = backward(x, w0, 0 * a, 0 * b, 1.0, np.ones((5, 7)))
    assert not np.any(grad_a)
    assert not np.any(grad_b)


def test_parameters_of_one_matrix() -> None:
    """Page: 65 536 of 16 777 216, 0.39 %."""
    assert parameters(4096, 4096, 8) == 65_536
    assert 4096**2 == 16_777_216
    assert round(100 * 65_536 / 4096**2, 2) == 0.39


def test_memory() -> None:
    """Page lora: 107.8 GB full, 13.8 GB with r = 8 and 16.0 GB with r = 64 on all linear layers."""
    assert round(state_bytes(0, TOTAL) / 1e9, 1) == 107.8
    assert round(state_bytes(TOTAL, lora(8, ALL_LINEAR)) / 1e9, 1) == 13.8
    assert round(16 * lora(8, ALL_LINEAR) / 1e9, 2) == 0.32
    assert round(state_bytes(TOTAL, lora(64, ALL_LINEAR)) / 1e9, 1) == 16.0
    assert round(2 * TOTAL / 1e9, 1) == 13.5


def mean_update(rule: str, optimizer: str, r: int) -> float:
    """Mean over 20 seeds at width 256."""
    scale = scale_of(rule, 8, r)
    return float(np.mean([first_update(np.random.default_rng(s), 256, r, scale, optimizer) for s in range(20)]))


@pytest.mark.parametrize(
    ("optimizer", "rule", "ratio"),
    [("sgd", "lora", 1 / 16), ("sgd", "rslora", 1), ("adam", "lora", 1), ("adam", "rslora", 4)],
)
def test_first_update_by_rank(optimizer: str, rule: str, ratio: float) -> None:
    """Page: from r = 8 to r = 128 the first change of the output; the table's four entries."""
    got = mean_update(rule, optimizer, 128) / mean_update(rule, optimizer, 8)
    assert got == pytest.approx(ratio, rel=0.15)


def test_zero_b_bears_a_wider_range_of_learning_rates() -> None:
    """Page and figure: Adam, width 256; relative loss below 0.01 for 8 of 12 rates with B = 0, 2 of 12 with A = 0."""
    lrs = 2.0 ** np.arange(-10, 2)
    good = {zero: [lr for lr in lrs if train(zero, float(lr), 256) < 0.01] for zero in "AB"}
    assert len(good["B"]) == 8
    assert len(good["A"]) == 2
    assert (good["B"][0], good["B"][-1]) == (2.0**-8, 2.0**-1)
    assert (good["A"][0], good["A"][-1]) == (2.0**-5, 2.0**-4)


def test_fit_reaches_the_svd() -> None:
    """Full-rank update: error 0; rank r: what the singular values leave."""
    rng = np.random.default_rng(0)
    for target in (low_rank_target(rng), full_rank_target(rng)):
        for r in (1, 4, 16):
            assert relative_error(target, *fit(target, r, rng)) == pytest.approx(best_error(target, r), abs=1e-3)
        assert best_error(target, 64) == 0


def test_error_by_rank() -> None:
    """Page lora-limitations and figure: relative errors at r = 1, 4, 8, 32."""
    rng = np.random.default_rng(0)
    low, full = low_rank_target(rng), full_rank_target(rng)
    assert [round(best_error(low, r), 2) for r in (1, 4, 8, 32)] == [0.73, 0.05, 0.04, 0.02]
    assert [round(best_error(full, r), 2) for r in (1, 4, 8, 32)] == [0.97, 0.88, 0.78, 0.32]


def test_subspaces_of_two_ranks() -> None:
    """Page lora: two fits of changes that share 4 directions and differ in the rest."""
    rng = np.random.default_rng(0)
    signal = low_rank_target(rng, noise=0.0)
    noisy = [signal + 0.05 * rng.standard_normal((64, 64)) for _ in range(2)]
    (a8, b8), (a32, b32) = (fit(t, r, rng) for t, r in zip(noisy, (8, 32), strict=True))
    # the product's input directions: rows of A weighted by B
    a8, a32 = b8 @ a8, b32 @ a32
    assert round(similarity(a8, a32, 4, 4), 2) == 1.0
    assert round(similarity(a8, a32, 8, 8), 2) == 0.53
    random = similarity(rng.standard_normal((8, 64)), rng.standard_normal((8, 64)), 8, 8)
    assert random < 0.2
