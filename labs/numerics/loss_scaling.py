r"""Loss scaling: move small gradients into FP16's range by a power of two, and find that power while training.

Source: Micikevicius et al., *Mixed Precision Training* (arXiv:1710.03740), section 3.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.numerics.float_formats import FP16, FP32, Format, round_to

Array = npt.NDArray[np.float64]


# --8<-- [start:count]
def lost(gradients: Array, scale: float = 1.0, f: Format = FP16) -> tuple[float, float]:
    """Shares of the non-zero `gradients` (n,) that become 0, and that become ∞, when stored as scale·g in `f`."""
    stored = round_to(gradients * scale, f)
    return float((stored == 0).mean()), float(np.isinf(stored).mean())


def gradients_like(n: int, seed: int = 0) -> Array:
    """Made-up gradients (n,): log2|g| is normal with mean −22 and deviation 4, the signs are random."""
    rng = np.random.default_rng(seed)
    g: Array = np.exp2(rng.normal(-22, 4, n)) * rng.choice([-1.0, 1.0], n)  # (n,)
    return g


# --8<-- [end:count]


# --8<-- [start:scaler]
@dataclass
class Scaler:
    """Dynamic loss scale: halve it and skip the step at an overflow, double it after `interval` good steps in a row."""

    scale: float = 2.0**16
    growth: float = 2.0
    backoff: float = 0.5
    interval: int = 2000
    good: int = 0

    def update(self, overflow: bool) -> None:
        """Adapt the scale after a step."""
        if overflow:
            self.scale, self.good = self.scale * self.backoff, 0
        else:
            self.good += 1
            if self.good == self.interval:
                self.scale, self.good = self.scale * self.growth, 0


def step(master: Array, gradient: Array, scaler: Scaler, lr: float, clip: float | None = None) -> Array:
    """One SGD step on FP32 weights (n,); `gradient` (n,) is what backpropagation would give with infinite precision."""
    g16 = round_to(gradient * scaler.scale, FP16)  # the whole backward pass runs on S·loss, in FP16
    overflow = not bool(np.isfinite(g16).all())
    if not overflow:
        g = round_to(g16 / scaler.scale, FP32)  # unscale first, in FP32 ...
        if clip is not None:
            g = g * min(1.0, clip / (float(np.linalg.norm(g)) + 1e-6))  # ... then clip the true norm
        master = round_to(master - lr * g, FP32)
    scaler.update(overflow)
    return master


# --8<-- [end:scaler]
