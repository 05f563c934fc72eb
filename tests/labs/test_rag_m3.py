"""BGE-M3's three scores and self-distillation, and the numbers of docs/rag/learned-sparse-retrieval.md."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.rag.m3_scores import dense, lexical, lexical_weights, multi_vector
from labs.rag.self_distillation import LOSS_WEIGHTS, SCORE_WEIGHTS, cross_entropy, losses, student_gradient

Array = npt.NDArray[np.float64]


def test_scores_equal_loops() -> None:
    rng = np.random.default_rng(0)
    h_q, h_p, w_mul, w_lex = (rng.standard_normal(s) for s in [(4, 6), (7, 6), (6, 5), (6,)])
    ids_q, ids_p = np.array([1, 2, 3, 2]), np.array([2, 9, 3, 3, 8, 2, 7])

    def cos(a: Array, b: Array) -> float:
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    assert dense(h_q, h_p) == pytest.approx(cos(h_q[0], h_p[0]), abs=1e-12)
    want = np.mean([max(cos(x @ w_mul, y @ w_mul) for y in h_p) for x in h_q])
    assert multi_vector(h_q, h_p, w_mul) == pytest.approx(want, abs=1e-12)
    total = 0.0
    for t in set(ids_q.tolist()) & set(ids_p.tolist()):
        q = max(max(float(h @ w_lex), 0) for h, i in zip(h_q, ids_q, strict=True) if i == t)
        p = max(max(float(h @ w_lex), 0) for h, i in zip(h_p, ids_p, strict=True) if i == t)
        total += q * p
    weights = [lexical_weights(h, i, w_lex, 12) for h, i in ((h_q, ids_q), (h_p, ids_p))]
    assert lexical(*weights) == pytest.approx(total, abs=1e-12)
    assert all((w >= 0).all() for w in weights)
    assert set(np.flatnonzero(weights[0])) <= {1, 2, 3}  # never an id that is not in the text


def test_losses_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    branches = [torch.from_numpy(rng.standard_normal((3, 7))).requires_grad_() for _ in range(3)]
    inter = branches[0] + 0.3 * branches[1] + branches[2]
    label, ce = torch.arange(3), torch.nn.functional.cross_entropy
    labelled = (ce(branches[0], label) + 0.1 * ce(branches[1], label) + ce(branches[2], label) + ce(inter, label)) / 4
    teacher = torch.softmax(inter.detach(), -1)
    distilled = (ce(branches[0], teacher) + 0.1 * ce(branches[1], teacher) + ce(branches[2], teacher)) / 3
    got = losses(*(b.detach().numpy() for b in branches))
    want = (labelled.item(), distilled.item(), ((labelled + distilled) / 2).item())
    np.testing.assert_allclose(got, want, atol=1e-12)
    distilled.backward()
    gradient = (
        student_gradient(branches[1].detach().numpy(), teacher.numpy()) * 0.1 / 3 / 3
    )  # weight, mean of 3, 3 queries
    np.testing.assert_allclose(branches[1].grad.numpy(), gradient, atol=1e-12)


def test_numbers_of_the_page() -> None:
    """Scores (already divided by τ) of one positive and two negatives in the three branches."""
    dense_s, lex, mul = (np.array([row]) for row in ([2.0, 1.5, 0.0], [0.0, 1.0, 0.0], [3.0, 1.0, 0.5]))
    assert (SCORE_WEIGHTS, LOSS_WEIGHTS) == ((1.0, 0.3, 1.0), (1.0, 0.1, 1.0))
    inter = dense_s + 0.3 * lex + mul
    np.testing.assert_allclose(inter, [[5.0, 2.8, 0.5]])
    teacher = softmax(inter)
    assert [round(float(x), 2) for x in teacher[0]] == [0.89, 0.10, 0.01]
    shown = [[round(float(x), 2) for x in softmax(s)[0]] for s in (dense_s, lex, mul)]
    assert shown == [[0.57, 0.35, 0.08], [0.21, 0.58, 0.21], [0.82, 0.11, 0.07]]
    pull = [round(float(x), 2) for x in student_gradient(lex, teacher)[0]]
    assert pull == [-0.68, 0.48, 0.20]
    entropy = cross_entropy(inter, teacher)
    gaps = [round(cross_entropy(s, teacher) - entropy, 2) for s in (dense_s, lex, mul)]
    assert gaps == [0.25, 1.08, 0.04]


def test_lexical_example_of_the_page() -> None:
    """Query weights 显存 1.2, 优化 0.4; passage 显存 0.9 and 0.5 (repeated), 激活 0.7."""
    eye, one = np.eye(4), np.ones(4)
    query = lexical_weights(np.array([1.2, 0.4])[:, None] * eye[:2], np.array([5, 6]), one, 9)
    passage = lexical_weights(np.array([0.9, 0.5, 0.7])[:, None] * eye[:3], np.array([5, 5, 7]), one, 9)
    assert lexical(query, passage) == pytest.approx(1.08)
