"""A ring buffer decodes exactly what a window mask computes."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.sparse_masks import reachable, sliding_window
from labs.attention.window_cache import cached_tokens, decode_with_ring, reach


def test_ring_equals_windowed_torch_attention() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, 23, 8))
    v = rng.standard_normal((23, 5))
    for w in (1, 4, 7, 30):
        mask = torch.from_numpy(sliding_window(23, w))
        want = torch.nn.functional.scaled_dot_product_attention(
            torch.from_numpy(q)[None], torch.from_numpy(k)[None], torch.from_numpy(v)[None], attn_mask=mask
        )[0].numpy()
        assert np.allclose(decode_with_ring(q, k, v, w), want, atol=1e-12)


def test_reach_of_mixed_windows_is_that_of_the_masks() -> None:
    windows = [2, 3, 5]
    got = reachable([sliding_window(30, w) for w in windows])
    assert (got == sliding_window(30, reach(windows))).all()


def test_page_numbers() -> None:
    """Page sparse-attention: the ring at 32K; page long-context: Qwen-style short-low, long-high windows."""
    assert 32_768 // cached_tokens([4096], 32_768) == 8
    short_low = [1024] * 16 + [4096] * 16
    assert cached_tokens(short_low, 32_768) == 81_920
    assert cached_tokens([32_768] * 32, 32_768) == 1_048_576
    assert round(1_048_576 / 81_920, 1) == 12.8
    assert reach(short_low) == 81_889 == reach(short_low[::-1])
