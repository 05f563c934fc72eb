"""Linear attention against gradient descent, and the numbers of docs/finetuning/prompt-finetune-rag-decision.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.finetuning.in_context import break_even, errors, fine_tune, in_context


def test_one_gradient_step_equals_linear_attention() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, y, query = rng.standard_normal((9, 4)), rng.standard_normal(9), rng.standard_normal((3, 4))
    w = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    (((torch.from_numpy(x) @ w - torch.from_numpy(y)) ** 2) / 2).mean().backward()
    want = -0.3 * (torch.from_numpy(query) @ w.grad).numpy()
    np.testing.assert_allclose(in_context(x, y, query, 0.3), want, atol=1e-12)
    np.testing.assert_allclose(query @ fine_tune(x, y, 0.3, 1), want, atol=1e-12)


def test_many_steps_equal_least_squares() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((40, 3)), rng.standard_normal(40)
    np.testing.assert_allclose(fine_tune(x, y, 0.5, 500), np.linalg.lstsq(x, y)[0], atol=1e-10)


def test_errors() -> None:
    """Page: 16 examples, clean and with a quarter of the labels flipped."""
    clean, noisy = errors(16, 0.0), errors(16, 0.0, 0.25)
    assert [round(clean[k], 2) for k in ("in context", "fine-tuned")] == [0.35, 0.0]
    assert [round(noisy[k], 2) for k in ("in context", "fine-tuned")] == [0.7, 1.01]
    assert round(errors(16, 0.0, 0.25, steps=10)["fine-tuned"], 2) == 0.67  # page: stopped early
    # E|w - (rate/n) XᵀXw|² = 1 - 2·rate + rate²(n + d + 1)/n, least at rate = n/(n + d + 1)
    assert clean["in context"] == pytest.approx(1 - 16 / (16 + 8 + 1), abs=0.03)


def test_break_even() -> None:
    """Page: 1000 samples of 300 tokens, 3 epochs, against 8 examples of 300 tokens in each prompt."""
    assert break_even(1000, 300, 3, 8 * 300) == 1125
