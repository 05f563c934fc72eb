r"""The smallest language model: a bigram table. Counting is maximum likelihood, and training finds the counts.

Sources: Radford et al., *Improving Language Understanding by Generative Pre-Training* (2018), equation 1;
Goodfellow, Bengio and Courville, *Deep Learning*, section 12.4.1 for n-gram models.
"""

from __future__ import annotations

from math import exp

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

CORPUS = "四是四，十是十，十四是十四，四十是四十。"


# --8<-- [start:counts]
def encode(text: str) -> tuple[Ids, str]:
    """Token ids of the characters (T,), and the vocabulary in order of first appearance."""
    vocab = "".join(dict.fromkeys(text))
    return np.array([vocab.index(c) for c in text]), vocab


def count_bigrams(ids: Ids, size: int) -> Array:
    """How often token j follows token i: (V, V)."""
    counts = np.zeros((size, size))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    return counts


def probabilities(counts: Array, add: float = 0.0) -> Array:
    """Rows P(next | current), (V, V); `add` to each count first (a row never seen is uniform)."""
    raised = counts + add
    total = raised.sum(axis=1, keepdims=True)  # (V, 1)
    return np.where(total > 0, raised / np.maximum(total, 1e-300), 1 / len(counts))


def loss(p: Array, ids: Ids) -> float:
    r"""Mean $-\log P(x_t\mid x_{t-1})$ in nats: the training loss, whose exponential is the perplexity."""
    with np.errstate(divide="ignore"):
        return float(-np.log(p[ids[:-1], ids[1:]]).mean())


# --8<-- [end:counts]


# --8<-- [start:train]
def train(ids: Ids, size: int, steps: int, rate: float = 2.0) -> tuple[Array, list[float]]:
    """Gradient descent on a table of logits (V, V) with next-token cross-entropy; the losses on the way."""
    counts = count_bigrams(ids, size)  # (V, V)
    logits = np.zeros((size, size))  # (V, V): the only parameters
    losses = []
    for _ in range(steps):
        p = softmax(logits)  # (V, V)
        losses.append(loss(p, ids))
        grad = (counts.sum(axis=1, keepdims=True) * p - counts) / counts.sum()  # (V, V)
        logits -= rate * grad
    return logits, losses


def generate(p: Array, start: int, length: int, rng: np.random.Generator) -> list[int]:
    """Feed each drawn token back as the next input; the table `p` (V, V) never changes."""
    out = [start]
    for _ in range(length):
        out.append(int(rng.choice(len(p), p=p[out[-1]])))
    return out


# --8<-- [end:train]


def perplexity(p: Array, ids: Ids) -> float:
    """exp(loss): as unsure as among that many equally likely tokens."""
    return exp(loss(p, ids))
