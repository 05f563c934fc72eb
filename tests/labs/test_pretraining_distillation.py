"""Distillation against PyTorch; numbers of docs/pretraining/knowledge-distillation.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.pretraining.distillation import Array, hard_loss, sequence_targets, soft_loss, toy, train, train_hard


def logits(seed: int = 0) -> tuple[Array, Array]:
    """Zero-mean logits of a student and a teacher, 64 rows of 100."""
    rng = np.random.default_rng(seed)
    v, s = rng.standard_normal((64, 100)) * 3, rng.standard_normal((64, 100)) * 3
    return s - s.mean(axis=1, keepdims=True), v - v.mean(axis=1, keepdims=True)


@pytest.mark.parametrize("t", [1.0, 4.0])
def test_equals_torch(t: float) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    f = torch.nn.functional
    s, v = logits()
    student = torch.from_numpy(s).requires_grad_()
    teacher = f.softmax(torch.from_numpy(v) / t, dim=-1)
    want = t**2 * f.kl_div(f.log_softmax(student / t, dim=-1), teacher, reduction="batchmean")
    want.backward()
    value, grad = soft_loss(s, v, t)
    assert value == pytest.approx(want.item(), abs=1e-10)
    np.testing.assert_allclose(grad, student.grad.numpy(), atol=1e-12)
    classes = np.arange(64)
    other = torch.from_numpy(s).requires_grad_()
    ce = f.cross_entropy(other, torch.from_numpy(classes))
    ce.backward()
    hard, hard_grad = hard_loss(s, classes)
    assert hard == pytest.approx(ce.item(), abs=1e-10)
    np.testing.assert_allclose(hard_grad, other.grad.numpy(), atol=1e-12)


def test_softened() -> None:
    """Page: logits 8, 6, 1, 0 at T = 1, 2, 4, 10."""
    z = np.array([8.0, 6, 1, 0])
    want = {1: [0.880, 0.119, 0.001, 0.000], 2: [0.706, 0.260, 0.021, 0.013]}
    want |= {4: [0.522, 0.317, 0.091, 0.071], 10: [0.362, 0.296, 0.180, 0.163]}
    for t, p in want.items():
        np.testing.assert_allclose(softmax(z / t), p, atol=5.1e-4)


def test_gradient_sizes() -> None:
    """Page: norms with the factor 0.087, 0.058, 0.053 (T = 1, 4, 16), without 0.087, 0.0036, 0.00021."""
    s, v = logits()
    norms = [float(np.linalg.norm(soft_loss(s, v, t)[1])) for t in (1, 4, 16)]
    assert [round(x, 3) for x in norms] == [0.087, 0.058, 0.053]
    assert [f"{x / t**2:.2g}" for x, t in zip(norms, (1, 4, 16), strict=True)] == ["0.087", "0.0036", "0.00021"]


def test_high_temperature_matches_logits() -> None:
    """Page: T²·gradient → (z − v)/V when logits have mean 0."""
    s, v = logits()
    np.testing.assert_allclose(soft_loss(s, v, 1e4)[1], (s - v) / 100 / 64, atol=1e-6)


def test_temperature_keeps_the_order() -> None:
    s, _ = logits()
    assert (softmax(s / 7).argsort(axis=1) == softmax(s).argsort(axis=1)).all()


def test_the_class_that_was_never_shown() -> None:
    """Page: of class 3, hard labels get 7 % right, soft ones 96 % at T = 1 and 100 % at T = 4."""
    x, teacher, classes, rows = toy()
    assert len(rows) == 40 and not (classes[rows] == 3).any()
    hers = classes == 3

    def right(w: Array) -> float:
        return float(((x @ w).argmax(axis=1) == classes)[hers].mean())

    assert round(right(train_hard(classes, rows, x, 5)), 2) == 0.07
    assert round(right(train(teacher, rows, x, 1.0)), 2) == 0.96
    assert right(train(teacher, rows, x, 4.0)) == 1


def test_sequence_level() -> None:
    """Page: the likeliest of 27 sequences holds 28 % and is not what greedy decoding finds."""
    first = np.array([0.4, 0.35, 0.25])
    nxt = np.array([[0.34, 0.33, 0.33], [0.05, 0.9, 0.05], [0.3, 0.3, 0.4]])
    every, best = sequence_targets(first, nxt, 3)
    assert sum(every.values()) == pytest.approx(1)
    assert (len(every), best, round(every[best], 2)) == (27, (1, 1, 1), 0.28)
    greedy = [int(first.argmax())]
    for _ in range(2):
        greedy.append(int(nxt[greedy[-1]].argmax()))
    assert tuple(greedy) == (0, 0, 0) and round(every[(0, 0, 0)], 3) == 0.046


def test_sizes() -> None:
    """Page: full distributions of 1T tokens over 128 256 entries in BF16 are 256 PB."""
    assert round(1e12 * 128_256 * 2 / 1e15) == 257
    assert 1e12 * 50 * 6 / 1e12 == 300  # 50 entries of 4 + 2 bytes each: TB
