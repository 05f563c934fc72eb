"""Factuality pairs, DPO on them, and the sentence loss; numbers of docs/reliability/factuality-tuning.md."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from labs.reliability.factual_pairs import CLAIMS, confidence, pairs, responses, score, tune
from labs.reliability.sentence_loss import completion_mask, masked_loss, topic_prefix


def test_confidence_by_enumeration() -> None:
    samples = ["1867", "1867", "1867", "1868", "1870"]
    most, agree = confidence(samples)
    assert most == 0.6
    assert agree == pytest.approx(sum(a == b for a, b in product(samples, repeat=2)) / 25, abs=1e-12)
    assert f"{agree:.2f}" == "0.44"  # page


def test_pairs_by_loop() -> None:
    scores = [0.5, 0.8, 0.5, 0.2]
    want = {(i, j) for i, j in permutations(range(4), 2) if scores[i] > scores[j]}
    assert set(pairs(scores)) == want
    assert len(pairs(scores)) == 5  # page: six pairs of four responses, one tie
    assert score([1, 1, 0, 1]) == 0.75


def test_tune_keeps_order_and_probability() -> None:
    policy = tune(np.array([0.1, 0.9, 0.5]), 0.1, 50, 20.0)
    assert policy.sum() == pytest.approx(1)
    assert policy[1] > policy[2] > policy[0]


def test_page_length() -> None:
    """Page: precision alone drives the policy from 4.5 claims to 1; F1@5 stops at 6."""
    precision, f1 = responses(5)
    assert [f"{v:.2f}" for v in precision[[0, 3, 5, 7]]] == ["0.95", "0.80", "0.70", "0.60"]
    assert [f"{v:.2f}" for v in f1[[0, 3, 5, 7]]] == ["0.32", "0.71", "0.76", "0.74"]
    m = np.arange(1, len(CLAIMS) + 1)
    assert m.mean() == 4.5
    lengths = [float(tune(scores, 0.1, 400, 20.0) @ m) for scores in (precision, f1)]
    assert [f"{v:.1f}" for v in lengths] == ["1.0", "6.0"]


def test_masked_loss_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    lengths = [5, 8, 1]
    logits, targets = rng.normal(size=(14, 7)), rng.integers(7, size=14)
    mask = completion_mask(lengths)
    ignored = torch.tensor(np.where(mask > 0, targets, -100))
    want = torch.nn.functional.cross_entropy(torch.tensor(logits), ignored, ignore_index=-100)
    logp = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    assert masked_loss(logp, targets, mask) == pytest.approx(float(want), abs=1e-12)


def test_page_mask() -> None:
    """Page: of a sentence of 8 tokens the last four count, of one of 5 the last three."""
    assert completion_mask([8, 5]).astype(int).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1]
    assert topic_prefix("居里夫人", ["她生于华沙。"]) == ["居里夫人：她生于华沙。"]
