"""The fact memory against PyTorch, and the numbers of docs/finetuning/knowledge-injection-stage.md."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from labs.finetuning.f_learning import experiment, forget
from labs.finetuning.fact_memory import Array, facts, mean_curves, train


@cache
def curves(with_new: bool) -> dict[str, Array]:
    """The experiment of the page, run once."""
    return mean_curves(with_new)


def test_training_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    keys, answers = facts(rng, 9, 5, 4)
    w = torch.zeros(4, 5, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.7)
    for _ in range(5):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(torch.from_numpy(keys) @ w.T, torch.from_numpy(answers)).backward()
        optimizer.step()
    np.testing.assert_allclose(train(np.zeros((4, 5)), keys, answers, 5, 0.7), w.detach().numpy(), atol=1e-12)


def test_new_facts_are_slow_and_cost_old_ones() -> None:
    """Page: the table of accuracies at epochs 0, 20 and 200."""
    got = curves(True)
    for epoch, known, new, held_out in [(0, 1.0, 0.08, 1.0), (20, 1.0, 0.1, 0.94), (200, 0.93, 0.56, 0.45)]:
        assert [round(float(got[k][epoch]), 2) for k in ("known", "new", "held out")] == [known, new, held_out]


def test_without_new_facts_less_is_lost() -> None:
    """Page: the control, fine-tuned on the known half alone."""
    control = curves(False)
    assert [round(float(control["held out"][e]), 2) for e in (20, 200)] == [0.96, 0.73]
    assert float(control["known"].min()) == 1.0


def test_f_learning() -> None:
    """Page: the table over λ."""
    rows = {0: [0.61, 0.31, 0.95], 0.5: [0.74, 0.12, 0.96], 1: [0.73, 0.08, 0.95], 4: [0.52, 0.0, 0.75]}
    for strength, row in rows.items():
        got = experiment(strength)
        assert [round(got[k], 2) for k in ("new", "old", "others")] == row


def test_subtraction_is_a_negated_task_vector() -> None:
    rng = np.random.default_rng(1)
    keys, answers = facts(rng, 6, 5, 4)
    w = rng.standard_normal((4, 5))
    tuned = train(w, keys, answers, 3, 0.5)
    np.testing.assert_allclose(forget(w, keys, answers, 0.4, 3, 0.5), 1.4 * w - 0.4 * tuned, atol=1e-12)
    np.testing.assert_array_equal(forget(w, keys, answers, 0, 3, 0.5), w)
