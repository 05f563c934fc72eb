r"""Router z-loss: the mean squared log-sum-exp of the router's logits, its gradient, and why BF16 wants it.

Source: Zoph et al., *ST-MoE* (arXiv:2202.08906), section 3.3 and equation 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.numerics.float_formats import Format, round_to

Array = npt.NDArray[np.float64]
BF16 = Format("BF16", 8, 7)


# --8<-- [start:z]
def log_sum_exp(x: Array) -> Array:
    """log Σ_j e^{x_tj}: (T, E) → (T, 1)."""
    top = x.max(axis=-1, keepdims=True)
    out: Array = top + np.log(np.exp(x - top).sum(axis=-1, keepdims=True))
    return out


def z_loss(logits: Array) -> tuple[float, Array]:
    """Mean over tokens of the squared log-sum-exp, and the gradient (T, E)."""
    z = log_sum_exp(logits)  # (T, 1)
    grad = 2 / len(logits) * z * softmax(logits)  # (T, E): largest where a logit is large
    return float((z**2).mean()), grad


# --8<-- [end:z]


# --8<-- [start:rounding]
def rounding_error(logits: Array) -> float:
    """Largest change of a softmax probability when the logits are rounded to BF16."""
    return float(np.abs(softmax(round_to(logits, BF16)) - softmax(logits)).max())


# --8<-- [end:rounding]


def shrink(logits: Array, steps: int, rate: float) -> Array:
    """Logits after gradient descent on the z-loss alone (per-token step, so the rate does not depend on T)."""
    for _ in range(steps):
        logits = logits - rate * len(logits) * z_loss(logits)[1]
    return logits
