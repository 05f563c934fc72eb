"""Prefixes and soft prompts against PyTorch, and what docs/finetuning/soft-prompt-tuning-family.md says of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.attention.scaled_dot_product import attention
from labs.finetuning.prefix import (
    Layer,
    as_correction,
    gate,
    prefixes_of,
    prompt_tuning,
    run,
    with_prefix,
)

Array = npt.NDArray[np.float64]


def case(n: int = 5, length: int = 3, d: int = 4) -> tuple[Array, Array, Array, Array, Array]:
    """Random q, k, v (n, d) and a prefix (length, d)."""
    rng = np.random.default_rng(0)
    q, k, v, p_k, p_v = (rng.standard_normal((s, d)) for s in (n, n, n, length, length))
    return q, k, v, p_k, p_v


def network(depth: int = 3, d: int = 4) -> tuple[list[Layer], Array, Array, Array]:
    """Random layers, a prompt (2, d) and two texts (5, d)."""
    rng = np.random.default_rng(1)
    layers = [Layer(*(rng.standard_normal((4, d, d)) / 2)) for _ in range(depth)]
    prompt, text, other = (rng.standard_normal((s, d)) for s in (2, 5, 5))
    return layers, prompt, text, other


def test_prefix_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v, p_k, p_v = case()
    keys, values = torch.from_numpy(np.r_[p_k, k]), torch.from_numpy(np.r_[p_v, v])
    mask = torch.ones(5, 8, dtype=torch.bool).tril(3)
    want = torch.nn.functional.scaled_dot_product_attention(torch.from_numpy(q), keys, values, attn_mask=mask)
    np.testing.assert_allclose(with_prefix(q, k, v, p_k, p_v), want.numpy(), atol=1e-12)


def test_prefix_is_a_gated_correction() -> None:
    """Page: (1 − λ)·Attn(text) + λ·Attn(prefix)."""
    q, k, v, p_k, p_v = case()
    got = as_correction(q, k, v, p_k, p_v)
    np.testing.assert_allclose(got, with_prefix(q, k, v, p_k, p_v, causal=False), atol=1e-12)
    assert np.all((gate(q, k, p_k) > 0) & (gate(q, k, p_k) < 1))


def test_prefix_leaves_the_ratios_among_the_text() -> None:
    """Page: whatever the prefix, one layer's weights on the text keep their ratios."""
    q, k, _, p_k, _ = case()
    eye = np.eye(8)
    weights = with_prefix(q, k, eye[3:], p_k, eye[:3], causal=False)  # values that read the weights out
    plain = attention(q, k, np.eye(5))
    text = weights[:, 3:]
    np.testing.assert_allclose(text / text.sum(1, keepdims=True), plain, atol=1e-12)


def test_first_layer_prompt_is_a_prefix() -> None:
    """Page: in the first layer a prompt is the prefix (P·W_K, P·W_V), causal or not."""
    layers, prompt, text, _ = network(1)
    w = layers[0]
    for causal in (True, False):
        got = run(text, layers, causal, [(prompt @ w.w_k, prompt @ w.w_v)])
        np.testing.assert_allclose(got, prompt_tuning(prompt, text, layers, causal), atol=1e-12)


def test_deeper_layers() -> None:
    """Page: causal, one fixed prefix reproduces a prompt for every text; bidirectional, for one text only."""
    layers, prompt, text, other = network()
    for causal in (True, False):
        prefixes = prefixes_of(prompt, text, layers, causal)
        got = run(text, layers, causal, prefixes)
        np.testing.assert_allclose(got, prompt_tuning(prompt, text, layers, causal), atol=1e-12)
        miss = np.abs(run(other, layers, causal, prefixes) - prompt_tuning(prompt, other, layers, causal)).max()
        assert miss < 1e-12 if causal else miss > 1e-2


def test_prefix_is_freer_than_a_prompt() -> None:
    """Page: a prompt fixes every layer's keys and values, k·d numbers for 2·L·k·d."""
    layers, prompt, text, _ = network()
    prefixes = prefixes_of(prompt, text, layers, True)
    assert sum(k.size + v.size for k, v in prefixes) == 2 * len(layers) * prompt.size
    # turning the values of the second layer alone is open to a prefix, and changes the output
    changed = [*prefixes[:1], (prefixes[1][0], -prefixes[1][1]), *prefixes[2:]]
    assert np.abs(run(text, layers, True, changed) - run(text, layers, True, prefixes)).max() > 1e-2
