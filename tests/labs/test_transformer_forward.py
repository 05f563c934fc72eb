"""The forward passes against PyTorch's layers, and what docs/transformer/transformer-forward.md says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labs.transformer.embeddings import (
    as_one_linear_layer,
    bert_input,
    concat_then_linear,
    embedding_table,
    rms,
    sinusoid,
    untied_share,
)
from labs.transformer.forward import (
    Array,
    Ids,
    Weights,
    decoder_layer,
    decoder_only,
    embed,
    encoder_decoder,
    encoder_layer,
    multi_head,
)
from labs.transformer.incremental import Cache, step
from labs.transformer.weights import layer_weights, norm_weights

B, S, T, D, H, FF, V = 2, 7, 5, 16, 4, 64, 50


def load_attention(theirs: Any, ours: Weights) -> None:
    """Copy W^Q, W^K, W^V, W^O into a torch MultiheadAttention."""
    import torch

    theirs.in_proj_weight.copy_(torch.from_numpy(np.vstack([ours[f"w_{n}"].T for n in "qkv"])))
    theirs.in_proj_bias.copy_(torch.from_numpy(np.concatenate([ours[f"b_{n}"] for n in "qkv"])))
    theirs.out_proj.weight.copy_(torch.from_numpy(ours["w_o"].T))
    theirs.out_proj.bias.copy_(torch.from_numpy(ours["b_o"]))


def load_rest(theirs: Any, ours: dict[str, Weights], norms: int) -> None:
    """Copy the FFN and the norms into a torch layer."""
    import torch

    for name, part in (("1", theirs.linear1), ("2", theirs.linear2)):
        part.weight.copy_(torch.from_numpy(ours["ffn"][f"w_{name}"].T))
        part.bias.copy_(torch.from_numpy(ours["ffn"][f"b_{name}"]))
    for i in range(1, norms + 1):
        part = getattr(theirs, f"norm{i}")
        part.weight.copy_(torch.from_numpy(ours[f"norm_{i}"]["gamma"]))
        part.bias.copy_(torch.from_numpy(ours[f"norm_{i}"]["beta"]))


@pytest.mark.parametrize("pre", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_encoder_layer_equals_torch(pre: bool, causal: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w, x = layer_weights(rng, D, FF), rng.standard_normal((B, T, D))
    theirs = torch.nn.TransformerEncoderLayer(
        D, H, FF, dropout=0.0, batch_first=True, norm_first=pre, dtype=torch.float64
    )
    hidden = ~torch.ones(T, T, dtype=torch.bool).tril() if causal else None
    with torch.no_grad():
        load_attention(theirs.self_attn, w["self"])
        load_rest(theirs, w, 2)
        want = theirs(torch.from_numpy(x), src_mask=hidden).numpy()
    mask = np.tri(T, dtype=bool) if causal else None
    np.testing.assert_allclose(encoder_layer(x, w, H, mask, pre), want, atol=1e-12)


def test_decoder_layer_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w = layer_weights(rng, D, FF, cross=True)
    x, memory = rng.standard_normal((B, T, D)), rng.standard_normal((B, S, D))
    theirs = torch.nn.TransformerDecoderLayer(D, H, FF, dropout=0.0, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        load_attention(theirs.self_attn, w["self"])
        load_attention(theirs.multihead_attn, w["cross"])
        load_rest(theirs, w, 3)
        hidden = ~torch.ones(T, T, dtype=torch.bool).tril()
        want = theirs(torch.from_numpy(x), torch.from_numpy(memory), tgt_mask=hidden).numpy()
    np.testing.assert_allclose(decoder_layer(x, memory, w, H), want, atol=1e-12)


def small_decoder() -> tuple[Ids, Array, Array, list[dict[str, Weights]], Weights]:
    """Ids (B, T), table, positions, two layers and the final norm."""
    rng = np.random.default_rng(1)
    ids = rng.integers(0, V, (B, T))
    table, positions = rng.standard_normal((V, D)) / 4, rng.standard_normal((20, D))
    return ids, table, positions, [layer_weights(rng, D, FF) for _ in range(2)], norm_weights(rng, D)


def test_length_of_the_output_is_the_target_s() -> None:
    """Page: 「编解码结构的输出长度由目标决定」."""
    rng = np.random.default_rng(0)
    source, target = rng.integers(0, V, (B, S)), rng.integers(0, V, (B, T))
    table, positions = rng.standard_normal((V, D)) / 4, sinusoid(20, D)
    encoder = [layer_weights(rng, D, FF) for _ in range(2)]
    decoder = [layer_weights(rng, D, FF, cross=True) for _ in range(2)]
    assert encoder_decoder(source, target, table, positions, encoder, decoder, H).shape == (B, T, V)
    assert embed(source, table, positions).shape == (B, S, D)
    ids, table, positions, layers, final = small_decoder()
    assert decoder_only(ids, table, positions, layers, final, H).shape == (B, T, V)


def test_first_positions_do_not_see_later_tokens() -> None:
    ids, table, positions, layers, final = small_decoder()
    changed = ids.copy()
    changed[:, 3] = (changed[:, 3] + 1) % V
    before, after = (decoder_only(i, table, positions, layers, final, H) for i in (ids, changed))
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert np.abs(before[:, 3:] - after[:, 3:]).min() > 1e-6


def test_one_pass_equals_step_by_step() -> None:
    """docs/transformer/why-decoder-only.md, 「并行性」: the same logits to 1e-12."""
    ids, table, positions, layers, final = small_decoder()
    at_once = decoder_only(ids, table, positions, layers, final, H)
    caches = [Cache(D) for _ in layers]
    for t in range(T):
        one = step(int(ids[0, t]), table, positions, layers, final, H, caches)
        np.testing.assert_allclose(one, at_once[0, t], atol=1e-12)
    assert caches[0].k.shape == (T, D)


def test_encoder_is_blind_to_order_without_positions() -> None:
    """Page: 「不加位置时，编码器对打乱顺序是等变的」."""
    rng = np.random.default_rng(2)
    w, x, order = layer_weights(rng, D, FF), rng.standard_normal((1, T, D)), np.array([3, 0, 4, 1, 2])
    np.testing.assert_allclose(encoder_layer(x[:, order], w, H), encoder_layer(x, w, H)[:, order], atol=1e-12)


def test_shapes_in_the_table() -> None:
    """Page: B = 2, T = 1024 in a model with d = 4096, h = 32: elements of the scores and of the logits."""
    b, t, d, h, v = 2, 1024, 4096, 32, 32_000
    assert d // h == 128
    assert b * t * d == 8_388_608
    assert b * h * t * t == 67_108_864
    assert b * t * v == 65_536_000
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((B, T, D)), layer_weights(rng, D, FF)
    assert multi_head(x, rng.standard_normal((B, S, D)), w["self"], H, None).shape == (B, T, D)


def test_scale_of_embedding_and_position() -> None:
    """Page, 「乘 √d」: RMS of the two initialisations, V = 32000, d = 512; sinusoids have RMS 0.707."""
    rng = np.random.default_rng(0)
    assert rms(sinusoid(512, 512)) == pytest.approx(0.7071, abs=1e-4)
    normal, glorot = (embedding_table(rng, 32_000, 512, init) for init in ("normal", "xavier"))
    assert round(rms(normal), 3) == 0.044
    assert round(rms(normal) * 512**0.5, 2) == 1.00
    assert round(rms(glorot), 4) == 0.0078
    assert round(rms(glorot) * 512**0.5, 2) == 0.18


def test_tied_and_untied_share() -> None:
    """Page, 「解绑」: GPT-2 small, Qwen3-0.6B (tied), LLaMA-2-7B (untied)."""
    gpt2 = 12 * (12 * 768**2 + 13 * 768) + 1024 * 768 + 2 * 768
    assert gpt2 + 50_257 * 768 == 124_439_808
    assert 50_257 * 768 == 38_597_376
    assert round(untied_share(50_257, 768, gpt2, tied=True), 3) == 0.310
    qwen = 28 * (2 * 1024 * 2048 + 2 * 1024 * 1024 + 3 * 1024 * 3072 + 2 * 1024 + 2 * 128) + 1024
    assert qwen + 151_936 * 1024 == 596_049_920
    assert 151_936 * 1024 == 155_582_464
    assert round(untied_share(151_936, 1024, qwen, tied=True), 3) == 0.261
    assert round(untied_share(151_936, 1024, qwen, tied=False), 3) == 0.414
    llama = 32 * (4 * 4096**2 + 3 * 4096 * 11_008 + 2 * 4096) + 4096
    assert llama + 2 * 32_000 * 4096 == 6_738_415_616
    assert round(untied_share(32_000, 4096, llama, tied=False), 3) == 0.039


def test_sum_of_three_tables_is_one_linear_layer() -> None:
    """docs/transformer/encoder-block.md: one-hot vectors side by side, and the concatenation of looked-up vectors."""
    rng = np.random.default_rng(0)
    tables = (rng.standard_normal((V, D)), rng.standard_normal((2, D)), rng.standard_normal((512, D)))
    token, segment = rng.integers(0, V, T), np.array([0, 0, 0, 1, 1])
    want = bert_input(token, segment, tables)
    np.testing.assert_allclose(as_one_linear_layer(token, segment, tables), want, atol=1e-12)
    parts = [tables[0][token], tables[1][segment], tables[2][:T]]
    np.testing.assert_allclose(concat_then_linear(parts, [np.eye(D)] * 3), want, atol=1e-12)
    mixers = [rng.standard_normal((D, D)) for _ in range(3)]
    assert np.abs(concat_then_linear(parts, mixers) - want).max() > 1


def test_sinusoid_formula() -> None:
    for position, i in [(0, 0), (3, 1), (10, 7)]:
        angle = position / 10_000 ** (2 * i / D)
        np.testing.assert_allclose(sinusoid(20, D)[position, 2 * i : 2 * i + 2], [np.sin(angle), np.cos(angle)])
