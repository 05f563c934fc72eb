r"""Memory of serving a model (weights and KV cache), and the arithmetic intensity of its matrix products.

Sources: Kwon et al., *PagedAttention* (arXiv:2309.06180), section 3; Williams, Waterman and Patterson, *Roofline*
(2009). The KV cache is `labs.attention.grouped_query.Model`; the peaks are the A100's of `labs.foundations`.
"""

from __future__ import annotations

from labs.attention.grouped_query import Model
from labs.foundations.decoder_flops import A100_BANDWIDTH, A100_PEAK, least_time


# --8<-- [start:weights]
def weight_bytes(params: float, bits: float, group: int = 0, scale_bits: int = 16) -> float:
    """Bytes of the weights; quantised ones carry a scale for every `group` of them."""
    return params * (bits + (scale_bits / group if group else 0)) / 8


def serving_bytes(params: float, bits: float, model: Model, seq: int, batch: int) -> float:
    """Weights, which the batch shares, plus a 16-bit KV cache for every token of every sequence."""
    return weight_bytes(params, bits) + model.cache_bytes(seq, batch)


# --8<-- [end:weights]


# --8<-- [start:intensity]
def matmul_intensity(m: int, k: int, n: int, bytes_each: float = 2) -> float:
    """FLOPs per byte of (m, k) times (k, n): each operand read once, the result written once."""
    return 2 * m * k * n / (bytes_each * (m * k + k * n + m * n))


def elementwise_intensity(flops: float, reads: int, writes: int, bytes_each: float = 2) -> float:
    """FLOPs per byte of an operation with `flops` per element, which its size cannot change."""
    return flops / (bytes_each * (reads + writes))


def attainable(intensity: float, peak: float = A100_PEAK, bandwidth: float = A100_BANDWIDTH) -> float:
    """Roofline: FLOP/s that an operation of this intensity can reach."""
    return min(peak, intensity * bandwidth)


# --8<-- [end:intensity]


def decode_time(params: float, bits: float, batch: int, cache: float = 0) -> float:
    """Least seconds of one decoding step: 2·N·b FLOPs, all weights and `cache` bytes read once."""
    return least_time(2 * params * batch, weight_bytes(params, bits) + cache, A100_PEAK, A100_BANDWIDTH)
