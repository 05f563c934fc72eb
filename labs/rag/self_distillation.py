r"""Self-knowledge distillation of BGE-M3: the sum of three scores teaches each of the three.

Sources: Chen et al. (arXiv:2402.03216), section 3.3; weights as in FlagEmbedding's EncoderOnlyEmbedderM3Model.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
SCORE_WEIGHTS = (1.0, 0.3, 1.0)
"""dense, lexical, multi-vector, in the integrated score"""
LOSS_WEIGHTS = (1.0, 0.1, 1.0)
"""the same three, in the sum of the losses"""


# --8<-- [start:loss]
def cross_entropy(scores: Array, target: Array) -> float:
    """−Σ target · log softmax(scores), mean over queries; both (q, c), candidate i is the positive of query i."""
    shifted = scores - scores.max(1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))  # (q, c)
    return float(-(target * log_p).sum(1).mean())


def losses(dense: Array, lexical: Array, multi: Array) -> tuple[float, float, float]:
    """(labelled loss, distillation loss, their mean); scores (q, c) are already divided by the temperature."""
    branches = (dense, lexical, multi)
    inter = sum(w * s for w, s in zip(SCORE_WEIGHTS, branches, strict=True))  # (q, c)
    teacher = softmax(np.asarray(inter))  # (q, c), no gradient flows into it
    label = np.eye(*dense.shape)  # (q, c)
    hard = [w * cross_entropy(s, label) for w, s in zip(LOSS_WEIGHTS, branches, strict=True)]
    soft = [w * cross_entropy(s, teacher) for w, s in zip(LOSS_WEIGHTS, branches, strict=True)]
    labelled = (sum(hard) + cross_entropy(np.asarray(inter), label)) / 4
    distilled = sum(soft) / 3
    return labelled, distilled, (labelled + distilled) / 2


# --8<-- [end:loss]


def student_gradient(scores: Array, teacher: Array) -> Array:
    """Gradient of one query's distillation term to a branch's scores (q, c): student minus teacher."""
    return softmax(scores) - teacher
