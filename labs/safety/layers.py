r"""Several checks in a row: how much gets past all of them, depending on how their misses go together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:layers]
def independent(misses: list[float]) -> float:
    """Share that passes every layer if misses have nothing to do with each other: the product."""
    return float(np.prod(misses))


def bounds(misses: list[float]) -> tuple[float, float]:
    """What is certain from the single miss rates alone (Fréchet): the joint one lies between these."""
    return max(0.0, sum(misses) - (len(misses) - 1)), min(misses)


def mixture(hard: float, easy_misses: list[float], hard_misses: list[float]) -> tuple[list[float], float]:
    """Cases are easy or, with probability `hard`, hard for all layers: each layer's miss rate, and the joint one."""
    easy, tough = np.array(easy_misses), np.array(hard_misses)  # (layers,)
    single = (1 - hard) * easy + hard * tough  # (layers,)
    joint = (1 - hard) * easy.prod() + hard * tough.prod()
    return [float(m) for m in single], float(joint)


# --8<-- [end:layers]


# --8<-- [start:abstain]
def residual(confidence: Array, right: npt.NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    """Answer only at or above `threshold`: share answered, and wrong answers given per question asked."""
    answered = confidence >= threshold
    return float(answered.mean()), float((answered & ~right).mean())


# --8<-- [end:abstain]
