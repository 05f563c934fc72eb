r"""The SFT loss of answers of unequal length, averaged by token, by sample, and over accumulated micro-batches.

A batch of B answers, answer i with n_i scored tokens. Sources: `torch.nn.functional.cross_entropy` (mean over all
labels that are not -100); Hugging Face, *Fixing Gradient Accumulation* (2024).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:average]
def by_token(lengths: Ints) -> Array:
    """Weight of one token of each answer (B,): all tokens of the batch count alike."""
    return np.full(len(lengths), 1 / lengths.sum())


def by_sample(lengths: Ints) -> Array:
    """Mean inside each answer, then mean over answers (B,): a token of a long answer counts less."""
    return 1 / (len(lengths) * lengths.astype(np.float64))


def accumulated(lengths: Ints, micro: int) -> Array:
    """Token mean inside each micro-batch of `micro` answers, then the mean of these means (B,): the old bug."""
    weights = np.empty(len(lengths))
    groups = -(-len(lengths) // micro)
    for start in range(0, len(lengths), micro):
        part = slice(start, start + micro)
        weights[part] = 1 / (groups * lengths[part].sum())  # the divisor depends on the neighbours
    return weights


# --8<-- [end:average]


# --8<-- [start:gradient]
def loss_and_gradient(logits: list[Array], targets: list[Ints], weights: Array) -> tuple[float, list[Array]]:
    """Weighted cross-entropy and its gradient for `logits` [(n_i, V)], `targets` [(n_i,)], `weights` (B,)."""
    loss, gradients = 0.0, []
    for z, y, w in zip(logits, targets, weights, strict=True):
        log_p = z - z.max(1, keepdims=True)  # (n_i, V)
        log_p -= np.log(np.exp(log_p).sum(1, keepdims=True))
        rows = np.arange(len(y))
        loss -= w * log_p[rows, y].sum()
        g = w * np.exp(log_p)  # (n_i, V): softmax minus one-hot, times the token's weight
        g[rows, y] -= w
        gradients.append(g)
    return float(loss), gradients


# --8<-- [end:gradient]


# --8<-- [start:optimum]
def shares(lengths: Ints, weights: Array) -> Array:
    """Share of each answer in the loss, and so in the gradient, when all tokens are equally hard (B,)."""
    return lengths * weights


def stop_probability(lengths: Ints, weights: Array) -> float:
    """Best constant probability of ending after any token; each answer ends once, on its last token."""
    return float(weights.sum() / (lengths * weights).sum())


# --8<-- [end:optimum]
