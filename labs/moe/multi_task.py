r"""MMoE and PLE's single layer CGC: soft gates over all visible experts, one gate for each task.

Sources: Ma et al., *MMoE* (KDD 2018, doi:10.1145/3219819.3220007), equations 6 and 7; Tang et al., *PLE* (RecSys 2020,
doi:10.1145/3383313.3412236), equations 1 to 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


def relu_experts(x: Array, w: Array) -> Array:
    """All experts on all samples: (B, d), (n, d, h) → (B, n, h)."""
    out: Array = np.maximum(np.einsum("bd,ndh->bnh", x, w), 0)
    return out


# --8<-- [start:mmoe]
def mmoe(x: Array, experts: Array, gates: Array) -> Array:
    """Input of each task's tower, (K, B, h): `experts` (n, d, h) shared by all, `gates` (K, d, n)."""
    f = relu_experts(x, experts)  # (B, n, h): every expert runs, nothing is skipped
    g = softmax(np.einsum("bd,kdn->kbn", x, gates))  # (K, B, n): a distribution over all experts
    out: Array = np.einsum("kbn,bnh->kbh", g, f)
    return out


# --8<-- [end:mmoe]


# --8<-- [start:cgc]
def cgc(x: Array, shared: Array, own: Array, gates: Array) -> tuple[Array, Array]:
    """Tower inputs (K, B, h) and gate weights (K, B, m + s): a task sees its own m experts and the s shared ones.

    `shared` (s, d, h), `own` (K, m, d, h), `gates` (K, d, m + s).
    """
    common = relu_experts(x, shared)  # (B, s, h)
    outputs, weights = [], []
    for experts, gate in zip(own, gates, strict=True):
        visible = np.concatenate([relu_experts(x, experts), common], axis=1)  # (B, m + s, h)
        w = softmax(x @ gate)  # (B, m + s)
        outputs.append(np.einsum("bn,bnh->bh", w, visible))
        weights.append(w)
    return np.array(outputs), np.array(weights)


# --8<-- [end:cgc]
