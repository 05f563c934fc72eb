"""Multi-token prediction: labels, module and loss against PyTorch; numbers of docs/pretraining/mtp.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.pretraining.mtp import Array, causal_block, labels, loss, mtp_input, rms_norm, tokens_per_step, total


def test_labels() -> None:
    """Page: t1 … t6, three depths."""
    ids = np.arange(1, 7)
    assert [labels(ids, k).tolist() for k in range(3)] == [[2, 3, 4, 5, 6], [3, 4, 5, 6], [4, 5, 6]]


def test_loss_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    ids = rng.integers(0, 9, 7)
    for depth in range(3):
        logits = rng.standard_normal((6 - depth, 9))
        want = torch.nn.functional.cross_entropy(
            torch.from_numpy(logits), torch.from_numpy(ids[1 + depth :]), reduction="sum"
        )
        assert loss(logits, ids, depth) == pytest.approx(float(want) / 6, abs=1e-12)


def test_rms_norm_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = np.random.default_rng(0).standard_normal((5, 8))
    want = torch.nn.functional.rms_norm(torch.from_numpy(x), (8,), eps=1e-6)
    np.testing.assert_allclose(rms_norm(x), want.numpy(), atol=1e-12)


def test_row_joins_the_token_k_later() -> None:
    rng = np.random.default_rng(0)
    e, hidden, m = rng.standard_normal((7, 4)), rng.standard_normal((7, 4)), rng.standard_normal((8, 4))
    for depth in (1, 2):
        got = mtp_input(hidden[: 8 - depth], e, depth, m)
        assert got.shape == (7 - depth, 4)
        for i in range(7 - depth):
            naive = np.concatenate([rms_norm(hidden[i : i + 1])[0], rms_norm(e[i + depth : i + depth + 1])[0]]) @ m
            np.testing.assert_allclose(got[i], naive, atol=1e-12)


def test_causal_chain() -> None:
    """Page: depth k at position i depends on tokens up to i+k and on none after: it cannot see its label i+k+1."""
    rng = np.random.default_rng(1)
    e, m1, m2 = rng.standard_normal((8, 4)), rng.standard_normal((8, 4)), rng.standard_normal((8, 4))

    def depths(emb: Array) -> list[Array]:
        h0 = causal_block(emb)
        h1 = causal_block(mtp_input(h0, emb, 1, m1))
        return [h0, h1, causal_block(mtp_input(h1, emb, 2, m2))]

    before = depths(e)
    for j in range(8):
        changed = e.copy()
        changed[j] += 1
        for k, (a, b) in enumerate(zip(before, depths(changed), strict=True)):
            moved = np.abs(a - b).max(axis=1) > 1e-9
            assert not moved[: max(j - k, 0)].any()  # rows i with i + k < j
            if j - k in range(len(moved)):
                assert moved[j - k]


def test_speed() -> None:
    """Page: acceptance 85–90 % gives 1.85–1.90 tokens a step; two drafts at 0.9 and 0.8 give 2.62."""
    assert (tokens_per_step([0.85]), tokens_per_step([0.9])) == (1.85, 1.9)
    assert round(tokens_per_step([0.9, 0.8]), 2) == 2.62
    assert tokens_per_step([]) == 1


def test_total() -> None:
    """Page: λ = 0.3, main 2.0, one depth 2.6: 2.78."""
    assert total(2.0, [2.6], 0.3) == pytest.approx(2.78)
