r"""Every parameter of a language model, from the configuration that its makers published.

A model is a record of docs/data/models.yaml, whose head explains the keys; a key that is absent is not there in the
model. Counted are weights, biases, the scales of norms and routers: what a checkpoint holds. Buffers (RoPE tables,
the balancing bias of a router) and the vision towers of multimodal models are not.
Shapes: BERT §3, T5 §2.1 and appendix, Mixtral §2, DeepSeek-V2 §2.1, DeepSeek-V3 §2.1–2.2, LongCat-Flash §2 and the
modelling code released with the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Model = Mapping[str, Any]


# --8<-- [start:attention]
def attention(m: Model) -> int:
    """One attention layer: W_Q, W_K, W_V, W_O, their biases, and the norms inside."""
    h: int = m["hidden"]
    n: int = m["heads"]
    if mla := m.get("mla"):
        rank: int = mla["kv_rank"]
        d: int = mla["nope"] + mla["rope"]
        query = h * mla["q_rank"] + mla["q_rank"] * (n * d + 1) if mla.get("q_rank") else h * n * d  # + a norm
        latent = h * (rank + mla["rope"]) + rank  # the latent's down-projection, the shared RoPE key, a norm
        return int(query + latent + rank * n * (mla["nope"] + mla["value"]) + n * mla["value"] * h)
    d = m.get("head_dim") or h // n
    q, kv = n * d, (m.get("kv_heads") or n) * d
    weights = (3 if m.get("output_gate") else 2) * h * q + 2 * h * kv
    biases = {"all": q + 2 * kv + h, "qkv": q + 2 * kv, "none": 0}[m["bias"]]
    return weights + biases + (2 * d if m.get("qk_norm") else 0)


# --8<-- [end:attention]


def linear_attention(m: Model) -> int:
    """One Gated DeltaNet layer of Qwen3-Next: q, k, v, output gate; β and decay; a short convolution; a norm."""
    c = m["linear"]
    key, value = c["key_heads"] * c["head_dim"], c["value_heads"] * c["head_dim"]
    projections = m["hidden"] * (2 * key + 2 * value + 2 * c["value_heads"]) + value * m["hidden"]
    small = (2 * key + value) * c["conv"] + 2 * c["value_heads"] + c["head_dim"]
    return int(projections + small)


# --8<-- [start:ffn]
def ffn(m: Model, inner: int) -> int:
    """One feed-forward network: two matrices, three if gated, and their biases."""
    ups = 2 if m["gated"] else 1
    return int((ups + 1) * m["hidden"] * inner + (ups * inner + m["hidden"] if m["bias"] == "all" else 0))


def moe(m: Model, routed: int) -> int:
    """A mixture of experts of which `routed` are counted; shared experts and the router always are."""
    e, h = m["experts"], m["hidden"]
    router: int = h * (e["routed"] + e.get("zero", 0)) + (h if e.get("shared_gate") else 0)
    return int(routed + e.get("shared", 0)) * ffn(m, e["ffn"]) + router


# --8<-- [end:ffn]


def norm(m: Model, width: int) -> int:
    """A scale; LayerNorm has a shift too, unless the model has no biases at all."""
    return width * (1 if m["norm"] == "RMSNorm" or m["bias"] == "none" else 2)


# --8<-- [start:count]
def is_moe(m: Model, layer: int) -> bool:
    """Whether a layer (from 0) has experts: not the first `dense_layers`, and then every `every`-th."""
    e = m.get("experts")
    return bool(e and layer >= e.get("dense_layers", 0) and (layer + 1) % e.get("every", 1) == 0)


def block(m: Model, layer: int, active: bool = False) -> int:
    """One layer; with `active`, of the routed experts only those that a token goes to."""
    e = m.get("experts") or {}
    linear = "linear" in m and (layer + 1) % m["linear"]["full_every"] != 0
    parts: int = m.get("sublayers", 1)  # LongCat-Flash has two attentions and two dense FFNs in a layer
    total = parts * ((linear_attention(m) if linear else attention(m)) + 2 * norm(m, m["hidden"]))
    if is_moe(m, layer):
        total += moe(m, e["active"] if active else e["routed"])
    if not is_moe(m, layer) or parts > 1:
        total += parts * ffn(m, m["ffn"])
    return total


@dataclass(frozen=True)
class Count:
    """Parameters of a model: all of them, those that one token uses, both embedding matrices, one MTP module."""

    total: int
    active: int
    embedding: int
    mtp: int


def count(m: Model) -> Count:
    """Count a model; `active` leaves out the routed experts that a token does not go to, and nothing else."""
    h, width = m["hidden"], m.get("embedding_dim") or m["hidden"]
    tables = (m["vocab"] + m.get("positions", 0) + m.get("segments", 0)) * width
    head = 0 if m["tied"] else m["vocab"] * h
    rest = norm(m, width) if m.get("outer_norm", True) else 0  # after the last layer, or after the embeddings
    rest += width * h + h if width != h else 0  # ALBERT's projection from the small embedding
    rest += h * h + h if m.get("pooler") else 0
    unique = 1 if m.get("shared_layers") else m["layers"]
    if m["kind"] == "encoder-decoder":  # the decoder's cross-attention, its norm, both stacks' last norm and biases
        rest += m["layers"] * (block(m, 0) + attention(m) + norm(m, h)) + norm(m, h)
        rest += 2 * m.get("relative_buckets", 0) * m["heads"]
    sums = [sum(block(m, i, active) for i in range(unique)) for active in (False, True)]
    mtp = block(m, m["layers"]) + 2 * h * h + 3 * norm(m, h) if m.get("mtp") else 0  # shares both embeddings
    return Count(tables + head + rest + sums[0], tables + head + rest + sums[1], tables + head, mtp)


# --8<-- [end:count]
