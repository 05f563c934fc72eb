"""Sparse masks against definitions written out pair by pair, and reachability against SciPy's shortest
paths.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from labs.attention import sparse_masks as sm
from labs.attention.long_context_cost import attention_flops, linear_flops, pair_flops
from labs.position.irope import chunk_mask


def pairs(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(n)]


def test_masks_are_what_the_papers_define() -> None:
    n, stride, block, c = 19, 4, 5, 2
    local, far = sm.strided(n, stride)
    own, summary = sm.fixed(n, block, c)
    window, holes, sinks = sm.sliding_window(n, 4), sm.dilated(n, 3, 2), sm.window_and_first(n, 4, 2)
    for i, j in pairs(n):
        assert window[i, j] == (i - 4 < j <= i)
        assert sinks[i, j] == (j <= i and (j < 2 or j > i - 4))
        assert holes[i, j] == (i - j in (0, 2, 4))
        assert local[i, j] == (max(0, i - stride) <= j <= i)
        assert far[i, j] == (j <= i and (i - j) % stride == 0)
        assert own[i, j] == (j <= i and j // block == i // block)
        assert summary[i, j] == (j <= i and j % block in range(block - c, block))


def test_dilated_with_gap_one_is_the_window() -> None:
    assert (sm.dilated(20, 5, 1) == sm.sliding_window(20, 5)).all()


def test_reachability_is_shortest_path() -> None:
    rng = np.random.default_rng(0)
    mask = rng.random((14, 14)) < 0.12
    hops = shortest_path(mask, unweighted=True)
    for layers in range(1, 5):
        assert (sm.reachable([mask] * layers) == (hops <= layers)).all()


@pytest.mark.parametrize(("w", "layers"), [(4, 1), (4, 3), (2, 5), (6, 2)])
def test_window_reach_grows_by_w_minus_one_a_layer(w: int, layers: int) -> None:
    n = 40
    reach = sm.reachable([sm.sliding_window(n, w)] * layers)
    assert (reach == sm.sliding_window(n, layers * (w - 1) + 1)).all()


def test_influence_is_a_power_of_the_mixing_matrix() -> None:
    w, layers, residual, n = 5, 4, 0.3, 40
    mix = residual * np.eye(n) + (1 - residual) * sm.sliding_window(n, w) / w  # exact away from the start
    last = np.linalg.matrix_power(mix, layers)[-1, ::-1]  # by distance
    share = sm.influence(w, layers, residual)
    assert np.allclose(last[: len(share)], share, atol=1e-14)
    assert np.allclose(last[len(share) :], 0)


def test_page_sliding_window_numbers() -> None:
    """Page sparse-attention: Mistral's 4096 x 32, and how little arrives from the far end."""
    assert 4096 * 32 == 131072
    assert 1 + 32 * 4095 == 131041 == len(sm.influence(4096, 32, 0.5))
    flat = np.cumsum(sm.influence(4096, 32, 0.5))
    assert np.searchsorted(flat, 0.99) == pytest.approx(51_000, abs=100)
    assert 1 - flat[65536] == pytest.approx(2.3e-5, abs=1e-6)


