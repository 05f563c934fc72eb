r"""One ZeRO step: reduce-scatter the gradients, update your own slice, all-gather the parameters.

Source: Rajbhandari et al., *ZeRO* (arXiv:1910.02054), section 5; Adam as in Kingma & Ba (arXiv:1412.6980).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.distributed.collectives import all_gather, reduce_scatter

Array = npt.NDArray[np.float64]


# --8<-- [start:adam]
class Adam:
    """AdamW on a flat vector of any length: element by element, which is why it can be cut anywhere."""

    def __init__(self, size: int, lr: float, decay: float = 0.0) -> None:
        self.m, self.v, self.t = np.zeros(size), np.zeros(size), 0
        self.lr, self.decay = lr, decay

    def step(self, w: Array, g: Array) -> Array:
        """w and g (size,) → new w (size,)."""
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g  # (size,)
        self.v = 0.999 * self.v + 0.001 * g**2  # (size,)
        m, v = self.m / (1 - 0.9**self.t), self.v / (1 - 0.999**self.t)  # (size,)
        new: Array = w * (1 - self.lr * self.decay) - self.lr * m / (np.sqrt(v) + 1e-8)
        return new


# --8<-- [end:adam]


# --8<-- [start:zero]
class Zero:
    """N ranks; rank r keeps optimizer states of slice r only. All ranks are simulated in one process."""

    def __init__(self, w: Array, ranks: int, lr: float, decay: float = 0.0) -> None:
        self.size = len(w)
        padded = np.pad(w, (0, -len(w) % ranks))  # (P,): a multiple of N
        self.slices = padded.reshape(ranks, -1)  # (N, P/N): FP32 master weights, one slice a rank
        self.adam = [Adam(self.slices.shape[1], lr, decay) for _ in range(ranks)]

    def parameters(self) -> Array:
        """Stage 3 calls this when it needs them, stages 1 and 2 once after the update. → (size,)"""
        return all_gather(self.slices)[0, : self.size]

    def step(self, grads: Array) -> Array:
        """grads (N, size), one row a rank from its own data → parameters (size,) that every rank then holds."""
        n = len(self.slices)
        padded = np.pad(grads, ((0, 0), (0, -self.size % n)))  # (N, P)
        mine = reduce_scatter(padded) / n  # (N, P/N): rank r sees the mean of slice r, nothing else
        self.slices = np.stack([a.step(w, g) for a, w, g in zip(self.adam, self.slices, mine, strict=True)])
        return self.parameters()


# --8<-- [end:zero]
