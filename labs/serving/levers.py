r"""One decoding step of a server, and what each kind of optimisation takes off its lower bound.

Sources: Williams et al., *Roofline* (2009); Leviathan et al. (arXiv:2211.17192), equation (1), for the tokens that
one verification yields. Communication, draft model and kernel inefficiency are left out: these are bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from labs.foundations.decoder_params import LLAMA3_8B, Decoder
from labs.serving.roofline import A100, Gpu, work


# --8<-- [start:step]
@dataclass(frozen=True)
class Server:
    """Who decodes what: `new` tokens per request and pass, of which `gain` are kept on average."""

    batch: int = 32
    context: int = 4096
    model: Decoder = LLAMA3_8B
    gpu: Gpu = A100
    gpus: int = 1
    weight_bits: float = 16
    cache_bits: float = 16
    new: int = 1
    gain: float = 1

    def parts(self) -> tuple[float, float, float]:
        """Milliseconds per kept token and request: reading weights, reading cache, arithmetic."""
        w = work(self.model, [(self.new, self.context)] * self.batch, self.weight_bits, self.cache_bits)
        scale = 1e3 / self.gpus / self.gain
        return (
            w.weights / self.gpu.bandwidth * scale,
            w.cache / self.gpu.bandwidth * scale,
            w.flops / self.gpu.peak * scale,
        )

    def milliseconds(self) -> float:
        """The bound: memory and arithmetic overlap."""
        weights, cache, flops = self.parts()
        return max(weights + cache, flops)


def kept(alpha: float, drafted: int) -> float:
    """Tokens per verification at acceptance rate alpha: (1 − α^(γ+1)) / (1 − α)."""
    return float((1 - alpha ** (drafted + 1)) / (1 - alpha))


# --8<-- [end:step]


def levers(base: Server) -> dict[str, Server]:
    """The base and one change each."""
    mha = replace(base.model, kv_share=1)
    return {
        "MHA": replace(base, model=mha),
        "base": base,
        "int4 weights": replace(base, weight_bits=4.125),
        "int8 cache": replace(base, cache_bits=8),
        "2 GPUs": replace(base, gpus=2),
        "speculative": replace(base, new=5, gain=kept(0.7, 4)),
    }
