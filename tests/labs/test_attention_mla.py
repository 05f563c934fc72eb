"""Multi-head latent attention: absorbed equals expanded, and the numbers of docs/attention/mla.md."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labs.attention.grouped_query import DEEPSEEK_V3, Model, grouped_query_attention
from labs.attention.mla import (
    Array,
    Weights,
    absorbed,
    cache,
    expanded,
    flops,
    make_weights,
    parameters,
    queries,
    rope,
    rotated_bilinear,
)
from labs.attention.multi_head import parameters as mha_parameters

W = make_weights(d=32, d_q=24, d_c=16, h=4, d_h=8, d_r=6)
X: Array = np.random.default_rng(1).standard_normal((11, 32))
CAUSAL = np.tri(11, dtype=bool)


def test_absorbed_equals_expanded() -> None:
    """Page: the two orders of multiplication agree to 1e-10."""
    c, k_r = cache(W, X)
    np.testing.assert_allclose(absorbed(W, X, c, k_r, mask=CAUSAL), expanded(W, X, c, k_r, mask=CAUSAL), atol=1e-10)


def test_decoding_from_the_cache_equals_one_pass() -> None:
    c, k_r = cache(W, X)
    whole = expanded(W, X, c, k_r, mask=CAUSAL)
    for t in range(len(X)):  # one token at a time, reading d_c + d_r numbers per earlier token
        step = absorbed(W, X[t : t + 1], c[: t + 1], k_r[: t + 1], start=t)
        np.testing.assert_allclose(step[0], whole[t], atol=1e-10)


def test_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")

    def turn(a: Array) -> Array:
        """RoPE by complex multiplication, as an independent check of `rope`."""
        z = torch.view_as_complex(torch.from_numpy(np.stack(np.split(a, 2, axis=-1), axis=-1)).contiguous())
        inverse = 1 / 10000 ** (torch.arange(0, a.shape[-1], 2, dtype=torch.float64) / a.shape[-1])
        angle = torch.outer(torch.arange(a.shape[-2], dtype=torch.float64), inverse)
        z = z * torch.polar(torch.ones_like(angle), angle)
        turned: Array = np.concatenate([z.real.numpy(), z.imag.numpy()], axis=-1)
        return turned

    latent_q, latent = X @ W.dq, X @ W.dkv
    key = turn(X @ W.kr)
    q = np.stack([np.concatenate([latent_q @ u, turn(latent_q @ r)], axis=-1) for u, r in zip(W.uq, W.qr, strict=True)])
    k = np.stack([np.concatenate([latent @ u, key], axis=-1) for u in W.uk])
    v = np.stack([latent @ u for u in W.uv])
    heads = torch.nn.functional.scaled_dot_product_attention(  # its default scale is 1/√(d_h + d_r)
        *(torch.from_numpy(a)[None] for a in (q, k, v)), is_causal=True
    )[0].numpy()
    want = heads.swapaxes(0, 1).reshape(11, 32) @ W.o.reshape(32, 32)
    np.testing.assert_allclose(expanded(W, X, *cache(W, X), mask=CAUSAL), want, atol=1e-12)


def test_scale_stays_that_of_the_expanded_form() -> None:
    """Page: dividing by the root of the absorbed width d_c + d_r is another function."""
    c, k_r = cache(W, X)
    q_c, q_r = queries(W, X, 0)
    scores = (q_c @ W.uk.swapaxes(1, 2)) @ c.T + q_r @ k_r.T
    want = np.concatenate([q_c, q_r], axis=-1) @ np.concatenate(
        [c @ W.uk, np.broadcast_to(k_r, (4, *k_r.shape))], axis=-1
    ).swapaxes(1, 2)
    np.testing.assert_allclose(scores, want, atol=1e-10)  # unscaled scores agree: so must the divisor
    assert W.scale == pytest.approx(1 / np.sqrt(8 + 6))
    assert W.scale != pytest.approx(1 / np.sqrt(16 + 6))


def test_rope_on_the_up_projected_key_breaks_absorption() -> None:
    """Page: the same query and latent score differently at every distance; no fixed matrix can do that."""
    rng = np.random.default_rng(2)
    c_q, c = rng.standard_normal(24), rng.standard_normal(16)  # contents of a query and of a cached token
    q, k = c_q @ W.uq[0], c @ W.uk[0]  # (d_h,) each
    distances = np.arange(8)
    scores = []
    for distance in distances:
        t, j = np.array([20]), np.array([20 - distance])
        scores.append(float((rope(q[None], t) @ rope(k[None], j).T).item()))
        assert scores[-1] == pytest.approx(c_q @ rotated_bilinear(W, 0, int(j[0] - t[0])) @ c, abs=1e-10)
    assert np.ptp(scores) > 1  # c_q @ M @ c is one number for any M
    fixed, moved = rotated_bilinear(W, 0, 0), rotated_bilinear(W, 0, -5)
    np.testing.assert_allclose(fixed, W.uq[0] @ W.uk[0].T, atol=1e-12)
    assert np.linalg.norm(moved - fixed) / np.linalg.norm(fixed) > 0.3


def test_keys_of_all_heads_share_one_subspace() -> None:
    """Page: the content keys of all heads together have rank d_c at most (in V3 512 of 16 384)."""
    many = np.random.default_rng(3).standard_normal((100, 32))
    keys = np.concatenate(list(many @ W.dkv @ W.uk), axis=-1)  # (100, h·d_h)
    assert keys.shape[1] == 32
    assert np.linalg.matrix_rank(keys) == 16
    assert DEEPSEEK_V3.n_heads * DEEPSEEK_V3.head_dim == 16_384


def test_every_gqa_is_an_mla_without_rope() -> None:
    """Page: the latent [k; v] of g heads with selecting up-projections gives GQA at the same cache size."""
    rng = np.random.default_rng(4)
    d, h, g, d_h = 16, 4, 2, 4
    x, w_q, w_k, w_v, w_o = (
        rng.standard_normal(s) / 4 for s in [(6, d), (d, h * d_h), (d, g * d_h), (d, g * d_h), (h * d_h, d)]
    )
    pick = np.eye(2 * g * d_h).reshape(2 * g * d_h, 2, g, d_h)  # latent → (K or V, group, d_h)
    group = np.arange(h) // (h // g)
    w = Weights(
        dq=np.eye(d),
        uq=w_q.reshape(d, h, d_h).swapaxes(0, 1),
        qr=np.zeros((h, d, 0)),
        dkv=np.concatenate([w_k, w_v], axis=1),
        uk=pick[:, 0].swapaxes(0, 1)[group],
        uv=pick[:, 1].swapaxes(0, 1)[group],
        kr=np.zeros((d, 0)),
        o=w_o.reshape(h, d_h, d),
    )
    c, k_r = cache(w, x)
    assert c.shape[1] + k_r.shape[1] == 2 * g * d_h  # nothing more is cached
    want = grouped_query_attention(x, w_q, w_k, w_v, w_o, h, g)
    np.testing.assert_allclose(absorbed(w, x, c, k_r), want, atol=1e-10)


def test_cache_of_deepseek_v3() -> None:
    """Page: elements per token and layer, and a context of 128K tokens."""
    v3, mha = DEEPSEEK_V3, replace(DEEPSEEK_V3, latent=0)
    assert (v3.elements(), mha.elements()) == (576, 32_768)
    assert round(mha.elements() / v3.elements(), 1) == 56.9
    assert v3.elements() / replace(mha, n_kv=1).elements() == 2.25  # "GQA with 2.25 groups"
    assert round(v3.cache_bytes(131_072) / 2**30, 1) == 8.6
    assert round(mha.cache_bytes(131_072) / 2**30) == 488
    w = make_weights(d=8, d_q=6, d_c=512, h=128, d_h=128, d_r=64)  # expanded: K and V of every head
    expanded_elements = w.uk.shape[0] * (w.uk.shape[2] + w.kr.shape[1] + w.uv.shape[2])
    assert expanded_elements == 40_960
    assert round(expanded_elements / v3.elements()) == 71


def test_reduction_of_93_percent_includes_quantization() -> None:
    """Page: DeepSeek-V2 (60 layers, 6 bits) against DeepSeek 67B (95 layers, 8 KV heads of 128, 16 bits)."""
    v2 = replace(DEEPSEEK_V3, layers=60).cache_bytes(bytes_each=1)  # elements of all layers
    dense = Model("DeepSeek 67B", layers=95, n_heads=64, n_kv=8, head_dim=128).cache_bytes(bytes_each=1)
    assert (v2, dense) == (34_560, 194_560)
    assert round(100 * (1 - v2 / dense), 1) == 82.2
    assert round(100 * (1 - v2 * 6 / (dense * 16)), 1) == 93.3


def test_costs_of_the_two_forms() -> None:
    """Page: table of FLOPs per layer of DeepSeek-V3, m = 4096."""
    v3 = {"h": 128, "d_h": 128, "d_c": 512, "d_r": 64}
    decode = flops(1, 4096, **v3, absorb=False), flops(1, 4096, **v3, absorb=True)
    assert (round(decode[0] / 1e9, 1), round(decode[1] / 1e9, 2), round(decode[0] / decode[1])) == (
        137.8,
        1.17,
        117,
    )
    prefill = flops(4096, 4096, **v3, absorb=False), flops(4096, 4096, **v3, absorb=True)
    assert (round(prefill[0] / 1e12, 2), round(prefill[1] / 1e12, 2)) == (1.51, 4.81)
    assert round(prefill[1] / prefill[0], 1) == 3.2
    pair = [(flops(1, 2, **v3, absorb=a) - flops(1, 1, **v3, absorb=a)) // 128 for a in (True, False)]
    assert pair[0] == 2176  # FLOPs of one head for one more cached token
    up = 2 * 2 * 128 * 512 * 128  # expanding that token, for all heads
    assert (pair[1] - up // 128, up) == (640, 33_554_432)
    assert pair[0] / 640 == 3.4
    assert round(128 * pair[0] / DEEPSEEK_V3.elements() / 2) == 242  # FLOPs per byte of cache in BF16


def test_merging_the_matrices_would_cost_weights() -> None:
    """Page: sizes of W^UQ·W^UK and W^UV·W^O merged and apart, in millions, and of the layer against MHA."""
    small = make_weights(d=32, d_q=24, d_c=16, h=4, d_h=8, d_r=6)
    sizes = [getattr(small, name).size for name in ("dq", "uq", "qr", "dkv", "uk", "uv", "kr", "o")]
    assert sum(sizes) == parameters(32, 24, 16, 4, 8, 6)["layer"]
    v3 = {name: round(count / 1e6, 1) for name, count in parameters(7168, 1536, 512, 128, 128, 64).items()}
    assert (v3["UQ, UK apart"], v3["UQ·UK merged"]) == (33.6, 100.7)
    assert (v3["UV, O apart"], v3["UV·O merged"]) == (125.8, 469.8)
    assert (v3["layer"], round(mha_parameters(7168, 128, 128) / 1e6, 1)) == (187.1, 469.8)
