"""MoBA against torch, against a loop written from the paper's equations, and for leaks from the future."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.attention.moba import gate, moba, token_mask

Array = npt.NDArray[np.float64]


def inputs(n: int, seed: int = 0) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    q, k, v = rng.standard_normal((3, n, 6))
    return q, k, v


def loop(q: Array, k: Array, v: Array, block: int, top_k: int) -> Array:
    """Equations (2) to (6), one query at a time."""
    out = []
    for t in range(len(q)):
        past = {b: q[t] @ k[b * block : (b + 1) * block].mean(0) for b in range(t // block)}
        chosen = {t // block, *sorted(past, key=lambda b: -past[b])[: top_k - 1]}
        tokens = [j for j in range(t + 1) if j // block in chosen]
        weights = np.exp(k[tokens] @ q[t] / 6**0.5)
        out.append(weights @ v[tokens] / weights.sum())
    return np.array(out)


@pytest.mark.parametrize(("n", "block", "top_k"), [(24, 4, 1), (24, 4, 3), (22, 5, 2), (10, 3, 9)])
def test_equals_the_loop(n: int, block: int, top_k: int) -> None:
    q, k, v = inputs(n)
    assert np.allclose(moba(q, k, v, block, top_k), loop(q, k, v, block, top_k), atol=1e-12)


def test_all_blocks_is_full_causal_attention() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = inputs(22)
    want = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(x)[None] for x in (q, k, v)), is_causal=True
    )[0].numpy()
    assert np.allclose(moba(q, k, v, 4, 6), want, atol=1e-12)
    assert not np.allclose(moba(q, k, v, 4, 3), want, atol=1e-3)


def test_nothing_of_the_future_leaks() -> None:
    q, k, v = inputs(24)
    before = moba(q, k, v, 4, 2)
    for t in range(24):
        k2, v2 = k.copy(), v.copy()
        k2[t + 1 :] += 3.0
        v2[t + 1 :] -= 5.0
        assert np.array_equal(moba(q, k2, v2, 4, 2)[: t + 1], before[: t + 1])


def test_page_scoring_the_current_block_by_its_mean_would_leak() -> None:
    """Page block-sparse-attention: the block's mean holds later tokens, so the score of token 0 depends on
    token 3.
    """
    q, k, _ = inputs(8)
    later = k.copy()
    later[3] += 3.0
    assert q[0] @ k[0:4].mean(0) != pytest.approx(q[0] @ later[0:4].mean(0))


def test_page_only_the_current_block_is_block_diagonal_not_a_window() -> None:
    """Page block-sparse-attention: with top_k = 1 the first token of a block sees one token, the last a
    whole block.
    """
    q, k, _ = inputs(24)
    mask = token_mask(gate(q, k, 4, 1), 4, 24)
    assert mask.sum(axis=1).tolist() == [1, 2, 3, 4] * 6
    block_diagonal = np.kron(np.eye(6), np.tri(4)) > 0
    assert (mask == block_diagonal).all()


def test_page_sparsity() -> None:
    """Page block-sparse-attention: the paper's 81.25 % and 95.31 %, and that top-k counts the current
    block.
    """
    assert 1 - 512 * 3 / 8192 == 0.8125
    assert round(1 - 512 * 3 / 32768, 4) == 0.9531
    q, k, _ = inputs(64)
    chosen = gate(q, k, 8, 3)
    assert chosen.sum(axis=1).max() == 3
    assert all(chosen[t, t // 8] for t in range(64))
