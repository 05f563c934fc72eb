r"""Bottleneck adapters: serial, parallel, fused and gated.

Sources: Houlsby et al. (arXiv:1902.00751), section 2; Pfeiffer et al., *AdapterFusion* (arXiv:2005.00247), section 3.2;
He et al., *Towards a Unified View* (arXiv:2110.04366), table 1; Mao et al., *UniPELT* (arXiv:2110.07577), section 3.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:adapter]
class Adapter(NamedTuple):
    """Down to m, ReLU, up to d: `down` (m, d), `b_down` (m,), `up` (d, m), `b_up` (d,); 2md + d + m numbers."""

    down: Array
    b_down: Array
    up: Array
    b_up: Array

    def delta(self, x: Array) -> Array:
        """The correction for `x` (n, d)."""
        hidden: Array = np.maximum(x @ self.down.T + self.b_down, 0)  # (n, m)
        return hidden @ self.up.T + self.b_up  # (n, d)

    def backward(self, x: Array, grad: Array) -> Adapter:
        """Gradients of the four parts from `grad` (n, d), that of the correction."""
        z = x @ self.down.T + self.b_down  # (n, m)
        grad_z = (grad @ self.up) * (z > 0)  # (n, m)
        return Adapter(grad_z.T @ x, grad_z.sum(0), grad.T @ np.maximum(z, 0), grad.sum(0))


def new_adapter(rng: np.random.Generator, d: int, m: int) -> Adapter:
    """The up-projection starts at zero, so that the model starts as it was."""
    return Adapter(rng.standard_normal((m, d)) / np.sqrt(d), np.zeros(m), np.zeros((d, m)), np.zeros(d))


def serial(h: Array, adapter: Adapter) -> Array:
    """After a sublayer: reads the sublayer's output `h` (n, d), so it has to wait for it."""
    return h + adapter.delta(h)


def parallel(x: Array, h: Array, adapter: Adapter, scale: float) -> Array:
    """Beside a sublayer: reads its input `x` (n, d), as LoRA does, and adds s·Δh to its output `h` (n, d)."""
    return h + scale * adapter.delta(x)


# --8<-- [end:adapter]


# --8<-- [start:fusion]
def fuse(h: Array, outputs: Array, w_q: Array, w_k: Array, w_v: Array) -> tuple[Array, Array]:
    """AdapterFusion: the FFN output `h` (n, d) asks the outputs (t, n, d) of t frozen adapters; matrices (d, d).

    Only the three matrices are trained. Returns the mixture (n, d) and the weights (n, t).
    """
    q = h @ w_q  # (n, d)
    k = outputs @ w_k  # (t, n, d)
    v = outputs @ w_v  # (t, n, d)
    weights = softmax(np.einsum("nd,tnd->nt", q, k))  # (n, t), over the tasks, not over positions
    return np.einsum("nt,tnd->nd", weights, v), weights


def gate(x: Array, w: Array) -> Array:
    """UniPELT: one number in (0, 1) a sequence from `x` (n, d) and `w` (d,): how far a submodule is switched on."""
    return np.array(np.mean(1 / (1 + np.exp(-(x @ w)))))


# --8<-- [end:fusion]


# --8<-- [start:drop]
def drop_share(layers: int, dropped: int) -> tuple[float, float]:
    """AdapterDrop of the lowest layers: share of adapter work left, and of blocks that backward need not enter."""
    return (layers - dropped) / layers, dropped / layers


def task_batch_passes(layers: int, dropped: int, tasks: int) -> int:
    """Block passes for one text under several tasks: the blocks without adapters are the same for every task."""
    return dropped + tasks * (layers - dropped)


# --8<-- [end:drop]
