"""Unlearning against PyTorch's gradient, and the numbers of docs/safety/unlearning.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.safety.unlearning import (
    Array,
    accuracy,
    experiment,
    generic_logits,
    gradient,
    make_facts,
    negate,
    train,
    unlearn,
)


@pytest.fixture(scope="module")
def table() -> dict[str, Array]:
    return experiment(seeds=6)


def test_gradient_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    facts, _ = make_facts(0)
    w = np.random.default_rng(1).standard_normal((48, 10))
    t = torch.tensor(w, requires_grad=True)
    torch.nn.functional.cross_entropy(torch.tensor(facts[0]) @ t, torch.tensor(facts[1])).backward()
    np.testing.assert_allclose(gradient(w, facts), t.grad.numpy(), atol=1e-12)


def test_negation_with_scale_minus_one_is_the_tuned_model() -> None:
    rng = np.random.default_rng(0)
    base, tuned = rng.standard_normal((2, 4, 3))
    np.testing.assert_allclose(negate(base, tuned, -1.0), tuned, atol=1e-15)
    np.testing.assert_allclose(negate(base, tuned, 0.0), base)


def test_table(table: dict[str, Array]) -> None:
    """Page: the table of four methods (forgotten, kept, hidden half before and after relearning, shown half)."""
    assert {name: [round(100 * v) for v in row] for name, row in table.items()} == {
        "negation": [20, 100, 20, 18, 90],
        "ascent": [21, 91, 18, 50, 83],
        "ascent+keep": [19, 100, 18, 48, 92],
        "retrained": [7, 100, 10, 7, 48],
    }


def test_ascent_without_a_stop_ruins_what_should_stay() -> None:
    """Page: 200 steps of plain ascent take the kept facts of one run from 100% to 38%."""
    forget, keep = make_facts(0)
    both = (np.vstack([forget[0], keep[0]]), np.concatenate([forget[1], keep[1]]))
    base = train(np.zeros((48, 10)), both, 300, 4.0)
    assert accuracy(base, keep) == accuracy(base, forget) == 1
    far = train(base, forget, 200, -2.0)
    assert round(100 * accuracy(far, keep)) == 38
    stopped = unlearn(base, forget, keep)["ascent"]
    assert accuracy(stopped, keep) > accuracy(far, keep)


def test_generic_targets() -> None:
    """Page: the worked example with alpha 5, four tokens."""
    base = np.array([4.0, 3.0, 2.5, 1.0])
    reinforced = np.array([5.0, 3.6, 2.4, 0.5])
    got = generic_logits(base, reinforced, 5.0)
    np.testing.assert_allclose(got, [-1.0, 0.0, 2.5, 1.0], atol=1e-12)
    assert [round(float(p), 2) for p in softmax(base)] == [0.61, 0.22, 0.14, 0.03]
    assert [round(float(p), 2) for p in softmax(got)] == [0.02, 0.06, 0.75, 0.17]
    plain = base - 5.0 * (reinforced - base)  # without the ReLU, tokens that fell are pushed up
    np.testing.assert_allclose(plain, [-1.0, 0.0, 3.0, 3.5], atol=1e-12)
    assert plain.argmax() == 3
