r"""What an MoE feed-forward layer holds, computes and reads: total and active parameters, FLOPs, experts touched.

Sources: Mixtral (arXiv:2401.04088), table 1; DeepSeekMoE (arXiv:2401.06066), section 5.1; DeepSeek-V2
(arXiv:2405.04434), section 3.1.2; DeepSeek-V3 (arXiv:2412.19437), section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb


# --8<-- [start:layer]
@dataclass(frozen=True)
class MoE:
    """`layers` MoE layers of `n` routed SwiGLU experts (k active) of width `h`, `shared` more, and dense layers."""

    name: str
    d: int
    h: int
    n: int
    k: int
    layers: int
    shared: int = 0
    dense_layers: int = 0
    dense_h: int = 0

    def expert(self) -> int:
        """Three matrices between d and h."""
        return 3 * self.d * self.h

    def ffn(self, experts: int) -> int:
        """FFN parameters of the model with that many routed experts counted in each MoE layer."""
        layer = (experts + self.shared) * self.expert() + self.d * self.n  # the router scores all n, always
        return self.layers * layer + self.dense_layers * 3 * self.d * self.dense_h

    def total(self) -> int:
        """What has to be stored."""
        return self.ffn(self.n)

    def active(self) -> int:
        """What one token passes through."""
        return self.ffn(self.k)

    def flops(self) -> int:
        """Forward FLOPs of one token: a multiplication and an addition per active parameter."""
        return 2 * self.active()


MIXTRAL = MoE("Mixtral 8x7B", d=4096, h=14_336, n=8, k=2, layers=32)
DEEPSEEK_MOE_16B = MoE("DeepSeekMoE 16B", 2048, 1408, 64, 6, layers=27, shared=2, dense_layers=1, dense_h=10_944)
DEEPSEEK_V2 = MoE("DeepSeek-V2", 5120, 1536, 160, 6, layers=59, shared=2, dense_layers=1, dense_h=12_288)
DEEPSEEK_V3 = MoE("DeepSeek-V3", 7168, 2048, 256, 8, layers=58, shared=1, dense_layers=3, dense_h=18_432)
# --8<-- [end:layer]


# --8<-- [start:touched]
def share_touched(n: int, k: int, batch: int) -> float:
    """Expected share of a layer's experts that a batch of independent, evenly routed tokens needs."""
    return 1 - (1 - k / n) ** batch


def combinations(n: int, k: int) -> int:
    """Different sets of experts that a token can get."""
    return comb(n, k)


# --8<-- [end:touched]