def test_page_pair_counts() -> None:
    """Page sparse-attention: visible pairs at n = 1024, stride = window = block = 32."""
    n, size = 1024, 32
    assert sm.causal(n).sum() == 524_800 == n * (n + 1) // 2
    window = sm.sliding_window(n, size).sum()
    assert window == 32_272 == n * size - size * (size - 1) // 2
    local, far = sm.strided(n, size)
    assert (local | far).sum() == 48_144
    own, summary = sm.fixed(n, size, 1)
    own_or_summary = (own | summary).sum()
    assert own_or_summary == 32_768 == n**1.5
    assert -(-(n - 1) // (size - 1)) == 33  # layers until the window connects everything
    assert round(524_800 / own_or_summary, 1) == 16.0
    assert round(524_800 / 48_144, 1) == 10.9
    assert round(524_800 / window, 1) == 16.3


def test_page_pairs_grow_like_n_to_the_three_halves() -> None:
    """Page sparse-attention: four times the length is eight times the strided pairs, sixteen times the
    causal ones.
    """

    def strided_pairs(n: int) -> int:
        local, far = sm.strided(n, round(n**0.5))
        return int((local | far).sum())

    assert strided_pairs(1024) / strided_pairs(256) == pytest.approx(8, rel=0.05)
    assert sm.causal(1024).sum() / sm.causal(256).sum() == pytest.approx(16, rel=0.01)


def test_page_two_layers_cover_everything_but_order_matters_for_fixed() -> None:
    """Page sparse-attention: strided in either order, fixed only with the own block first; the window does
    not.
    """
    n, size = 144, 12
    full = sm.causal(n)
    local, far = sm.strided(n, size)
    own, summary = sm.fixed(n, size, 1)
    assert (sm.reachable([local, far]) == full).all()
    assert (sm.reachable([far, local]) == full).all()
    assert (sm.reachable([own, summary]) == full).all()
    assert not (sm.reachable([summary, own]) == full).all()
    window = sm.sliding_window(n, size)
    assert not (sm.reachable([window] * 12) == full).all()
    assert (sm.reachable([window] * 13) == full).all()  # 13 = ceil(143 / 11)


def test_page_a_global_token_makes_two_layers_enough() -> None:
    """Page sparse-attention: n = 144 with 3 neighbours a side needs 48 layers, with one global token 2."""
    n, rng = 144, np.random.default_rng(0)
    plain, hub = sm.big_bird(n, 3, 0, 0, rng), sm.big_bird(n, 3, 1, 0, rng)
    assert shortest_path(plain, unweighted=True).max() == 48
    assert shortest_path(hub, unweighted=True).max() == 2
    assert shortest_path(sm.big_bird(n, 3, 0, 2, rng), unweighted=True).max() == 5  # random edges alone: a small world


def test_big_bird_counts() -> None:
    mask = sm.big_bird(30, 2, 1, 3, np.random.default_rng(1))
    assert mask[0].all() and mask[:, 0].all()
    assert (mask.sum(axis=1) <= 30).all() and (mask[1:].sum(axis=1) <= 5 + 1 + 3).all()


def test_flops_of_pairs_against_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    from torch.utils.flop_counter import FlopCounterMode

    n, d = 24, 16
    q = torch.zeros(n, d)
    with FlopCounterMode(display=False) as counter:
        (q @ q.T) @ q
    assert counter.get_total_flops() == pair_flops(n * n, d) == 2 * attention_flops(n, d)


def test_what_the_playground_lets_you_try() -> None:
    """Playground page attention-patterns: pairs, shares of a layer's FLOPs, and what the last token comes to see."""

    def seen(mask: sm.Mask, layers: int) -> int:
        return int(sm.reachable([mask] * layers)[-1].sum())

    def share(pairs: int, n: int, d: int) -> str:
        return f"{pair_flops(pairs, d) / (pair_flops(pairs, d) + linear_flops(n, d)):.1%}"

    window, holes = sm.sliding_window(64, 8), sm.dilated(64, 8, 4)
    assert (int(window.sum()), f"{window.sum() / sm.causal(64).sum():.1%}", seen(window, 8)) == (484, "23.3%", 57)
    assert (int(holes.sum()), seen(holes, 16), seen(window, 8), seen(window, 9)) == (400, 16, 57, 64)
    n, w = 32_768, 4096
    assert share(n * w - w * (w - 1) // 2, n, 4096) == "13.5%"  # a window's pairs: test_page_pair_counts
    assert share(n * (n + 1) // 2, n, 4096) == "40.0%"
    assert 1 + 8 * (w - 1) < n <= 1 + 9 * (w - 1)
    assert 131_072 - (1 + 32 * (w - 1)) == 31
    # Sixteen documents of equal length: what holds for 128 tokens each holds for 2048 but for the diagonal.
    packed = chunk_mask(2048, 128)
    assert (f"{16 * 2048 * 2049 / (n * (n + 1)):.1%}", seen(packed, 4)) == ("6.3%", 128)
