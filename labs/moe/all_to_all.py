r"""Traffic of expert parallelism: bytes that a token sends in dispatch and gets back in combine.

Source: DeepSeek-V3 (arXiv:2412.19437), sections 3.2.2 and 3.3.3: one copy per node over InfiniBand, forwarded
by NVLink; dispatch in FP8, combine in BF16.
"""

from __future__ import annotations


# --8<-- [start:traffic]
def dispatch_and_combine(d: int, copies: float, dispatch_bytes: int = 1, combine_bytes: int = 2) -> float:
    """Bytes of one token in the forward pass of one MoE layer: a hidden vector each way for every copy."""
    return copies * d * (dispatch_bytes + combine_bytes)


def all_to_alls(layers: int, training: bool) -> int:
    """Dispatch and combine of each MoE layer, and once more each for the gradients."""
    return layers * (4 if training else 2)


# --8<-- [end:traffic]
