r"""Qwen3-Reranker's score: the probability of `yes` among two logits; and the pooling of Qwen3-Embedding.

Source: Zhang et al., *Qwen3 Embedding* (arXiv:2506.05176), section 2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.rag.dense import unit

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:score]
def relevance(logits: Array, yes: int, no: int) -> Array:
    """(…,) e^{z_yes} / (e^{z_yes} + e^{z_no}) of next-token logits (…, v): a sigmoid of their difference."""
    out: Array = 1 / (1 + np.exp(logits[..., no] - logits[..., yes]))
    return out


def last_token(hidden: Array, lengths: Ints, dims: int) -> Array:
    """(b, dims) hidden state (b, n, d) at each text's last token ([EOS]), cut to its first `dims`, then scaled to 1."""
    return unit(hidden[np.arange(len(hidden)), lengths - 1, :dims])


# --8<-- [end:score]
