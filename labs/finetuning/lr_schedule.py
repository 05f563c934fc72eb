r"""Linear warm-up, cosine decay, and the bump in the loss when a decayed model is warmed up again.

Sources: the schedule of `transformers` and of Alpaca; Ibrahim et al. (arXiv:2403.08763), re-warming. The loss is that
of SGD on a noisy quadratic, whose expectation follows a recursion: no random numbers are drawn.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:schedule]
def warmup_cosine(step: int, total: int, warmup: int, peak: float, floor: float = 0.0) -> float:
    """Learning rate of `step` (0 to total - 1): rises to `peak` in `warmup` steps, then half a cosine to `floor`."""
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = (step - warmup) / (total - warmup)
    return floor + (peak - floor) * (1 + float(np.cos(np.pi * progress))) / 2


# --8<-- [end:schedule]


# --8<-- [start:quadratic]
def expected_losses(rates: Array, curvature: Array, offset: Array, variance: Array, noise: float) -> Array:
    """Expected loss before each step and after the last, (steps + 1,), and directions are independent.

    `curvature`, `offset` (mean distance to the minimum) and `variance` are (d,); a gradient has noise variance `noise`.
    """
    losses = []
    for rate in rates:
        losses.append(0.5 * float((curvature * (offset**2 + variance)).sum()))
        shrink = 1 - rate * curvature  # (d,)
        offset, variance = shrink * offset, shrink**2 * variance + rate**2 * noise
    return np.array([*losses, 0.5 * float((curvature * (offset**2 + variance)).sum())])


def settled(rate: float, curvature: Array, noise: float) -> Array:
    """Variance (d,) that SGD at a constant `rate` ends in: it grows with the rate."""
    return rate * noise / (curvature * (2 - rate * curvature))


# --8<-- [end:quadratic]

CURVATURE = np.array([1.0, 0.3, 0.01])
SHIFT = np.array([0.0, 0.0, 4.0])  # (3,): the new data moves the minimum along the flattest direction
NOISE, PEAK, FLOOR, STEPS = 0.5, 0.3, 0.01, 600


def continued(rewarm: bool) -> Array:
    """Loss of continued training from a model settled at the floor rate: warmed up again, or kept at the floor."""
    start = settled(FLOOR, CURVATURE, NOISE)
    rates = [warmup_cosine(s, STEPS, 30, PEAK, FLOOR) if rewarm else FLOOR for s in range(STEPS)]
    return expected_losses(np.array(rates), CURVATURE, SHIFT, start, NOISE)
