r"""CLIP's softmax loss and SigLIP's sigmoid loss on the same matrix of similarities, with their gradients.

Sources: Radford et al., *Learning Transferable Visual Models* (arXiv:2103.00020), figure 3; Zhai et al., *Sigmoid Loss
for Language Image Pre-Training* (arXiv:2303.15343), equations 1 and 2, algorithm 1, section 3.3 (chunks).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def normalize(x: Array) -> Array:
    """Each row of `x` (n, d) divided by its length."""
    unit: Array = x / np.linalg.norm(x, axis=-1, keepdims=True)  # (n, d)
    return unit


def log_softmax(z: Array, axis: int) -> Array:
    """log softmax of `z` along `axis`, without overflow."""
    z = z - z.max(axis=axis, keepdims=True)
    out: Array = z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
    return out


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z), without overflow."""
    out: Array = np.exp(-np.logaddexp(0.0, -z))
    return out


# --8<-- [start:clip]
def clip_loss(logits: Array) -> tuple[float, Array]:
    """Symmetric cross-entropy of `logits` (N, N), row i image and column j text; and dL/dlogits (N, N)."""
    n = len(logits)
    rows, cols = log_softmax(logits, axis=1), log_softmax(logits, axis=0)  # (N, N): over texts, over images
    loss = -(np.trace(rows) + np.trace(cols)) / (2 * n)
    grad = (np.exp(rows) + np.exp(cols) - 2 * np.eye(n)) / (2 * n)  # (N, N): every cell hears of every other
    return float(loss), grad


# --8<-- [end:clip]


# --8<-- [start:siglip]
def siglip_loss(logits: Array, labels: Array | None = None) -> tuple[float, Array]:
    """SigLIP's loss of `logits` (N, N), `labels` +1 on the diagonal and -1 elsewhere; and dL/dlogits (N, N)."""
    n = len(logits)
    z = 2 * np.eye(n) - 1 if labels is None else labels  # (N, N)
    loss = np.logaddexp(0.0, -z * logits).sum() / n  # -log σ(z·logit), summed over pairs, divided by N and not by N²
    grad = -z * sigmoid(-z * logits) / n  # (N, N): each cell knows only itself
    return float(loss), grad


# --8<-- [end:siglip]


# --8<-- [start:chunks]
def siglip_chunked(x: Array, y: Array, scale: float, bias: float, devices: int) -> tuple[list[float], int]:
    """SigLIP with `x`, `y` (N, d) split over devices: each keeps its images while the texts move in a ring.

    Returns each device's share of the loss, whose sum is the whole loss, and the most logits held at once.
    """
    n, b = len(x), len(x) // devices
    images, texts = x.reshape(devices, b, -1), y.reshape(devices, b, -1)  # (D, b, d)
    share, largest = [0.0] * devices, 0
    for step in range(devices):
        for device in range(devices):
            owner = (device + step) % devices  # whose texts are here after `step` hand-overs
            logits = scale * images[device] @ texts[owner].T + bias  # (b, b), the only block in memory
            labels = 2 * np.eye(b) - 1 if owner == device else -np.ones((b, b))  # positives never travel
            share[device] += siglip_loss(logits, labels)[0] * b / n
            largest = max(largest, logits.size)
    return share, largest


# --8<-- [end:chunks]


# --8<-- [start:backward]
def pair_gradients(
    x: Array, y: Array, scale: float, grad: Array, similarity: Array
) -> tuple[Array, Array, float, float]:
    """From dL/dlogits to the unit vectors `x`, `y` (N, d), to t' = ln(scale), and to the bias."""
    d_x = scale * grad @ y  # (N, d)
    d_y = scale * grad.T @ x  # (N, d)
    d_log_scale = scale * float((grad * similarity).sum())  # scale = e^t' stays positive
    return d_x, d_y, d_log_scale, float(grad.sum())


# --8<-- [end:backward]


# --8<-- [start:floor]
def softmax_floor(n: int, scale: float) -> float:
    """The least CLIP loss that cosines allow: 1 on the diagonal, -1/(N-1) off it (a regular simplex)."""
    return float(np.log1p((n - 1) * np.exp(-scale * (1 + 1 / (n - 1)))))


# --8<-- [end:floor]


def siglip_at_start(n: int, bias: float) -> tuple[float, float]:
    """SigLIP's loss at unrelated embeddings (cosine 0): the share of the positive pair and of the N-1 negatives."""
    return float(np.logaddexp(0.0, -bias)), float((n - 1) * np.logaddexp(0.0, bias))
