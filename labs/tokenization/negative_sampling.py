r"""Negative sampling: tell the true pair from k words of noise, and what the scores then converge to.

Source: Mikolov et al., *Distributed Representations of Words and Phrases* (arXiv:1310.4546), section 2.2, equation (4).
Its optimum: Levy and Goldberg, *Neural Word Embedding as Implicit Matrix Factorization* (NIPS 2014), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.tokenization.word2vec import windows

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


def sigmoid(x: Array) -> Array:
    """1/(1 + e^−x) without overflow: exp only ever sees a number ≤ 0."""
    e = np.exp(-np.abs(x))
    p: Array = np.where(x >= 0, 1, e) / (1 + e)
    return p


# --8<-- [start:noise]
def noise(counts: Array, power: float = 0.75) -> Array:
    """Noise distribution from word counts (V,): U(w)^power, normalised. Power 1 is the unigram, 0 is uniform."""
    weight = counts**power  # (V,)
    p: Array = weight / weight.sum()
    return p


# --8<-- [end:noise]


# --8<-- [start:loss]
def loss_and_grad(v: Array, u: Array) -> tuple[float, Array, Array]:
    """Loss of one pair and its gradients; v (d,) centre, u (1 + k, d) output vectors, the true one first."""
    label = np.arange(len(u)) == 0  # (1 + k,): one positive, k negatives
    s = u @ v  # (1 + k,)
    p = sigmoid(s)
    loss = -float(np.log(np.where(label, p, sigmoid(-s))).sum())  # σ(−s) = 1 − σ(s)
    delta = p - label  # (1 + k,): the same error signal as in logistic regression
    return loss, delta @ u, np.outer(delta, v)  # (d,), (1 + k, d); no other row of the table moves


# --8<-- [end:loss]


def pair_counts(sentences: list[list[str]], words: list[str], window: int) -> Array:
    """How often each centre (row) meets each context word (column): (V, V)."""
    n = np.zeros((len(words), len(words)))
    for sentence in sentences:
        for center, context in windows(sentence, window):
            for word in context:
                n[words.index(center), words.index(word)] += 1
    return n


# --8<-- [start:optimum]
def expected_loss(x: Array, n: Array, p_noise: Array, k: int) -> float:
    """Loss of the whole corpus if the pair (w, c) scores x[w, c]: (V, C) scores, (V, C) counts, (C,) noise."""
    positive = n * np.log(sigmoid(x))  # (V, C)
    negative = k * n.sum(axis=1, keepdims=True) * p_noise * np.log(sigmoid(-x))  # (V, C): each pair draws k words
    return -float((positive + negative).sum() / n.sum())


def best_scores(n: Array, p_noise: Array, k: int) -> Array:
    r"""Scores of least loss: $\log\frac{p(c\mid w)}{P_n(c)}-\log k$, the shifted PMI; −∞ for unseen pairs. (V, C)"""
    with np.errstate(divide="ignore"):
        found: Array = np.log(n / n.sum(axis=1, keepdims=True) / p_noise) - np.log(k)
    return found


# --8<-- [end:optimum]
