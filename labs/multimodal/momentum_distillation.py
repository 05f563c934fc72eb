r"""Momentum distillation (ALBEF): a slow copy of the model gives soft labels beside the noisy hard ones.

Source: Li et al., *Align before Fuse* (arXiv:2107.07651), section 3.3, equations 6 and 7.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.multimodal.contrastive import Array, log_softmax

Ints = npt.NDArray[np.int64]


# --8<-- [start:ema]
def ema(slow: Array, fast: Array, m: float) -> Array:
    """The momentum model's weights after one step: m parts old, 1-m parts new."""
    return m * slow + (1 - m) * fast


# --8<-- [end:ema]


# --8<-- [start:loss]
def distillation_loss(logits: Array, hard: Array, soft: Array, alpha: float) -> float:
    """(1-α)·H(y, p) + α·KL(q‖p): `logits` (n, K) give p, `hard` (n, K) is one-hot y, `soft` (n, K) is q."""
    log_p = log_softmax(logits, axis=1)  # (n, K)
    entropy = -(hard * log_p).sum(axis=1)  # (n,)
    kl = (soft * (np.log(soft) - log_p)).sum(axis=1)  # (n,)
    return float(((1 - alpha) * entropy + alpha * kl).mean())


def distillation_grad(logits: Array, hard: Array, soft: Array, alpha: float) -> Array:
    """dL/dlogits (n, K): the same as cross-entropy against the mixed target (1-α)y + αq."""
    target = (1 - alpha) * hard + alpha * soft  # (n, K)
    grad: Array = (softmax(logits) - target) / len(logits)  # (n, K)
    return grad


# --8<-- [end:loss]


# --8<-- [start:toy]
def toy_run(alpha: float, seed: int, wrong: float = 0.4, steps: int = 400, m: float = 0.98) -> float:
    """Test accuracy of a linear classifier trained on labels of which a share `wrong` is random.

    α = 0 fits the noisy labels; α > 0 mixes in the momentum copy's own opinion, ramped up over half of the steps.
    """
    rng = np.random.default_rng(seed)
    classes, dim, n = 10, 100, 400
    centres = rng.standard_normal((classes, dim)) * 0.45  # (K, d)

    def draw(count: int) -> tuple[Array, Ints]:
        y = rng.integers(classes, size=count)  # (n,)
        return centres[y] + rng.standard_normal((count, dim)), y  # (n, d)

    x, y = draw(n)
    x_test, y_test = draw(4000)
    noisy = np.where(rng.random(n) < wrong, rng.integers(classes, size=n), y)  # (n,)
    hard = np.eye(classes)[noisy]  # (n, K)
    w = np.zeros((dim, classes))  # (d, K)
    slow = w.copy()
    for step in range(steps):
        a = alpha * min(1.0, 2 * step / steps)
        w = w - 0.5 * x.T @ distillation_grad(x @ w, hard, softmax(x @ slow), a)
        slow = ema(slow, w, m)
    return float(((x_test @ w).argmax(axis=1) == y_test).mean())


# --8<-- [end:toy]
