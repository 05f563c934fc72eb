r"""Sparsity and attention heads: the two dials that Kimi K2 turned on DeepSeek-V3's architecture.

Sources: Kimi K2 (arXiv:2507.20534), section 2.3 and table 2; DeepSeek-V3 (arXiv:2412.19437), section 4.2. The records
have the keys of docs/data/models.yaml, so that `parameter_count` counts them.
"""

from __future__ import annotations

from labs.models.parameter_count import Model, attention, ffn

# --8<-- [start:config]
V3: Model = {
    "kind": "decoder",
    "layers": 61,
    "hidden": 7168,
    "heads": 128,
    "ffn": 18_432,
    "vocab": 129_280,
    "gated": True,
    "bias": "none",
    "norm": "RMSNorm",
    "tied": False,
    "mla": {"q_rank": 1536, "kv_rank": 512, "nope": 128, "rope": 64, "value": 128},
    "experts": {"routed": 256, "active": 8, "shared": 1, "ffn": 2048, "dense_layers": 3},
}
K2: Model = {**V3, "heads": 64, "vocab": 163_840, "experts": {**V3["experts"], "routed": 384, "dense_layers": 1}}


def sparsity(m: Model) -> float:
    """Routed experts per activated one."""
    return float(m["experts"]["routed"] / m["experts"]["active"])


def by_part(m: Model) -> dict[str, float]:
    """Parameters that one token uses, and those of all routed experts."""
    e = m["experts"]
    moe_layers, expert = m["layers"] - e["dense_layers"], ffn(m, e["ffn"])
    return {
        "attention": m["layers"] * attention(m),
        "dense and shared": e["dense_layers"] * ffn(m, m["ffn"]) + moe_layers * e["shared"] * expert,
        "routed, active": moe_layers * e["active"] * expert,
        "routed, all": moe_layers * e["routed"] * expert,
    }


# --8<-- [end:config]


# --8<-- [start:heads]
def token_flops(active: float, heads: int, per_pair: int, context: int, layers: int = 61) -> float:
    """Forward FLOP for one token that sees `context` tokens: 2 per parameter, `per_pair` per head and cached token."""
    return 2 * active + layers * heads * per_pair * context


def doubling(active: float, per_pair: int, context: int) -> float:
    """Growth of the FLOP per token when K2's 64 heads become 128."""
    more = by_part({**K2, "heads": 128})["attention"] - by_part(K2)["attention"]
    return token_flops(active + more, 128, per_pair, context) / token_flops(active, 64, per_pair, context) - 1


# --8<-- [end:heads]
