r"""Why Adam's first steps are too bold, RAdam's correction, and two warm-up schedules.

Sources: Liu et al. (arXiv:1908.03265), section 4, for RAdam; Vaswani et al. (arXiv:1706.03762), section 5.3, and
Devlin et al. (arXiv:1810.04805), appendix A.2, for the schedules. Gradients are pure noise g ~ N(0, 1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:schedules]
def noam(t: int, d_model: int = 512, warmup: int = 4000) -> float:
    """The first Transformer's rate at step t = 1, 2, …: linear up, then the inverse square root of t."""
    return float(d_model**-0.5 * min(t**-0.5, t * warmup**-1.5))


def linear(t: int, peak: float, warmup: int, total: int) -> float:
    """BERT's: linear up to `peak` at step `warmup`, linear down to 0 at step `total`."""
    return peak * min(t / warmup, (total - t) / (total - warmup))


# --8<-- [end:schedules]


# --8<-- [start:early]
def adam_updates(g: Array, b1: float = 0.9, b2: float = 0.999) -> Array:
    """Adam's step over its rate, m̂/√v̂ (T, n), for gradients `g` (T, n) of n independent weights."""
    m = v = np.zeros(g.shape[1])
    out = []
    for t, row in enumerate(g, start=1):
        m, v = b1 * m + (1 - b1) * row, b2 * v + (1 - b2) * row**2  # (n,)
        out.append(m / (1 - b1**t) / np.sqrt(v / (1 - b2**t)))
    return np.stack(out)


def known_variance_rms(t: int, b1: float = 0.9) -> float:
    """RMS of m̂_t for unit noise: what the step would be if v were known exactly; tends to √((1-β₁)/(1+β₁))."""
    return float(np.sqrt((1 - b1) * (1 + b1**t) / ((1 + b1) * (1 - b1**t))))


# --8<-- [end:early]


# --8<-- [start:radam]
def rectification(t: int, b2: float = 0.999) -> float:
    """RAdam's factor r_t on the adaptive step; 0 where it takes a plain momentum step instead (ρ_t ≤ 5)."""
    longest = 2 / (1 - b2) - 1
    rho = longest - 2 * t * b2**t / (1 - b2**t)
    if rho <= 5:  # the paper says 4; its code, and PyTorch's, wait for 5
        return 0.0
    return float(np.sqrt((rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho)))


# --8<-- [end:radam]


def noise(steps: int = 1000, weights: int = 2000, seed: int = 0) -> Array:
    """Unit normal gradients (T, n)."""
    return np.random.default_rng(seed).standard_normal((steps, weights))
