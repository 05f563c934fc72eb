r"""Enhanced decoding of RetroMAE: which words each output may see, and the one attention layer that uses them.

Source: Xiao et al., *RetroMAE* (arXiv:2205.12035), section 3.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


# --8<-- [start:mask]
def visible(n: int, hidden: float, rng: np.random.Generator) -> Bools:
    """(n, n + 1), True = may look: row i predicts token i from its own draw; column 0 is the sentence vector."""
    out = rng.random((n, n + 1)) >= hidden  # about 1 − hidden of the tokens, another choice in each row
    out[np.arange(n), np.arange(n) + 1] = False  # a token must not see itself: it is the answer
    out[:, 0] = True  # the sentence vector is always there
    return out


def decode(sentence: Array, tokens: Array, position: Array, w_q: Array, w_k: Array, w_v: Array, see: Bools) -> Array:
    """Queries that know only the sentence and their place, over keys that are the unmasked words.

    `sentence` (d,), `tokens` (n, d), `position` (n + 1, d), weights (d, d), `see` (n, n + 1) → (n, d).
    """
    h1 = sentence + position[1:]  # (n, d)
    h2 = np.concatenate([sentence[None], tokens + position[1:]])  # (n + 1, d)
    scores = (h1 @ w_q) @ (h2 @ w_k).T / np.sqrt(len(sentence))  # (n, n + 1)
    out: Array = softmax(np.where(see, scores, -np.inf)) @ (h2 @ w_v)
    return out


# --8<-- [end:mask]
