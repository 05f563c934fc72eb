r"""How many parameters a token activates in LongCat-Flash, when some of its twelve experts compute nothing.

Source: Meituan LongCat Team, *LongCat-Flash* (arXiv:2509.01322), section 2.1; the released configuration.
"""

from __future__ import annotations

from math import comb, sqrt

from labs.models.parameter_count import Model, count, ffn

# --8<-- [start:range]
LONGCAT: Model = {
    "kind": "decoder",
    "layers": 28,
    "sublayers": 2,  # two attention layers and two dense FFNs in a layer
    "hidden": 6144,
    "heads": 64,
    "ffn": 12_288,
    "vocab": 131_072,
    "gated": True,
    "bias": "none",
    "norm": "RMSNorm",
    "tied": False,
    "mla": {"q_rank": 1536, "kv_rank": 512, "nope": 128, "rope": 64, "value": 128},
    "experts": {"routed": 512, "zero": 256, "active": 12, "ffn": 2048},
}
K, REAL, ZERO = 12, 512, 256


def expert() -> int:
    """Parameters of one real expert in every layer; a zero-computation expert has none."""
    return int(LONGCAT["layers"] * ffn(LONGCAT, LONGCAT["experts"]["ffn"]))


def activated(real: float) -> float:
    """Parameters of a token that gets `real` of its twelve experts per layer; looking up an embedding is no product."""
    nothing = count({**LONGCAT, "experts": {**LONGCAT["experts"], "active": 0}})
    return nothing.active - nothing.embedding / 2 + real * expert()


# --8<-- [end:range]


# --8<-- [start:chance]
def chance(real: int) -> float:
    """Probability that exactly `real` of the twelve are real if a layer chose at random (hypergeometric)."""
    return comb(REAL, real) * comb(ZERO, K - real) / comb(REAL + ZERO, K)


def spread() -> float:
    """Standard deviation of a token's activated parameters if every layer chose at random, independently."""
    p, n = REAL / (REAL + ZERO), REAL + ZERO
    per_layer = sqrt(K * p * (1 - p) * (n - K) / (n - 1))
    return sqrt(float(LONGCAT["layers"])) * per_layer * expert() / float(LONGCAT["layers"])


# --8<-- [end:chance]
