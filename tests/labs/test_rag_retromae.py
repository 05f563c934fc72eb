"""Enhanced decoding against PyTorch, and the numbers of docs/rag/retromae.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.retromae import decode, visible


def test_mask_of_the_page() -> None:
    see = visible(200, 0.5, np.random.default_rng(0))
    assert see.shape == (200, 201)
    assert see[:, 0].all()
    assert not see[np.arange(200), np.arange(200) + 1].any()
    assert see[:, 1:].mean() == pytest.approx(0.5 * 199 / 200, abs=0.01)
    assert (see[0] != see[1]).any()  # another context in every row


def test_decode_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    h, tokens, position = rng.standard_normal(8), rng.standard_normal((5, 8)), rng.standard_normal((6, 8))
    w_q, w_k, w_v = (rng.standard_normal((8, 8)) for _ in range(3))
    see = visible(5, 0.5, rng)
    h1 = h + position[1:]
    h2 = np.vstack([h, tokens + position[1:]])
    want = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a)[None] for a in (h1 @ w_q, h2 @ w_k, h2 @ w_v)), attn_mask=torch.from_numpy(see)
    )
    np.testing.assert_allclose(decode(h, tokens, position, w_q, w_k, w_v, see), want[0].numpy(), atol=1e-12)


def test_no_row_knows_its_own_word() -> None:
    """Page: changing word i leaves the prediction of word i alone, and moves others."""
    rng = np.random.default_rng(2)
    h, tokens, position = rng.standard_normal(8), rng.standard_normal((6, 8)), rng.standard_normal((7, 8))
    w_q, w_k, w_v = (0.2 * rng.standard_normal((8, 8)) for _ in range(3))
    see = visible(6, 0.3, rng)
    before = decode(h, tokens, position, w_q, w_k, w_v, see)
    tokens[2] += 1.0
    moved = np.abs(decode(h, tokens, position, w_q, w_k, w_v, see) - before).max(1) > 1e-9
    assert not moved[2]
    np.testing.assert_array_equal(moved, see[:, 3])


def test_signal_of_the_page() -> None:
    """512 tokens: masked LM of 15 % trains on 77, a decoder that masks half on 256, enhanced decoding on all."""
    assert (round(512 * 0.15), round(512 * 0.5)) == (77, 256)
