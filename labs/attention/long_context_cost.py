"""What a long context costs: bytes of the key-value cache, and the share of attention in the FLOPs."""

from __future__ import annotations


# --8<-- [start:cost]
def kv_bytes(n: int, layers: int, kv_heads: int, head_dim: int, bytes_each: int = 2) -> int:
    """Key-value cache of n tokens: a key and a value for each layer and key-value head."""
    return 2 * n * layers * kv_heads * head_dim * bytes_each


def attention_flops(n: int, d: int) -> int:
    """Causal scores and weighted sums of one layer: two products of 2n²d, half masked away."""
    return 2 * n * n * d


def pair_flops(pairs: int, d: int) -> int:
    """The same for any mask, by the pairs it leaves visible: a score and a weighted value of d numbers each."""
    return 4 * pairs * d


def linear_flops(n: int, d: int) -> int:
    """Products with the 12d² weights of one classic layer (4d² attention, 8d² FFN)."""
    return 2 * n * 12 * d * d


# --8<-- [end:cost]
