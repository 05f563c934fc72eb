r"""Three scores from the hidden states of one encoder, as in BGE-M3: dense, lexical, multi-vector.

Source: Chen et al., *M3-Embedding* (arXiv:2402.03216), section 3.2; the third is ColBERT's (arXiv:2004.12832).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.rag.dense import unit

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:scores]
def dense(h_q: Array, h_p: Array) -> float:
    """Cosine of the first ([CLS]) rows; `h_q` (n, d) and `h_p` (m, d) are last-layer hidden states."""
    return float(unit(h_q[0]) @ unit(h_p[0]))


def lexical_weights(h: Array, ids: Ints, w_lex: Array, vocabulary: int) -> Array:
    """(v,) ReLU(hᵢ · w) at each token's id, the largest where an id repeats; `h` (n, d), `ids` (n,), `w_lex` (d,)."""
    out = np.zeros(vocabulary)  # (v,) every id that does not occur in the text stays 0
    np.maximum.at(out, ids, np.maximum(h @ w_lex, 0))
    return out


def lexical(weights_q: Array, weights_p: Array) -> float:
    """Only ids that occur in both add to the score."""
    return float(weights_q @ weights_p)


def multi_vector(h_q: Array, h_p: Array, w_mul: Array) -> float:
    """Mean over query tokens of the best cosine with any passage token; `w_mul` (d, d')."""
    similarity = unit(h_q @ w_mul) @ unit(h_p @ w_mul).T  # (n, m)
    return float(similarity.max(1).mean())


# --8<-- [end:scores]
