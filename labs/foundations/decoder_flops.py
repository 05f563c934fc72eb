r"""Floating-point operations of a decoder-only Transformer, and the least time they take.

Sources: Kaplan et al. (arXiv:2001.08361), section 2.1; Narayanan et al. (arXiv:2104.04473), section 5.1
and appendix; Williams, Waterman and Patterson, *Roofline* (2009).
"""

from __future__ import annotations

from labs.foundations.decoder_params import Decoder


# --8<-- [start:forward]
def matmul(m: int, k: int, n: int) -> int:
    """(m, k) times (k, n): m·n sums of k products, an addition and a multiplication each."""
    return 2 * m * k * n


def forward(model: Decoder, b: int, s: int, past: int = 0) -> dict[str, int]:
    """Matrix multiplications of `b` sequences of `s` new tokens after `past` cached ones; no causal saving."""
    h, tokens, keys = model.h, b * s, past + s
    inner = model.ffn or 4 * h
    layer = {
        "q, o": 2 * matmul(tokens, h, h),
        "k, v": 2 * matmul(tokens, h, h // model.kv_share),
        "scores": b * model.heads * matmul(s, h // model.heads, keys),  # QKᵀ, all heads: 2·b·s·keys·h
        "mix": b * model.heads * matmul(s, keys, h // model.heads),  # weights times V: as much again
        "mlp": (3 if model.gated else 2) * matmul(tokens, h, inner),
    }
    return {part: model.layers * n for part, n in layer.items()} | {"logits": matmul(tokens, h, model.vocab)}


def forward_total(model: Decoder, b: int, s: int, past: int = 0) -> int:
    """All of `forward`."""
    return sum(forward(model, b, s, past).values())


def training(model: Decoder, b: int, s: int, recompute: bool = False) -> int:
    """Forward once, backward twice that (gradients of inputs and of weights); blocks once more if recomputed."""
    total = forward_total(model, b, s)
    blocks = total - forward(model, b, s)["logits"]
    return 3 * total + (blocks if recompute else 0)


# --8<-- [end:forward]


def quadratic_share(model: Decoder, s: int) -> float:
    """Share of `scores` and `mix` in the blocks' forward pass over s tokens."""
    parts = forward(model, 1, s)
    return (parts["scores"] + parts["mix"]) / (sum(parts.values()) - parts["logits"])


# --8<-- [start:time]
def least_time(flops: float, bytes_moved: float, peak: float, bandwidth: float) -> float:
    """Roofline: no run is shorter than its arithmetic at peak nor than its memory traffic, in seconds."""
    return max(flops / peak, bytes_moved / bandwidth)


def utilization(flops: float, seconds: float, peak: float) -> float:
    """MFU: FLOPs the model needs, per second, as a share of the peak."""
    return flops / seconds / peak


# --8<-- [end:time]
A100_PEAK = 312e12  # BF16 tensor cores, dense, FLOP/s
A100_BANDWIDTH = 1555e9  # HBM2, 40 GB model, bytes/s
