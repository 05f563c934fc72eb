"""Vocabulary-parallel embedding and loss against PyTorch; numbers of docs/distributed/vocab-parallel-embedding.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.vocab_parallel import embed, embed_backward, padded_vocab, parallel_cross_entropy

IDS = np.array([0, 3, 11, 3, 7])


@pytest.mark.parametrize("t", [1, 2, 4])
def test_embedding_equals_torch(t: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    table, dy = rng.standard_normal((12, 4)), rng.standard_normal((5, 4))
    leaf = torch.tensor(table, requires_grad=True)
    want = torch.nn.functional.embedding(torch.tensor(IDS), leaf)
    want.backward(torch.tensor(dy))
    np.testing.assert_array_equal(embed(IDS, np.split(table, t)), want.detach().numpy())
    got = np.concatenate(embed_backward(IDS, dy, 12 // t, t))
    np.testing.assert_allclose(got, leaf.grad.numpy(), atol=1e-13)


@pytest.mark.parametrize("shift", [0.0, 800.0])
@pytest.mark.parametrize("t", [1, 2, 4])
def test_loss_equals_torch(t: int, shift: float) -> None:
    """Large logits too: the maximum is taken over all cards first."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = np.random.default_rng(1).standard_normal((5, 12)) * 4 + shift
    leaf = torch.tensor(logits, requires_grad=True)
    want = torch.nn.functional.cross_entropy(leaf, torch.tensor(IDS), reduction="none")
    want.sum().backward()
    loss, grads = parallel_cross_entropy(np.split(logits, t, axis=1), IDS)
    np.testing.assert_allclose(loss, want.detach().numpy(), atol=1e-11)
    np.testing.assert_allclose(np.concatenate(grads, axis=1), leaf.grad.numpy(), atol=1e-12)


def test_worked_example() -> None:
    """Page: logits 2, 1 on one card, 0, 3 on the other, the true token is 1."""
    loss, grads = parallel_cross_entropy([np.array([[2.0, 1.0]]), np.array([[0.0, 3.0]])], np.array([1]))
    totals = [np.exp(np.array(z) - 3).sum() for z in ([2, 1], [0, 3])]
    assert [round(v, 3) for v in totals] == [0.503, 1.050]
    assert round(float(loss[0]), 3) == 2.440
    assert np.round(np.concatenate(grads, axis=1)[0], 3).tolist() == [0.237, -0.913, 0.032, 0.644]
    assert round(1 - float(np.exp(-loss[0])), 3) == 0.913  # 1 − p, which is not the loss


def test_what_crosses() -> None:
    """Page: 4096 tokens, V = 128 256, FP32, 8 cards."""
    n, vocab = 4096, 128_256
    assert round(n * vocab * 4 / 2**30, 2) == 1.96
    assert round(n * vocab // 8 * 4 / 2**20) == 250
    assert 3 * n * 4 / 2**10 == 48
    assert vocab / 3 == 42_752


def test_padding() -> None:
    """Page: GPT-2's 50 257 rows become 51 200 for 8 cards; the table of LLaMA 3 already fits."""
    assert padded_vocab(50_257, 8) == 51_200
    assert padded_vocab(50_257, 1) == 50_304
    assert 128_256 % 8 == 0
    assert padded_vocab(128_256, 8) == 129_024
    assert [round(rows * 12_288 / 1e6) for rows in (50_257, 2048)] == [618, 25]  # words and positions of GPT-3
