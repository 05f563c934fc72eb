"""Chunks and swapped tokens, and the numbers of docs/reliability/long-text-processing.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.reliability.chunking import chunks, cut_share, summary_calls
from labs.reliability.token_swap import last_kl, random_decoder


@pytest.mark.parametrize(
    ("length", "size", "overlap"), [(1000, 300, 50), (1000, 300, 0), (90, 100, 20), (5000, 97, 33)]
)
def test_chunks_cover_and_keep_short_spans(length: int, size: int, overlap: int) -> None:
    parts = chunks(length, size, overlap)
    assert sorted({t for a, b in parts for t in range(a, b)}) == list(range(length))
    for span in (1, overlap + 1):
        starts = range(max(0, length - span + 1))
        assert all(any(a <= s and s + span <= b for a, b in parts) for s in starts)


def test_cut_share_by_counting() -> None:
    size, overlap, length = 64, 16, 64 + 48 * 20
    parts = chunks(length, size, overlap)
    for span in (10, 17, 18, 30, 60):
        starts = range(size, size + 48 * 10)  # whole periods, away from the ends
        cut = sum(not any(a <= s and s + span <= b for a, b in parts) for s in starts)
        assert cut / len(starts) == pytest.approx(cut_share(span, size, overlap))


def test_page_chunks() -> None:
    """Page: a 200-token passage, chunks of 512, overlaps 0, 64, 128, 199; a text of 100 000 tokens."""
    assert [f"{cut_share(200, 512, v):.0%}" for v in (0, 64, 128, 199)] == ["39%", "30%", "18%", "0%"]
    assert [len(chunks(100_000, 512, v)) for v in (0, 64, 128, 199)] == [196, 224, 261, 319]
    assert summary_calls(100_000, 4000, 500) == [25, 4, 1]
    assert 196 * 512**2 / 100_000**2 < 0.0052  # page: pairs of the attention matrix, half a percent
    assert chunks(1000, 300, 50) == [(0, 300), (250, 550), (500, 800), (750, 1000)]


def median_kl(rope: bool, causal: bool) -> list[float]:
    """Median over 20 inputs of 12 random tokens, tokens 3 and 7 exchanged before each of 6 layers."""
    model = random_decoder(6, 32, 40, 0, rope, causal)
    inputs = [np.random.default_rng(seed).standard_normal((12, 32)) for seed in range(20)]
    return [float(np.median([last_kl(model, x, layer, (3, 7)) for x in inputs])) for layer in range(6)]


def test_page_swap_without_positions() -> None:
    """Page: neither positions nor mask: nobody else notices, whatever the layer."""
    assert max(map(abs, median_kl(False, False))) < 1e-12


def test_page_swap_causal() -> None:
    """Page: causal only: noticed below (5.4e-4), falling with depth, exactly nothing at the top layer."""
    kl = median_kl(False, True)
    assert kl == sorted(kl, reverse=True)
    assert f"{kl[0]:.1e}" == "5.4e-04"
    assert abs(kl[-1]) < 1e-12


def test_page_swap_rope() -> None:
    """Page: with RoPE the top layer notices too, but least (8.1e-4 at the bottom, 2.4e-5 at the top)."""
    kl = median_kl(True, True)
    assert kl == sorted(kl, reverse=True)
    assert f"{kl[0]:.1e} {kl[-1]:.1e}" == "8.1e-04 2.4e-05"


def test_equivariance_of_the_whole_model() -> None:
    model = random_decoder(3, 16, 10, 1, rope=False, causal=False)
    x = np.random.default_rng(2).standard_normal((7, 16))
    order = np.random.default_rng(3).permutation(7)
    np.testing.assert_allclose(model.forward(x[order]), model.forward(x)[order], atol=1e-12)
