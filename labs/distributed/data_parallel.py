r"""Data parallelism: averaging gradients equals one big batch, if the weights of the average are right.

Source: Li et al., *PyTorch Distributed* (arXiv:2006.15704), sections 2 and 3 (buckets in reverse order).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.distributed.collectives import all_reduce

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


# --8<-- [start:grad]
def loss_and_grad(w: Array, x: Array, y: Labels) -> tuple[float, Array]:
    """Mean cross-entropy over the tokens x (n, d) with labels y (n,) and weights w (d, V), and its gradient."""
    z = x @ w  # (n, V)
    p = np.exp(z - z.max(axis=1, keepdims=True))  # (n, V)
    p /= p.sum(axis=1, keepdims=True)
    loss = -float(np.log(p[np.arange(len(y)), y]).mean())
    p[np.arange(len(y)), y] -= 1
    return loss, x.T @ p / len(y)  # (d, V)


# --8<-- [end:grad]


# --8<-- [start:average]
def mean_of_means(w: Array, shards: list[tuple[Array, Labels]]) -> Array:
    """What DDP does: each rank averages over its own tokens, then the ranks are averaged. → (d, V)"""
    grads = np.stack([loss_and_grad(w, x, y)[1].ravel() for x, y in shards])  # (N, d·V)
    mean: Array = all_reduce(grads)[0].reshape(w.shape) / len(shards)
    return mean


def token_mean(w: Array, shards: list[tuple[Array, Labels]]) -> Array:
    """The big batch's gradient: sum over tokens first, divide by the global token count. → (d, V)"""
    sums = np.stack([len(y) * loss_and_grad(w, x, y)[1].ravel() for x, y in shards])  # (N, d·V)
    counts = np.array([[float(len(y))] for _, y in shards])  # (N, 1): one more number to all-reduce
    mean: Array = all_reduce(sums)[0].reshape(w.shape) / all_reduce(counts)[0, 0]
    return mean


# --8<-- [end:average]


# --8<-- [start:buckets]
def make_buckets(sizes: list[int], cap: int, first: int) -> list[list[int]]:
    """Indices of parameters per bucket, last layer first; a bucket is closed once it holds `cap` bytes.

    The first bucket is small, so that communication starts early in the backward pass.
    """
    buckets: list[list[int]] = [[]]
    filled = 0
    for i in reversed(range(len(sizes))):  # gradients of the last layers are ready first
        buckets[-1].append(i)
        filled += sizes[i]
        if filled >= (first if len(buckets) == 1 else cap):
            buckets.append([])
            filled = 0
    return [b for b in buckets if b]


def bucketed_average(grads: list[list[Array]], buckets: list[list[int]]) -> list[Array]:
    """grads[rank][i] of any shapes → averages: one collective a bucket instead of one a tensor."""
    out = [np.empty_like(g) for g in grads[0]]
    for bucket in buckets:
        flat = np.stack([np.concatenate([rank[i].ravel() for i in bucket]) for rank in grads])  # (N, bucket size)
        mean = all_reduce(flat)[0] / len(grads)  # (bucket size,)
        for i, part in zip(bucket, np.split(mean, np.cumsum([grads[0][i].size for i in bucket])[:-1]), strict=True):
            out[i] = part.reshape(grads[0][i].shape)
    return out


# --8<-- [end:buckets]
