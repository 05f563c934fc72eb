"""Serving memory, arithmetic intensity and pruning, and the numbers of docs/numerics/inference-memory.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.grouped_query import LLAMA2_7B
from labs.foundations.decoder_flops import A100_BANDWIDTH, A100_PEAK
from labs.numerics.inference_memory import (
    attainable,
    decode_time,
    elementwise_intensity,
    matmul_intensity,
    serving_bytes,
    weight_bytes,
)
from labs.numerics.pruning import (
    Mask,
    keep_layer,
    keep_n_of_m,
    keep_rows,
    magnitude,
    outlier_layer,
    output_error,
    stored_fraction,
    wanda,
)

LLAMA = 6_738_415_616


def test_weight_bytes() -> None:
    """Page: the table of formats, 1B in FP32, and the sizes of 7B, 13B, 65B."""
    assert [round(weight_bytes(LLAMA, b) / 1e9, 2) for b in (32, 16, 8, 4)] == [26.95, 13.48, 6.74, 3.37]
    assert round(weight_bytes(LLAMA, 4, group=128) / 1e9, 2) == 3.47
    assert weight_bytes(1, 4, group=128) * 8 == 4.125
    assert weight_bytes(1e9, 32) == 4e9
    assert round(weight_bytes(1e9, 32) / 1024**3, 3) == 3.725
    assert [weight_bytes(n, 16) / 1e9 for n in (7e9, 13e9, 65e9)] == [14, 26, 130]


def test_cache_beside_the_weights() -> None:
    """Page: 16 sequences of 4096 tokens."""
    assert round(LLAMA2_7B.cache_bytes(4096, 16) / 1e9, 1) == 34.4
    assert round(serving_bytes(LLAMA, 16, LLAMA2_7B, 4096, 16) / 1e9, 1) == 47.8
    four = weight_bytes(LLAMA, 4, group=128) + LLAMA2_7B.cache_bytes(4096, 16)
    assert round(four / 1e9, 1) == 37.8
    assert LLAMA2_7B.cache_bytes() == 524_288
    assert LLAMA // 2**18 == 25_705  # tokens whose cache is as large as the 16-bit weights: 2N / 2^19


def test_intensity() -> None:
    """Page: the ridge of the A100, and 4096×4096 weights times b tokens."""
    assert round(A100_PEAK / A100_BANDWIDTH) == 201
    assert [round(matmul_intensity(b, 4096, 4096), 1) for b in (1, 16, 256, 4096)] == [1.0, 15.9, 227.6, 1365.3]
    ridge = A100_PEAK / A100_BANDWIDTH
    assert matmul_intensity(222, 4096, 4096) < ridge < matmul_intensity(223, 4096, 4096)
    assert elementwise_intensity(1, 1, 1) == 0.25
    assert round(elementwise_intensity(1, 2, 1), 2) == 0.17
    assert attainable(0.25) / A100_PEAK < 0.0013
    assert attainable(1) == A100_BANDWIDTH
    assert attainable(1e4) == A100_PEAK


def test_intensity_counts_each_element_once() -> None:
    """Against a loop over the product."""
    m, k, n, flops = 3, 4, 5, 0
    for _ in np.ndindex(m, n, k):
        flops += 2
    assert matmul_intensity(m, k, n, 2) == flops / (2 * (np.ones((m, k)).size + np.ones((k, n)).size + m * n))


def test_decode_time() -> None:
    """Page: lower bounds of a step on the A100."""
    assert round(decode_time(LLAMA, 16, 1) * 1e3, 1) == 8.7
    assert round(1 / decode_time(LLAMA, 16, 1)) == 115
    assert decode_time(LLAMA, 16, 128) == decode_time(LLAMA, 16, 1) < decode_time(LLAMA, 16, 256)
    assert round(weight_bytes(LLAMA, 4, 128) / A100_BANDWIDTH * 1e3, 1) == 2.2
    cache = LLAMA2_7B.cache_bytes(4096, 8)
    assert round(cache / 1e9, 1) == 17.2
    assert round(decode_time(LLAMA, 16, 8, cache) * 1e3, 1) == 19.7
    assert decode_time(LLAMA, 16, 200) == decode_time(LLAMA, 16, 1) < decode_time(LLAMA, 16, 202)


def test_magnitude_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    from torch.nn.utils import prune

    w = np.random.default_rng(1).standard_normal((12, 20))
    layer = torch.nn.Linear(20, 12, bias=False, dtype=torch.float64)
    layer.weight.data = torch.from_numpy(w)
    prune.l1_unstructured(layer, "weight", amount=0.3)  # type: ignore[no-untyped-call]
    np.testing.assert_array_equal(keep_layer(magnitude(w), 0.3), layer.weight_mask.numpy().astype(bool))


def test_patterns_by_loops() -> None:
    rng = np.random.default_rng(2)
    w, x = rng.standard_normal((6, 8)), rng.standard_normal((10, 8))
    score = wanda(w, x)
    for i, j in np.ndindex(6, 8):
        assert score[i, j] == pytest.approx(abs(w[i, j]) * sum(v**2 for v in x[:, j]) ** 0.5)
    rows, two_four = keep_rows(score, 0.5), keep_n_of_m(score)
    for i in range(6):
        assert set(np.flatnonzero(rows[i])) == set(sorted(range(8), key=lambda j: score[i, j])[4:])
        for start in (0, 4):
            best = sorted(range(start, start + 4), key=lambda j: score[i, j])[2:]
            assert set(np.flatnonzero(two_four[i, start : start + 4]) + start) == set(best)


def test_output_errors() -> None:
    """Page: half of the weights of a layer with four outlier features gone, then without outliers."""
    w, x = outlier_layer()

    def error(keep: Mask) -> float:
        return round(output_error(w, keep, x), 2)

    assert error(keep_layer(magnitude(w), 0.5)) == 0.28
    assert error(keep_rows(wanda(w, x), 0.5)) == 0.06
    assert error(keep_n_of_m(wanda(w, x))) == 0.36
    plain = np.random.default_rng(0).standard_normal((256, 64))
    assert round(output_error(w, keep_layer(magnitude(w), 0.5), plain), 2) == 0.27
    assert round(output_error(w, keep_rows(wanda(w, plain), 0.5), plain), 2) == 0.28


def test_stored_size() -> None:
    """Page: half the weights with a 16-bit index each save nothing; 2:4 with two bits each is 56 %."""
    assert stored_fraction(0.5, index_bits=16) == 1.0
    assert stored_fraction(0.5, index_bits=2) == 0.5625


def test_thirteen_billion_on_a_small_card() -> None:
    """Page, question: 40 layers of width 5120."""
    per_token = 2 * 40 * 5120 * 2
    assert round(per_token / 1e6, 1) == 0.8
    assert round(per_token * 4096 / 1e9, 1) == 3.4
    assert round(weight_bytes(13e9, 4, group=128) / 1e9, 1) == 6.7
    assert 0.5 + 1 / 16 == 0.5625  # half the values and a bitmap of one bit for each 16-bit place
