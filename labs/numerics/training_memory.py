r"""Bytes that training holds: model states per parameter, and activations per Transformer layer.

Sources: Rajbhandari et al., *ZeRO* (arXiv:1910.02054), section 3; Korthikanti et al. (arXiv:2205.05198), section 4
and table 2 (16-bit activations, dropout masks of one byte, an FFN of width 4h).
"""

from __future__ import annotations

from dataclasses import dataclass


# --8<-- [start:states]
@dataclass(frozen=True)
class States:
    """Bytes per parameter of what outlives a step."""

    weight: float = 2  # the 16-bit copy that forward and backward read
    grad: float = 2
    master: float = 4  # FP32 weights that the update is added to
    moments: float = 8  # Adam's m and v in FP32

    def per_param(self) -> float:
        """The sum: 16 for mixed-precision Adam."""
        return self.weight + self.grad + self.master + self.moments

    def zero(self, stage: int, cards: int) -> float:
        """Bytes per parameter on one of `cards`: stage 1 splits optimizer states, 2 gradients too, 3 weights too."""
        split = [0.0, self.master + self.moments, self.grad, self.weight]
        shared = sum(split[: stage + 1])
        return self.per_param() - shared + shared / cards


MIXED_ADAM = States()
FP32_ADAM = States(weight=4, grad=4, master=0, moments=8)
FP32_MOMENTUM = States(weight=4, grad=4, master=0, moments=4)
FP32_SGD = States(weight=4, grad=4, master=0, moments=0)
MIXED_ADAM_FP32_GRAD = States(grad=4)
MIXED_ADAM_8BIT = States(moments=2)
FROZEN = States(grad=0, master=0, moments=0)
# --8<-- [end:states]


# --8<-- [start:parts]
def state_parts(trained: float, frozen: float, states: States, stage: int = 0, cards: int = 1) -> dict[str, float]:
    """Bytes on one of `cards`, by what they are: `trained` parameters with all their states, and `frozen` bytes of
    weights that only the forward pass reads, which ZeRO-3 splits too.
    """
    parts = {
        "weights": states.weight * trained + frozen,
        "gradients": states.grad * trained,
        "master": states.master * trained,
        "moments": states.moments * trained,
    }
    split_from = {"weights": 3, "gradients": 2, "master": 1, "moments": 1}  # the stage that splits it
    return {name: size / cards if stage >= split_from[name] else size for name, size in parts.items()}


# --8<-- [end:parts]


# --8<-- [start:activations]
def activation_bytes(s: int, b: int, h: int, heads: int, layers: int, keep: str = "all") -> int:
    """Activations kept for the backward pass of `layers` layers over `b` sequences of `s` tokens, width `h`.

    `keep`: "all"; "selective" (the s×s attention core is recomputed); "inputs" (only each layer's input, 2 bytes).
    """
    if keep == "inputs":
        return layers * 2 * s * b * h
    quadratic = 5 * heads * s * s * b if keep == "all" else 0  # softmax output, dropout mask, dropped output
    return layers * (34 * s * b * h + quadratic)


def selective_extra(s: int, h: int) -> float:
    """Extra FLOPs of recomputing QKᵀ and AV once, 4·b·s²·h a layer, over 72·b·s·h² of a training step."""
    return 4 * s * s * h / (72 * s * h * h)


# --8<-- [end:activations]


# --8<-- [start:rlhf]
def rlhf_bytes(params: float, trained: int, frozen: int) -> float:
    """States of `trained` models with mixed-precision Adam and `frozen` 16-bit ones, all of one size."""
    return params * (trained * MIXED_ADAM.per_param() + frozen * FROZEN.per_param())


# --8<-- [end:rlhf]
