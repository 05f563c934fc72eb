r"""What a request keeps per attention layer: numbers that grow with the text, and numbers that do not.

Sources: DeepSeek-V2 (arXiv:2405.04434), table 1; the released configurations of the models; the layer pattern and the
state of Qwen3-Next as in transformers (`full_attention_interval`, `linear_*`).
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.models.parameter_count import Model


# --8<-- [start:kinds]
@dataclass(frozen=True)
class Layer:
    """Numbers cached by one attention layer of one request."""

    per_token: int
    fixed: int = 0


def grouped(kv_heads: int, d_head: int) -> Layer:
    """A key and a value per KV head; kv_heads = query heads is multi-head attention."""
    return Layer(2 * kv_heads * d_head)


def latent(d_c: int = 512, d_rope: int = 64) -> Layer:
    """MLA: one latent and one RoPE key for all heads."""
    return Layer(d_c + d_rope)


def delta_net(qk_heads: int, v_heads: int, d_k: int, d_v: int, conv: int) -> Layer:
    """Gated DeltaNet: a d_k × d_v state per value head, and the last conv − 1 inputs of the short convolution."""
    return Layer(0, v_heads * d_k * d_v + (conv - 1) * (2 * qk_heads * d_k + v_heads * d_v))


def numbers(layers: list[Layer], tokens: int) -> int:
    """Numbers kept for one request after `tokens` tokens."""
    return sum(layer.per_token * tokens + layer.fixed for layer in layers)


# --8<-- [end:kinds]


# --8<-- [start:hybrid]
def hybrid(n: int, interval: int, full: Layer, linear: Layer) -> list[Layer]:
    """Every `interval`-th layer attends to everything, the others carry a state."""
    return [full if (i + 1) % interval == 0 else linear for i in range(n)]


# --8<-- [end:hybrid]


# --8<-- [start:record]
def layers_of(m: Model, kind: str = "own", groups: int = 8) -> list[Layer]:
    """The attention layers of a record of docs/data/models.yaml; those that look at everything may be of another kind:
    "mha", "gqa" with `groups` KV heads, "mqa", or "mla" as in DeepSeek-V2.
    """
    heads: int = m["heads"]
    mla = m.get("mla") or {}
    d: int = mla["nope"] if mla else m.get("head_dim") or m["hidden"] // heads
    own = latent(mla["kv_rank"], mla["rope"]) if mla else grouped(m.get("kv_heads") or heads, d)
    others = {"mha": grouped(heads, d), "gqa": grouped(min(groups, heads), d), "mqa": grouped(1, d), "mla": latent()}
    full = others.get(kind, own)
    n = m["layers"] * m.get("sublayers", 1)
    if not (c := m.get("linear")):
        return [full] * n
    state = delta_net(c["key_heads"], c["value_heads"], c["head_dim"], c["head_dim"], c["conv"])
    return hybrid(n, c["full_every"], full, state)


# --8<-- [end:record]


# --8<-- [start:models]
NEXT_FULL = grouped(2, 256)
NEXT_LINEAR = delta_net(16, 32, 128, 128, 4)
MODELS: dict[str, list[Layer]] = {
    "Qwen-7B": [grouped(32, 128)] * 32,
    "Qwen2-7B": [grouped(4, 128)] * 28,
    "Qwen-72B": [grouped(64, 128)] * 80,
    "Qwen2.5-72B": [grouped(8, 128)] * 80,
    "Qwen3-8B": [grouped(8, 128)] * 36,
    "Qwen3-32B": [grouped(8, 128)] * 64,
    "Qwen3-235B-A22B": [grouped(4, 128)] * 94,
    "Qwen3-Next-80B-A3B": hybrid(48, 4, NEXT_FULL, NEXT_LINEAR),
    "ChatGLM-6B": [grouped(32, 128)] * 28,
    "ChatGLM2-6B": [grouped(2, 128)] * 28,
    "GLM-4.5": [grouped(8, 128)] * 92,
    "DeepSeek 67B": [grouped(8, 128)] * 95,
    "DeepSeek-V2": [latent()] * 60,
    "DeepSeek-V2, as MHA": [grouped(128, 128)] * 60,
    "DeepSeek-V3": [latent()] * 61,
    "DeepSeek-V3, as MHA": [grouped(128, 128)] * 61,
    "Kimi K2": [latent()] * 61,
    "LongCat-Flash": [latent()] * 56,  # 28 blocks of two attention layers
}
# --8<-- [end:models]
