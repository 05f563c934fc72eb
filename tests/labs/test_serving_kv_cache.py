"""Cached decoding equals the full pass, in any chunks; numbers of docs/serving/kv-cache.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import yaml

from labs.attention.grouped_query import LLAMA2_7B, LLAMA3_8B
from labs.foundations.decoder_params import LLAMA3_8B as LLAMA3_8B_SHAPE
from labs.models.layer_cache import MODELS, grouped, latent, numbers
from labs.serving.kv_cache import in_chunks, make_layers, token_passes
from labs.serving.roofline import cache_per_token, work

HEADS, N_KV, D, N = 4, 2, 32, 13
Array = npt.NDArray[np.float64]
DATA = Path(__file__).resolve().parents[2] / "docs" / "data" / "models.yaml"


@pytest.fixture
def setting() -> tuple[Array, list[dict[str, Array]]]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((N, D)), make_layers(rng, 3, D, HEADS, N_KV)


def torch_full(x: Array, layers: list[dict[str, Array]]) -> Array:
    """The same decoder in PyTorch, all tokens in one causal pass, RoPE by complex numbers."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    t, half = torch.from_numpy(x), D // HEADS // 2
    angle = torch.arange(N, dtype=torch.float64)[:, None] * 10_000.0 ** (
        -torch.arange(half, dtype=torch.float64) / half
    )
    turn = torch.polar(torch.ones_like(angle), angle)  # (n, d_h/2)

    def rope(z: Any) -> Any:
        pair = torch.complex(z[..., :half].contiguous(), z[..., half:].contiguous()) * turn
        return torch.cat([pair.real, pair.imag], -1)

    for w in layers:
        m = {name: torch.from_numpy(a) for name, a in w.items()}
        q, k, v = (
            (t @ m[name]).reshape(N, heads, -1).transpose(0, 1)
            for name, heads in (("q", HEADS), ("k", N_KV), ("v", N_KV))
        )
        out = torch.nn.functional.scaled_dot_product_attention(
            rope(q)[None], rope(k)[None], v[None], is_causal=True, enable_gqa=True
        )[0]
        t = t + out.transpose(0, 1).reshape(N, D) @ m["o"]
        t = t + torch.relu(t @ m["up"]) @ m["down"]
    full: Array = t.numpy()
    return full


