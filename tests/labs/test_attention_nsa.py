"""NSA against a loop over queries and heads written from the paper, and its limits against torch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.attention.nsa import Sizes, block_scores, choose, compress, compressed_visible, nsa

Array = npt.NDArray[np.float64]
SMALL = Sizes(compress=4, stride=2, select=4, chosen=4, window=5)


def inputs(n: int = 40, h: int = 3, d: int = 6) -> tuple[Array, Array, Array, Array]:
    rng = np.random.default_rng(0)
    return (
        rng.standard_normal((h, n, d)),
        rng.standard_normal((3, n, d)),
        rng.standard_normal((3, n, d)),
        rng.random((3, h, n)),
    )


def one(q: Array, k: Array, v: Array) -> tuple[Array, Array]:
    """Attention of one query over a list of keys."""
    w = np.exp(k @ q / len(q) ** 0.5)
    return (w / w.sum()) @ v, w / w.sum()


def loop(q: Array, k: Array, v: Array, gates: Array, z: Sizes) -> Array:
    h, n, _ = q.shape
    out = np.zeros_like(q)
    for t in range(n):
        starts = [s for s in range(0, t + 1, z.stride) if s + z.compress <= t + 1]
        importance = np.zeros(t // z.select + 1)
        for head in range(h):
            if starts:
                k_c = np.array([k[0, s : s + z.compress].mean(0) for s in starts])
                v_c = np.array([v[0, s : s + z.compress].mean(0) for s in starts])
                o, p = one(q[head, t], k_c, v_c)
                out[head, t] += gates[0, head, t] * o
                for s, weight in zip(starts, p, strict=True):
                    # Each stride-long piece of a compressed block votes for the selection block it lies in.
                    for piece in range(s, s + z.compress, z.stride):
                        importance[piece // z.select] += weight
        now = t // z.select
        forced = {0, now, max(now - 1, 0)}
        rest = sorted((b for b in range(now + 1) if b not in forced), key=lambda b: -importance[b])
        chosen = forced | set(rest[: max(z.chosen - len(forced), 0)])
        selected = [j for j in range(t + 1) if j // z.select in chosen]
        near = list(range(max(0, t - z.window + 1), t + 1))
        for head in range(h):
            out[head, t] += gates[1, head, t] * one(q[head, t], k[1, selected], v[1, selected])[0]
            out[head, t] += gates[2, head, t] * one(q[head, t], k[2, near], v[2, near])[0]
    return out


@pytest.mark.parametrize("z", [SMALL, Sizes(4, 4, 4, 3, 3), Sizes(2, 2, 8, 3, 6), Sizes(4, 2, 8, 4, 1)])
def test_equals_the_loop(z: Sizes) -> None:
    q, k, v, gates = inputs()
    assert np.allclose(nsa(q, k, v, gates, z), loop(q, k, v, gates, z), atol=1e-12)


def test_same_blocks_need_no_conversion() -> None:
    """Section 3.3.2: with l = l' = d the compressed blocks' scores are those of the selection blocks."""
    p = np.random.default_rng(1).random((5, 7))
    assert np.array_equal(block_scores(p, Sizes(4, 4, 4, 3, 3), 7), p)


def test_index_from_zero_is_equation_nine_from_one() -> None:
    z = Sizes(compress=8, stride=2, select=8)
    p = np.random.default_rng(2).random((3, 17))
    got = block_scores(p, z, 4)
    ratio, width = z.select // z.stride, z.compress // z.stride
    for j in range(1, 5):  # as printed, blocks and compressed blocks counted from 1
        index = [ratio * j - m - n for m in range(ratio) for n in range(width)]
        assert np.allclose(got[:, j - 1], sum(p[:, i - 1] for i in index if 1 <= i <= 17), atol=1e-14)


def test_nothing_of_the_future_leaks() -> None:
    q, k, v, gates = inputs()
    before = nsa(q, k, v, gates, SMALL)
    for t in range(0, 40, 3):
        k2, v2 = k.copy(), v.copy()
        k2[:, t + 1 :] += 2.0
        v2[:, t + 1 :] -= 2.0
        assert np.allclose(nsa(q, k2, v2, gates, SMALL)[:, : t + 1], before[:, : t + 1], atol=1e-13)


def test_selecting_every_block_or_a_wide_window_is_full_attention() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v, gates = inputs()
    for branch, z in ((1, Sizes(4, 2, 4, 10, 1)), (2, Sizes(4, 2, 4, 3, 40))):
        gates[:] = 0.0
        gates[branch] = 1.0
        want = torch.nn.functional.scaled_dot_product_attention(
            torch.from_numpy(q),
            torch.from_numpy(k[branch]).expand(3, -1, -1),
            torch.from_numpy(v[branch]).expand(3, -1, -1),
            is_causal=True,
        ).numpy()
        assert np.allclose(nsa(q, k, v, gates, z), want, atol=1e-12)


def test_forced_blocks() -> None:
    z = Sizes(select=4, chosen=4)
    chosen = choose(np.random.default_rng(3).random((40, 10)), z)
    for t in range(40):
        assert chosen[t, 0] and chosen[t, t // 4] and chosen[t, max(t // 4 - 1, 0)]
        assert chosen[t].sum() == min(4, t // 4 + 1)


def test_page_keys_read_by_the_last_query() -> None:
    """Page block-sparse-attention: the paper's setting at 65536 tokens, and its table 4 with s / d
    compressed keys.
    """
    z, n = Sizes(), 65_536
    starts = range(0, n - z.compress + 1, z.stride)
    assert len(starts) == 4095 == (n - 32) // 16 + 1
    assert z.chosen * z.select == 1024
    assert 4095 + 1024 + 512 == 5631
    assert round(n / 5631, 1) == 11.6 == round(n / 5632, 1)
    assert [s // 16 + 1024 + 512 for s in (8192, 16384, 32768, 65536)] == [2048, 2560, 3584, 5632]
    assert len(compress(np.zeros((100, 1)), z, lambda x: x.mean(axis=0))) == 5 == compressed_visible(100, z).shape[1]
