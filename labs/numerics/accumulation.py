r"""Gradient accumulation: micro-batches give the large batch's gradient if every token keeps its weight.

A linear classifier: logits = x W, mean cross-entropy over tokens. Source: the definition of the mean loss in
`torch.nn.functional.cross_entropy`; the tests let PyTorch differentiate the large batch.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Batch = tuple[Array, Ints]  # x (n, d), labels (n,)


def summed_gradient(w: Array, x: Array, y: Ints) -> Array:
    """Gradient (d, V) of the cross-entropy *summed* over the n tokens of `x` (n, d), labels `y` (n,)."""
    p = softmax(x @ w)  # (n, V)
    p[np.arange(len(y)), y] -= 1
    return x.T @ p  # (d, V)


# --8<-- [start:accumulate]
def accumulate(w: Array, micro: list[Batch], per_token: bool = True) -> Array:
    """One gradient (d, V) from micro-batches run one after another; only one's activations live at a time."""
    total = sum(len(y) for _, y in micro)
    grad = np.zeros_like(w)  # (d, V), the only thing kept between micro-batches
    for x, y in micro:
        scale = 1 / total if per_token else 1 / (len(y) * len(micro))  # else: the mean of the means
        grad += scale * summed_gradient(w, x, y)
    return grad


# --8<-- [end:accumulate]


def batch(rng: np.random.Generator, n: int, d: int = 6, vocab: int = 5) -> Batch:
    """Random features (n, d) and labels (n,)."""
    return rng.standard_normal((n, d)), rng.integers(0, vocab, n)
