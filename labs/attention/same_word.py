r"""One word in two sentences: the same query, other weights, because the softmax runs over the sentence.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), sections 3.2.1 and 3.5 (positions).
"""

from __future__ import annotations

import numpy as np

from labs.attention.scaled_dot_product import Array, scores, softmax

WORDS = ["苹果", "很", "甜", "发布", "新", "手机"]
SWEET = ["苹果", "很", "甜"]
PHONE = ["苹果", "发布", "新", "手机"]


class Head:
    """A first layer of one head with random weights: a table of word vectors and two projections."""

    def __init__(self, seed: int, d: int = 32, d_k: int = 16) -> None:
        rng = np.random.default_rng(seed)
        self.table = rng.standard_normal((len(WORDS), d))  # (words, d)
        self.w_q, self.w_k = rng.standard_normal((2, d, d_k)) / np.sqrt(d)  # (d, d_k) each

    def embed(self, sentence: list[str], positions: bool) -> Array:
        """Word vectors of a sentence, with sinusoidal positions added on request: (n, d)."""
        x = self.table[[WORDS.index(word) for word in sentence]]  # (n, d)
        return x + sinusoid(*x.shape) if positions else x

    # --8<-- [start:rows]
    def weights(self, sentence: list[str], positions: bool = False) -> Array:
        """Attention weights of a sentence, one row a query: (n, n)."""
        x = self.embed(sentence, positions)  # (n, d)
        return softmax(scores(x @ self.w_q, x @ self.w_k))  # (n, n)

    # --8<-- [end:rows]


def sinusoid(n: int, d: int) -> Array:
    r"""Positions $\sin(p/10000^{2i/d})$ and $\cos(\cdot)$ in alternate columns: (n, d)."""
    angle = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)  # (n, d/2)
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(n, d)  # (n, d)
