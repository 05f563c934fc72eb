r"""The GPU hours of DeepSeek-V2 and V3, read as days, dollars and useful FLOP/s.

Sources: DeepSeek-V3 (arXiv:2412.19437), section 1 and table 1; DeepSeek-V2 (arXiv:2405.04434), section 3.2.3.
"""

from __future__ import annotations

from labs.models.training_bill import H100, Run

# --8<-- [start:run]
H800 = H100  # the same tensor cores; NVLink is what was cut. FP8 peaks at twice the BF16 figure
V3_HOURS = {"pre-training": 2664e3, "context extension": 119e3, "post-training": 5e3}

V3 = Run(37e9, 14.8e12, V3_HOURS["pre-training"], H800)  # activated parameters, tokens, hours, peak
V2 = Run(21e9, 1e12, 172.8e3, H800)  # reported per trillion tokens
DENSE_67B = Run(67e9, 1e12, 300.6e3, H800)


def hours_per_trillion(run: Run) -> float:
    """GPU hours for 10¹² tokens."""
    return run.hours / (run.tokens / 1e12)


def days(hours: float, gpus: int) -> float:
    """Wall-clock days on a cluster."""
    return hours / gpus / 24


# --8<-- [end:run]


def attention_flops(layers: int, heads: int, d_qk: int, d_v: int, n: int) -> float:
    """Forward FLOP of the scores and weighted sums per token, causal, averaged over a sequence of n: 6ND omits them."""
    return layers * heads * 2 * (d_qk + d_v) * (n + 1) / 2
