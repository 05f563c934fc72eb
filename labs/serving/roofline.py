r"""What one pass of a decoder costs: FLOPs and bytes of any mix of prompts and single tokens, and the least time.

Sources: Williams, Waterman and Patterson, *Roofline* (2009); peaks from NVIDIA's data sheets (dense BF16, no sparsity).
A pass is a list of pieces (new, past): `new` tokens of a request of which `past` are in the cache. Prefill is (s, 0),
a decoding step is (1, s), a chunk of a prompt is (c, p).
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.foundations.decoder_flops import A100_BANDWIDTH, A100_PEAK, least_time
from labs.foundations.decoder_params import LLAMA3_8B, Decoder

Piece = tuple[int, int]


@dataclass(frozen=True)
class Gpu:
    """Dense BF16 FLOP/s and memory bytes/s at best."""

    name: str
    peak: float
    bandwidth: float

    @property
    def ridge(self) -> float:
        """FLOPs per byte from which on arithmetic is the limit."""
        return self.peak / self.bandwidth


A100 = Gpu("A100 40 GB", A100_PEAK, A100_BANDWIDTH)
H100 = Gpu("H100 SXM", 989.4e12, 3.35e12)


# --8<-- [start:work]
@dataclass(frozen=True)
class Work:
    """FLOPs of a pass, and the bytes it must at least exchange with memory."""

    flops: float
    weights: float
    cache: float

    @property
    def intensity(self) -> float:
        """FLOPs per byte."""
        return self.flops / (self.weights + self.cache)

    def seconds(self, gpu: Gpu) -> float:
        """Lower bound: perfect overlap, activations and launches free."""
        return least_time(self.flops, self.weights + self.cache, gpu.peak, gpu.bandwidth)


def cache_per_token(model: Decoder, bits: float = 16) -> float:
    """Bytes of K and V of one token in all layers."""
    return 2 * model.layers * (model.h // model.kv_share) * bits / 8


def work(model: Decoder, pieces: list[Piece], weight_bits: float = 16, cache_bits: float = 16) -> Work:
    """Weights are read once for all pieces, every request's own cache is read once, new K and V are written."""
    blocks = model.layers * (model.attention() + model.mlp())
    head = model.vocab * model.h  # logits of the last token of each piece only
    tokens = sum(new for new, _ in pieces)
    pairs = sum(new * past + new * (new + 1) // 2 for new, past in pieces)  # causal (query, key) pairs
    flops = 2 * blocks * tokens + 2 * head * len(pieces) + 4 * model.layers * model.h * pairs
    held = sum(past + new for new, past in pieces)
    return Work(flops, (blocks + head) * weight_bits / 8, cache_per_token(model, cache_bits) * held)


# --8<-- [end:work]


# --8<-- [start:curve]
def decode_step(batch: int, context: int, gpu: Gpu = A100, model: Decoder = LLAMA3_8B) -> tuple[float, float]:
    """Seconds of one decoding step, and tokens per second of the whole batch."""
    seconds = work(model, [(1, context)] * batch).seconds(gpu)
    return seconds, batch / seconds


def largest_batch(memory: float, context: int, model: Decoder = LLAMA3_8B) -> int:
    """Requests of `context` tokens whose caches fit beside 16-bit weights in `memory` bytes."""
    return int((memory - 2 * model.total()) // (cache_per_token(model) * context))


# --8<-- [end:curve]
