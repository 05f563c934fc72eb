r"""Adaptive softmax: frequent words in a full-width head, rare words in narrow tails behind one head entry each.

Source: Grave et al., *Efficient softmax approximation for GPUs* (arXiv:1609.04309), section 4. Layout and names are
those of `torch.nn.AdaptiveLogSoftmaxWithLoss`: words are numbered from the most frequent on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def log_softmax(x: Array) -> Array:
    """Log of the softmax of the last axis, safe from overflow."""
    x = x - x.max(axis=-1, keepdims=True)
    found: Array = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return found


# --8<-- [start:forward]
@dataclass(frozen=True)
class Adaptive:
    """c_0 frequent words and J tails; tail j has n_j words and works in d_j < d dimensions."""

    head: Array  # (c_0 + J, d): the frequent words, then one entry for each tail
    tails: list[tuple[Array, Array]]  # J pairs (d_j, d) and (n_j, d_j)

    def log_prob(self, h: Array) -> Array:
        """Log probabilities of all V words: (n, d) → (n, V)."""
        top = log_softmax(h @ self.head.T)  # (n, c_0 + J)
        short = self.head.shape[0] - len(self.tails)
        parts = [top[:, :short]]
        for j, (down, out) in enumerate(self.tails):
            inside = log_softmax(h @ down.T @ out.T)  # (n, n_j): given that the word is in tail j
            parts.append(top[:, [short + j]] + inside)
        return np.concatenate(parts, axis=1)

    def target_log_prob(self, h: Array, word: int) -> float:
        """Log probability of one word for one state h (d,): touches the head and at most one tail."""
        top = log_softmax(self.head @ h)  # (c_0 + J,)
        short = len(top) - len(self.tails)
        if word < short:
            return float(top[word])
        first = short
        for j, (down, out) in enumerate(self.tails):
            if word < first + len(out):
                return float(top[short + j] + log_softmax(out @ (down @ h))[word - first])
            first += len(out)
        raise IndexError(word)


# --8<-- [end:forward]


# --8<-- [start:cost]
@dataclass(frozen=True)
class Shape:
    """Vocabulary size, model width, first word of each tail, and how much narrower each tail is than the last."""

    size: int
    d: int
    cutoffs: tuple[int, ...]
    div: int = 4

    def tails(self) -> list[tuple[int, int]]:
        """(words n_j, dimensions d_j) of each tail."""
        ends = (*self.cutoffs[1:], self.size)
        return [(b - a, self.d // self.div ** (j + 1)) for j, (a, b) in enumerate(zip(self.cutoffs, ends, strict=True))]

    def parts(self) -> list[int]:
        """Multiply-adds for one state, which are also the weights: the head, then each tail."""
        return [self.d * (self.cutoffs[0] + len(self.cutoffs))] + [d_j * (self.d + n) for n, d_j in self.tails()]

    def training_cost(self, p: Array) -> float:
        """Expected multiply-adds for one target drawn from the word probabilities p (V,): head, and its own tail."""
        head, *tails = self.parts()
        share = np.add.reduceat(p, self.cutoffs)  # (J,): how often a target lies in each tail
        return head + float(share @ np.array(tails))


# --8<-- [end:cost]