@pytest.mark.parametrize("sizes", [[13], [1] * 13, [6] + [1] * 7, [5, 5, 3]])
def test_any_chunks_equal_one_full_pass_of_torch(
    setting: tuple[Array, list[dict[str, Array]]], sizes: list[int]
) -> None:
    x, layers = setting
    got, caches = in_chunks(x, layers, HEADS, N_KV, sizes)
    want = torch_full(x, layers)
    assert np.abs(got - want).max() < 1e-10 * np.abs(want).max()
    assert [c.k.shape for c in caches] == [(N_KV, N, D // HEADS)] * 3


def test_bidirectional_models_cannot_cache_beyond_the_first_layer(
    setting: tuple[Array, list[dict[str, Array]]],
) -> None:
    x, layers = setting
    full, whole = in_chunks(x, layers, HEADS, N_KV, [N], causal=False)
    stepwise, kept = in_chunks(x, layers, HEADS, N_KV, [1] * N, causal=False)
    assert np.allclose(whole[0].k, kept[0].k, atol=1e-12)  # inputs do not change, so layer 1 is right
    assert np.abs(whole[1].k - kept[1].k).max() > 0.1
    assert np.abs(full - stepwise)[0].max() > 0.1


def test_the_same_words_after_another_prefix_have_other_values(setting: tuple[Array, list[dict[str, Array]]]) -> None:
    """Page paged-attention: only prefixes can be shared."""
    x, layers = setting
    other = np.concatenate([x[:4][::-1], x[4:]])  # tokens 4… are the same, the four before them are not
    _, mine = in_chunks(x, layers, HEADS, N_KV, [N])
    _, theirs = in_chunks(other, layers, HEADS, N_KV, [N])
    assert np.allclose(mine[0].v[:, 4:], theirs[0].v[:, 4:], atol=1e-12)
    assert all(np.abs(mine[i].v[:, 4:] - theirs[i].v[:, 4:]).max() > 0.1 for i in (1, 2))
    changed_tail = np.concatenate([x[:9], x[9:][::-1]])
    _, shared = in_chunks(changed_tail, layers, HEADS, N_KV, [N])
    assert all(np.allclose(a.v[:, :9], b.v[:, :9], atol=1e-12) for a, b in zip(mine, shared, strict=True))


def test_token_passes_one_by_one() -> None:
    assert token_passes(1000, 1000) == (1_499_500, 1999)
    done = [3]  # tokens in the model's input at each step, without a cache
    while len(done) < 5:
        done.append(done[-1] + 1)
    assert token_passes(3, 5) == (sum(done), 3 + 4)


@pytest.mark.parametrize(
    ("record", "lab"),
    [
        ("qwen2.5-72b", MODELS["Qwen2.5-72B"]),
        ("qwen3-32b", MODELS["Qwen3-32B"]),
        ("deepseek-v3", MODELS["DeepSeek-V3"]),
        ("llama-3.1-405b", [grouped(8, 128)] * 126),
        ("qwen3-next-80b-a3b", MODELS["Qwen3-Next-80B-A3B"]),
    ],
)
def test_the_table_is_that_of_the_published_configurations(record: str, lab: list[Any]) -> None:
    models = {m["id"]: m for m in yaml.safe_load(DATA.read_text("utf-8"))}
    m = models[record]
    if "mla" in m:
        layer = latent(m["mla"]["kv_rank"], m["mla"]["rope"])
    else:
        layer = grouped(m.get("kv_heads", m["heads"]), m.get("head_dim", m["hidden"] // m["heads"]))
    growing = m["layers"] // m["linear"]["full_every"] if "linear" in m else m["layers"]
    assert numbers(lab, 1) - numbers(lab, 0) == growing * layer.per_token


def test_numbers_of_the_page() -> None:
    kib, gib = 2**10, 2**30
    table = {
        "Qwen-72B": (2560, 20, 320),
        "Qwen2.5-72B": (320, 2.5, 40),
        "Qwen3-32B": (256, 2, 32),
        "DeepSeek-V3": (68.625, 0.54, 8.58),
        "Qwen3-Next-80B-A3B": (24, 0.22, 3.04),
    }
    for name, (each, at_8k, at_128k) in table.items():
        layers = MODELS[name]
        assert 2 * (numbers(layers, 1) - numbers(layers, 0)) / kib == each
        assert round(2 * numbers(layers, 8192) / gib, 2) == at_8k
        assert round(2 * numbers(layers, 131_072) / gib, 2) == at_128k
    assert (LLAMA2_7B.cache_bytes() / kib, LLAMA2_7B.cache_bytes(4096) / gib) == (512, 2)
    assert [LLAMA3_8B.cache_bytes(s) / gib for s in (1, 8192, 131_072)] == [128 / 2**20, 1, 16]
    assert 2 * numbers([grouped(8, 128)] * 126, 1) / kib == 504
    assert 2 * numbers([grouped(8, 128)] * 126, 131_072) / gib == 63
    assert round(2 * numbers([grouped(8, 128)] * 126, 8192) / gib, 2) == 3.94
    assert round(2 * numbers(MODELS["Qwen3-Next-80B-A3B"], 0) / 2**20, 1) == 37.7
    assert round(1_499_500 / 1999) == 750
    assert round(1e3 * 40 * gib / 16e12, 1) == 2.7  # eight A100 80 GB, about 2 TB/s each
    assert round(1e3 * 145e9 / 16e12) == 9
    w = work(LLAMA3_8B_SHAPE, [(1, 0)])
    assert round(w.weights / cache_per_token(LLAMA3_8B_SHAPE), -3) == 115_000
    assert LLAMA3_8B.cache_bytes(4096) / 2**20 == 512  # Mistral 7B has the same cache shape, window 4096
    assert 4 * 32 * 4096 * 4096 / gib == 2  # 4·l·h·s with h the hidden size
    assert 6 * 4096 == 24_576
