r"""Which factor of LoRA starts at zero: a learning-rate sweep with Adam on a teacher of rank 4.

Source: Hayou, Ghosh and Yu, *The Impact of Initialization on LoRA Finetuning
Dynamics* (arXiv:2406.08447), sections 3-4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.finetuning.lora import backward

Array = npt.NDArray[np.float64]


# --8<-- [start:init]
def init(rng: np.random.Generator, d: int, k: int, r: int, zero: str = "B") -> tuple[Array, Array]:
    """A (r, k) and B (d, r), one random and one zero, so that B·A = 0; each keeps the variance of what it maps."""
    a = rng.standard_normal((r, k)) / np.sqrt(k) if zero == "B" else np.zeros((r, k))
    b = rng.standard_normal((d, r)) / np.sqrt(r) if zero == "A" else np.zeros((d, r))
    return a, b


# --8<-- [end:init]


class Adam:
    """Adam (β 0.9, 0.999) for one array."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.m, self.v, self.t = np.zeros(shape), np.zeros(shape), 0

    def step(self, grad: Array, lr: float) -> Array:
        """What to subtract from the parameter."""
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * grad
        self.v = 0.999 * self.v + 0.001 * grad**2
        m, v = self.m / (1 - 0.9**self.t), self.v / (1 - 0.999**self.t)
        return lr * m / (np.sqrt(v) + 1e-8)


# --8<-- [start:train]
def train(zero: str, lr: float, width: int, steps: int = 100, r: int = 4, seed: int = 0) -> float:
    """Final loss over the loss at the start: learn a rank-4 change of W₀ from 64 inputs of dimension `width`.

    W₀x is the same on both sides of the loss and drops out; what is left is the branch against the teacher's change.
    """
    rng = np.random.default_rng(seed)
    n, d = 64, 16
    x = rng.standard_normal((n, width))  # (n, k)
    teacher = rng.standard_normal((d, 4)) @ rng.standard_normal((4, width)) / np.sqrt(4 * width)  # (d, k)
    target = x @ teacher.T  # (n, d), entries of order one
    a, b = init(rng, d, width, r, zero)
    opt_a, opt_b, w0 = Adam(a.shape), Adam(b.shape), np.zeros((d, width))
    for _ in range(steps):
        error = (x @ a.T) @ b.T - target  # (n, d)
        grad_a, grad_b, _ = backward(x, w0, a, b, 1.0, error / n)
        a, b = a - opt_a.step(grad_a, lr), b - opt_b.step(grad_b, lr)
    return float((((x @ a.T) @ b.T - target) ** 2).mean() / (target**2).mean())


def sweep(zero: str, lrs: Array, width: int, seeds: int = 3) -> Array:
    """Median over seeds of the final relative loss at each learning rate, (len(lrs),)."""
    return np.array([np.median([train(zero, float(lr), width, seed=s) for s in range(seeds)]) for lr in lrs])


# --8<-- [end:train]
