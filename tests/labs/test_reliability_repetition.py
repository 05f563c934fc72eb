"""The repetition toy, penalties and unlikelihood, and the numbers of docs/reliability/repetition-problem.md."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from labs.reliability.repetition import (
    additive_penalty,
    block_ngrams,
    expected_steps,
    greedy_cycle,
    next_logits,
    repeat_probability,
    repeated_share,
    repetition_penalty,
    unlikelihood,
)

BASE = np.random.default_rng(0).normal(0, 1, 50)
PREFIX, SENTENCE = list(range(20, 40)), list(range(8))
TIMES = (0, 1, 2, 5, 10, 50)


def test_page_self_reinforcement() -> None:
    """Page: the table of repetitions, for the base logits and for a sentence that is likelier from the start."""
    low = [repeat_probability(BASE, PREFIX, SENTENCE, m) for m in TIMES]
    raised = BASE.copy()
    raised[SENTENCE] += 1.5
    high = [repeat_probability(raised, PREFIX, SENTENCE, m) for m in TIMES]
    assert [f"{p:.2f}" for p in low] == ["0.02", "0.64", "0.83", "0.91", "0.93", "0.94"]
    assert [f"{p:.2f}" for p in high] == ["0.05", "0.78", "0.93", "0.97", "0.97", "0.98"]
    assert all(a < b for a, b in pairwise(low))
    assert all(a < b for a, b in zip(low, high, strict=True))


def test_page_ceiling() -> None:
    """The mass on matches tends to e^β / (e^β + L − 1) = 0.886 for β = 4, L = 8: below 1, so the probability is too."""
    ceiling = np.exp(4) / (np.exp(4) + 7)
    assert f"{ceiling:.3f}" == "0.886"
    context = SENTENCE * 4000
    mass = next_logits(np.zeros(50), context)[SENTENCE[0]] / 8.0  # the copy strength is 8
    assert mass == pytest.approx(ceiling, abs=2e-3)


def test_head_by_hand() -> None:
    base, context = np.zeros(4), [0, 1, 2, 0]
    w = np.exp([4.0, 0.0, 0.0])  # position 1 follows a 0, which is also the last token
    w /= w.sum()
    want = np.array([8 * w[2], 8 * w[0], 8 * w[1], 0.0])
    np.testing.assert_allclose(next_logits(base, context), want, atol=1e-12)


def test_page_penalties() -> None:
    """Page: logits 2, −1, 0.5, 0; token 0 seen three times, token 1 once; θ = 1.2, presence 0.5, frequency 0.3."""
    logits, context = np.array([2.0, -1.0, 0.5, 0.0]), [0, 0, 1, 0]
    np.testing.assert_allclose(repetition_penalty(logits, context, 1.2), [2 / 1.2, -1.2, 0.5, 0.0])
    np.testing.assert_allclose(additive_penalty(logits, context, 0.5, 0.3), [0.6, -1.8, 0.5, 0.0])
    assert f"{2 / 1.2:.2f}" == "1.67"
    divided = logits.copy()
    divided[1] /= 1.2
    assert divided[1] > logits[1]  # the formula as printed in the paper would reward a negative logit


def test_penalty_depends_on_the_zero_of_the_logits() -> None:
    """Page: adding one constant to all logits changes the penalised distribution, though softmax ignores it."""
    logits, context = np.array([2.0, 1.0, 0.5]), [0]
    a = repetition_penalty(logits, context, 1.2)
    b = repetition_penalty(logits + 10, context, 1.2)
    assert (a[0] - a[1], b[0] - b[1]) == pytest.approx((2 / 1.2 - 1, 12 / 1.2 - 11))
    c, d = additive_penalty(logits, context, 0.5, 0), additive_penalty(logits + 10, context, 0.5, 0)
    assert c[0] - c[1] == pytest.approx(d[0] - d[1])


def test_blocked_ngrams_never_return() -> None:
    rng = np.random.default_rng(3)
    context = [0, 1]
    for _ in range(30):
        context.append(int(block_ngrams(rng.standard_normal(6), context, 3).argmax()))
    assert repeated_share(context, 3) == 0.0
    assert repeated_share(SENTENCE * 3, 4) == pytest.approx(1 - 8 / 21)  # page: 62 %
    assert f"{1 - 8 / 21:.0%}" == "62%"


def test_unlikelihood_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits, context, target = np.random.default_rng(4).standard_normal(9), [1, 4, 4, 7, 2], 2
    z = torch.from_numpy(logits.copy()).requires_grad_()
    p = torch.softmax(z, 0)
    want = -torch.log(1 - p[[1, 4, 7]]).sum()
    want.backward()
    loss, grad = unlikelihood(logits, target, context)
    assert loss == pytest.approx(float(want.detach()), abs=1e-12)
    np.testing.assert_allclose(grad, z.grad.numpy(), atol=1e-12)
    _, alone = unlikelihood(logits, target, [4])
    assert alone[4] == pytest.approx(np.exp(logits)[4] / np.exp(logits).sum())  # page: exactly p_c


def test_page_greedy_must_cycle() -> None:
    """Page: a random table of 1000 tokens: 39.3 steps on average until greedy decoding is back where it was."""
    assert f"{expected_steps(1000):.1f}" == "39.3"
    rng = np.random.default_rng(5)
    lengths = [sum(greedy_cycle(rng.random((50, 50)), 0)) for _ in range(3000)]
    assert max(lengths) <= 50
    assert np.mean(lengths) == pytest.approx(expected_steps(50), rel=0.02)
