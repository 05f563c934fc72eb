"""The yes/no score and last-token pooling, and the numbers of docs/rag/qwen3-embedding.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.yes_no import last_token, relevance


def test_score_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = np.random.default_rng(0).standard_normal((7, 20)) * 3
    want = torch.softmax(torch.from_numpy(logits)[:, [4, 9]], -1)[:, 0]
    np.testing.assert_allclose(relevance(logits, 4, 9), want.numpy(), atol=1e-12)


def test_numbers_of_the_page() -> None:
    def score(yes: float, no: float) -> float:
        return round(float(relevance(np.array([yes, no]), 0, 1)), 3)

    assert (score(3.2, 1.2), score(13.2, 11.2), score(1.0, 1.0), score(-1.0, 2.0)) == (0.881, 0.881, 0.5, 0.047)


def test_last_token() -> None:
    hidden = np.random.default_rng(1).standard_normal((2, 4, 6))
    got = last_token(hidden, np.array([2, 4]), 3)
    for row, want in zip(got, (hidden[0, 1, :3], hidden[1, 3, :3]), strict=True):
        np.testing.assert_allclose(row, want / np.sqrt(want @ want), atol=1e-12)
