"""Context parallelism against dense attention of PyTorch; numbers of docs/distributed/context-parallel.md."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from labs.distributed.ring_attention import (
    Ids,
    contiguous,
    least_block,
    ring_attention,
    sent,
    ulysses,
    work,
    zigzag,
)

Split = Callable[[int, int], list[Ids]]


@pytest.mark.parametrize("split", [contiguous, zigzag])
@pytest.mark.parametrize("cards", [1, 2, 4])
def test_ring_equals_dense(split: Split, cards: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = np.random.default_rng(0).standard_normal((3, 24, 5)) * 3
    want = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), is_causal=True)
    np.testing.assert_allclose(ring_attention(q, k, v, split(24, cards)), want.numpy(), atol=1e-12)


@pytest.mark.parametrize("cards", [1, 2, 4])
def test_ulysses_equals_dense(cards: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = np.random.default_rng(1).standard_normal((3, 16, 4, 3))  # (n, H, d)
    by_head = [torch.tensor(x).transpose(0, 1) for x in (q, k, v)]
    want = torch.nn.functional.scaled_dot_product_attention(*by_head, is_causal=True).transpose(0, 1).numpy()
    got = ulysses(*(x.reshape(cards, 16 // cards, 4, 3) for x in (q, k, v)))
    np.testing.assert_allclose(got.reshape(16, 4, 3), want, atol=1e-12)


def test_balance_on_four_cards() -> None:
    """Page: 4 cards, 4096 tokens; per step the busiest card decides."""
    a, b = work(contiguous(4096, 4)), work(zigzag(4096, 4))
    assert a.sum() == b.sum() == 4096 * 4097 // 2
    block = 1024 * 1024
    assert np.round(a / block, 2).tolist() == [[0.5] * 4, [0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
    assert np.round(b / block, 2).tolist() == [[0.5] * 4] * 4
    assert (b == b[:, :1]).all()
    assert np.round(a.sum(axis=0) / block, 1).tolist() == [0.5, 1.5, 2.5, 3.5]
    assert [round(w.max(axis=1).sum() / block, 1) for w in (a, b)] == [3.5, 2.0]


@pytest.mark.parametrize("cards", [2, 8, 16])
def test_contiguous_tends_to_twice_the_time(cards: int) -> None:
    """Page: P − 1/2 blocks against P/2."""
    n, block = 64 * cards, 64 * 64
    a, b = (w.max(axis=1).sum() / block for w in (work(contiguous(n, cards)), work(zigzag(n, cards))))
    assert a == pytest.approx(cards - 0.5, rel=0.02)
    assert b == pytest.approx(cards / 2, rel=0.02)


def test_traffic() -> None:
    """Page: 128 Ki tokens, 128 query and 8 KV heads of 128, 16 cards, 16 bit; MB sent in one layer's forward."""
    gqa = sent(131_072, 128, 8, 128, 16)
    mha = sent(131_072, 128, 128, 128, 16)
    assert {k: round(v * 2 / 1e6) for k, v in gqa.items()} == {"ring": 503, "ulysses": 535}
    assert {k: round(v * 2 / 1e6) for k, v in mha.items()} == {"ring": 8053, "ulysses": 1007}
    assert mha["ring"] / mha["ulysses"] == 8  # P/2


def test_least_block() -> None:
    """Page: 1 PFLOP/s against 50 GB/s and 400 GB/s, MHA; GQA with 8 of 128; causal halves the work."""
    assert least_block(1e15, 50e9) == 20_000
    assert least_block(1e15, 400e9) == 2_500
    assert least_block(1e15, 50e9, kv_share=8 / 128) == 1_250
    assert least_block(1e15, 50e9, kv_share=8 / 128, visible=0.5) == 2_500


def test_zigzag_chunks() -> None:
    """Page: with 4 cards, card 0 has chunks 0 and 7, card 3 has 3 and 4."""
    assert [w.tolist() for w in zigzag(8, 4)] == [[0, 7], [1, 6], [2, 5], [3, 4]]
