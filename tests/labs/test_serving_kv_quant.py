"""KV-cache quantisation against PyTorch; numbers of kv-cache-quantization.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.serving.kv_quant import (
    KiviCache,
    attention_error,
    by_channel,
    by_token,
    cache_bytes,
    made_up_cache,
    quantise,
)

GIB = 2**30


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_quantise_against_torch(bits: int, axis: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = torch.from_numpy(np.random.default_rng(bits).standard_normal((24, 16)))
    low, high = x.amin(axis, keepdim=True), x.amax(axis, keepdim=True)
    step = (high - low) / (2**bits - 1)
    want = low + torch.round((x - low) / step) * step
    np.testing.assert_allclose(quantise(x.numpy(), bits, axis), want.numpy(), atol=1e-12)


def test_keys_by_channel_or_by_token() -> None:
    """Page: relative error of the attention output, keys quantised alone in groups of 32."""
    q, k, v = made_up_cache()
    for bits, rows in ((4, (0.266, 0.077)), (2, (2.527, 0.410))):
        got = tuple(round(attention_error(q, k, v, f(k, bits, 32), v), 3) for f in (by_token, by_channel))
        assert got == rows


def test_values_by_token_keep_errors_at_home() -> None:
    """Page: a loud value that no query attends to spoils its whole group per channel, and nothing per token."""
    q, k, v = made_up_cache()
    loud = np.arange(len(v)) % 32 == 0
    weights = softmax(np.where(loud, -np.inf, 3 * (q @ k.T) / np.sqrt(k.shape[1])))  # (64, s)
    big = np.where(loud[:, None], 10 * v, v)

    def error(values: np.ndarray, quantised: np.ndarray) -> float:
        return round(float(np.linalg.norm(weights @ (quantised - values)) / np.linalg.norm(weights @ values)), 3)

    plain = (error(v, by_token(v, 4, 32)), error(v, by_channel(v, 4, 32)))
    made = (error(big, by_token(big, 4, 32)), error(big, by_channel(big, 4, 32)))
    assert plain == (0.078, 0.082)
    assert made == (0.078, 0.231)


def test_streaming_equals_quantising_whole_groups() -> None:
    """Page: full groups as if quantised at once, the newest tokens untouched."""
    k = np.random.default_rng(4).standard_normal((70, 8))
    cache = KiviCache(8, bits=2, residual=16)
    for n in range(1, 71):
        cache.append(k[n - 1])
        full = n // 16 * 16
        want = np.vstack([by_channel(k[:full], 2, 16), k[full:n]]) if full else k[:n]
        np.testing.assert_array_equal(cache.keys(), want)


def test_bytes() -> None:
    """Page: the table of sizes, and the overhead of steps and minima."""
    settings = [(16.0, 0, 0), (8.0, 0, 0), (4.0, 32, 0), (2.0, 32, 128)]
    small = [cache_bytes(32, 32, 128, 4096, *s) / GIB for s in settings]
    large = [cache_bytes(80, 8, 128, 32_768, *s) / GIB for s in settings]
    assert small == [2.0, 1.0, 0.625, pytest.approx(0.42578125)]
    np.testing.assert_allclose(large, [10, 5, 3.125, 1.907], atol=5e-4)
    assert [2 + 32 / g for g in (32, 128)] == [3, 2.25]
