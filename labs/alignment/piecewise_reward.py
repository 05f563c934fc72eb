r"""Two reward models, one reward: Llama 2's rule for helpfulness and safety.

Source: Touvron et al. (arXiv:2307.09288), section 3.2.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:combine]
def combine(safety: Array, helpful: Array, risky: npt.NDArray[np.bool_], threshold: float = 0.15) -> Array:
    """The safety score where the prompt is tagged risky or the answer looks unsafe, else helpfulness: (n,)."""
    return np.where(risky | (safety < threshold), safety, helpful)  # (n,)


def whitened_logit(score: Array) -> Array:
    """Undo the sigmoid, then mean 0 and variance 1 over the batch (n,), so that KL and reward have known scales."""
    logit = np.log(score / (1 - score))  # (n,)
    white: Array = (logit - logit.mean()) / logit.std()
    return white


# --8<-- [end:combine]
