r"""Image-text matching: hard negatives drawn from the contrastive similarities, and what retrieval costs in forwards.

Sources: Li et al., *Align before Fuse* (arXiv:2107.07651), section 3.2; Kim et al., *ViLT* (arXiv:2102.03334).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.multimodal.contrastive import Array

Ints = npt.NDArray[np.int64]


# --8<-- [start:hard]
def negative_weights(logits: Array) -> Array:
    """How likely each text is the negative of each image: softmax of the ITC `logits` (N, N), own pair removed."""
    weights = softmax(logits, axis=1)  # (N, N)
    np.fill_diagonal(weights, 0.0)
    rows: Array = weights / weights.sum(axis=1, keepdims=True)  # (N, N)
    return rows


def draw_negatives(logits: Array, rng: np.random.Generator) -> Ints:
    """One negative text for every image (N,): the more the pair looks right, the more often it is drawn."""
    cumulative = negative_weights(logits).cumsum(axis=1)  # (N, N)
    drawn: Ints = (rng.random((len(logits), 1)) > cumulative).sum(axis=1)  # (N,)
    return drawn


# --8<-- [end:hard]


# --8<-- [start:loss]
def itm_loss(match_logits: Array, labels: Ints) -> float:
    """Two-class cross-entropy of `match_logits` (3N, 2): N pairs, N with a wrong image, N with a wrong text."""
    shifted = match_logits - match_logits.max(axis=1, keepdims=True)  # (3N, 2)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # (3N, 2)
    return float(-log_p[np.arange(len(labels)), labels].mean())


# --8<-- [end:loss]


# --8<-- [start:cost]
def forwards(images: int, texts: int, design: str, keep: int = 0) -> int:
    """Transformer forwards to rank all `texts` for every image.

    "two-tower": encode each once. "single-stream": every pair. "rerank": encode each once, then fuse the `keep` best.
    """
    if design == "two-tower":
        return images + texts
    if design == "single-stream":
        return images * texts
    return images + texts + images * keep


# --8<-- [end:cost]
