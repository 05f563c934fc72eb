"""The bigram model against PyTorch, and the numbers of docs/foundations/language-model-mechanism.md."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

import numpy as np
import pytest

from labs.foundations.emergence import exact_match, seen_as_zero, token_accuracy, token_loss, wrong_tokens
from labs.foundations.language_model import (
    CORPUS,
    count_bigrams,
    encode,
    generate,
    loss,
    perplexity,
    probabilities,
    train,
)

IDS, VOCAB = encode(CORPUS)
COUNTS = count_bigrams(IDS, len(VOCAB))


def test_page_counts() -> None:
    """Page: 20 characters, 19 pairs, 5 kinds; the table of counts; loss 1.013, perplexity 2.75, at the start 5."""
    assert (len(IDS), int(COUNTS.sum()), VOCAB) == (20, 19, "四是，十。")
    assert COUNTS.tolist() == [[0, 2, 2, 2, 0], [2, 0, 0, 2, 0], [1, 0, 0, 2, 0], [2, 2, 1, 0, 1], [0] * 5]
    p = probabilities(COUNTS)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-15)
    assert f"{loss(p, IDS):.3f} {perplexity(p, IDS):.2f}" == "1.013 2.75"
    assert perplexity(np.full((5, 5), 0.2), IDS) == pytest.approx(5)


def test_chain_rule() -> None:
    """Page: P(四是四 | starts with 四) = 1/3 · 1/2 = 1/6, and the sum of the logs is -T times the loss."""
    p = probabilities(COUNTS)
    four, is_ = VOCAB.index("四"), VOCAB.index("是")
    assert p[four, is_] * p[is_, four] == pytest.approx(1 / 6)
    product = np.prod([p[a, b] for a, b in pairwise(IDS.tolist())])
    assert log(product) == pytest.approx(-19 * loss(p, IDS))
    assert f"{product:.1e}" == "4.4e-09"


def test_counting_is_maximum_likelihood() -> None:
    """No other table has a smaller loss, and gradient descent ends where counting does."""
    p = probabilities(COUNTS)
    rng = np.random.default_rng(0)
    for _ in range(50):
        other = np.abs(p + 0.05 * rng.normal(size=p.shape)) + 1e-9
        assert loss(other / other.sum(axis=1, keepdims=True), IDS) > loss(p, IDS)
    logits, losses = train(IDS, len(VOCAB), 4000, 5.0)
    assert f"{losses[0]:.3f}" == "1.609"
    assert losses[-1] == pytest.approx(loss(p, IDS), abs=1e-3)
    assert all(a >= b for a, b in pairwise(losses))
    seen = COUNTS.sum(axis=1) > 0
    learned = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(learned[seen], p[seen], atol=1e-3)


def test_loss_and_gradient_match_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    table = torch.zeros(5, 5, dtype=torch.float64, requires_grad=True)
    ids = torch.from_numpy(IDS)
    want = torch.nn.functional.cross_entropy(table[ids[:-1]], ids[1:])
    want.backward()
    logits, losses = train(IDS, 5, 1, rate=1.0)
    assert losses[0] == pytest.approx(float(want.detach()), abs=1e-12)
    np.testing.assert_allclose(-logits, table.grad.numpy(), atol=1e-12)  # one step of rate 1 from zero


def test_unseen_pairs() -> None:
    """Page: 是是 never occurs: counting gives it probability 0, add-one smoothing 1/9."""
    is_ = VOCAB.index("是")
    pair = np.array([is_, is_])
    assert loss(probabilities(COUNTS), pair) == float("inf")
    assert probabilities(COUNTS, add=1)[is_, is_] == pytest.approx(1 / 9)
    assert exp(loss(probabilities(COUNTS, add=1), IDS)) > perplexity(probabilities(COUNTS), IDS)


def test_generation_follows_the_table() -> None:
    p = probabilities(COUNTS)
    out = generate(p, 0, 20_000, np.random.default_rng(0))
    drawn = probabilities(count_bigrams(np.array(out), 5))
    np.testing.assert_allclose(drawn[:4], p[:4], atol=0.02)


def test_page_emergence() -> None:
    """Page: the table of sizes, the accuracies of one answer, and what 1000 questions show."""
    size = np.array([1e8, 1e9, 1e10, 1e11, 1e12])
    p = token_accuracy(size)
    assert [f"{v:.2f}" for v in p] == ["0.37", "0.67", "0.85", "0.94", "0.98"]
    assert [f"{100 * v:.2g}" for v in exact_match(p, 10)] == ["0.0045", "1.9", "20", "53", "78"]
    assert [f"{v:.1f}" for v in wrong_tokens(p, 10)] == ["6.3", "3.3", "1.5", "0.6", "0.2"]
    assert f"{100 * seen_as_zero(float(exact_match(p, 10)[0]), 1000):.0f}" == "96"
    assert [f"{100 * v**5:.1f}" for v in (0.5, 0.7, 0.9, 0.99)] == ["3.1", "16.8", "59.0", "95.1"]
    assert [f"{v:.2f}" for v in token_loss(size)] == ["1.00", "0.40", "0.16", "0.06", "0.03"]


def test_exact_match_is_a_product_of_independent_tokens() -> None:
    right = np.random.default_rng(0).random((200_000, 5)) < 0.8
    assert right.all(axis=1).mean() == pytest.approx(float(exact_match(np.array(0.8), 5)), rel=0.02)
    assert (~right).sum(axis=1).mean() == pytest.approx(float(wrong_tokens(np.array(0.8), 5)), rel=0.02)
