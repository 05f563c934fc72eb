r"""Entropy under group updates on a small softmax policy, and what a higher upper clip changes.

Source: Yu et al., *DAPO* (arXiv:2503.14476), section 3.1 (ε_low = 0.2, ε_high = 0.28).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]

SUCCESS = np.array([0.5, 0.5] + [0.1] * 13 + [0.9])
"""Pass rate of 16 ways to start an answer (16,): two are common and fair, one is rare and good."""
START = np.array([3.0, 3.0] + [0.0] * 13 + [-1.0])
"""Logits at the start (16,): the good way has probability 0.7 %."""


# --8<-- [start:headroom]
def headroom(p: Array, high: float) -> Array:
    """Highest probability up to which the upper clip leaves the gradient: min(1, (1+ε)p), elementwise."""
    out: Array = np.minimum(1.0, (1 + high) * p)
    return out


# --8<-- [end:headroom]


# --8<-- [start:train]
def train(high: float, low: float = 0.2, steps: int = 61, runs: int = 64, seed: int = 0) -> tuple[Array, Array]:
    """Mean entropy (nats) and mean pass rate before each step, over independent runs: (steps,), (steps,).

    A step samples 16 groups of 16 answers, normalises 0/1 rewards in the group, and makes 6 updates on that batch.
    """
    rng = np.random.default_rng(seed)
    z = np.tile(START, (runs, 1))  # (R, 16)
    row = np.arange(runs)[:, None]  # (R, 1)
    entropy, passed = [], []
    for _ in range(steps):
        old = softmax(z)  # (R, 16)
        entropy.append(float(-(old * np.log(old + 1e-300)).sum(axis=1).mean()))
        passed.append(float((old @ SUCCESS).mean()))
        draw = rng.random((runs, 256))  # (R, 256): 16 groups × 16 answers
        action = (draw[:, :, None] > old.cumsum(axis=1)[:, None]).sum(axis=2).clip(max=15)  # (R, 256)
        reward = (rng.random((runs, 256)) < SUCCESS[action]).astype(float).reshape(runs, 16, 16)
        centred = reward - reward.mean(axis=2, keepdims=True)  # (R, groups, G)
        std = reward.std(axis=2, keepdims=True)
        a = np.divide(centred, std, out=np.zeros_like(centred), where=std > 0).reshape(runs, 256)  # (R, 256)
        for _ in range(6):
            p = softmax(z)  # (R, 16)
            ratio = p[row, action] / old[row, action]  # (R, 256)
            live = np.where(a > 0, ratio <= 1 + high, ratio >= 1 - low)  # (R, 256)
            pull = a * ratio * live / 256  # (R, 256)
            grad = -p * pull.sum(axis=1, keepdims=True)  # (R, 16)
            np.add.at(grad, (np.broadcast_to(row, action.shape), action), pull)
            z = z + 3.0 * grad
    return np.array(entropy), np.array(passed)


# --8<-- [end:train]
