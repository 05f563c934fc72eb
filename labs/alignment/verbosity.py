r"""How a slight taste for length in the preferences becomes long answers: a policy that only decides when to stop.

Source: Park et al., *Disentangling Length from Quality in DPO* (arXiv:2403.19159), for R-DPO.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.dpo import sigmoid

Array = npt.NDArray[np.float64]


# --8<-- [start:stop]
def log_prob(length: Array, stop: float) -> Array:
    """Of a response of `length` (n,) tokens that ends with probability `stop` after each: mean length 1/stop."""
    logp: Array = (length - 1) * np.log1p(-stop) + np.log(stop)  # (n,)
    return logp


def expected_loss(
    stop: float, ref_stop: float, taste: float, beta: float, alpha: float = 0.0, longest: int = 300
) -> float:
    r"""Exact mean of DPO's loss (R-DPO's if `alpha`) over pairs drawn from the reference.

    The annotator cannot tell quality apart and picks the longer with probability $\sigma(\text{taste}\cdot\Delta n)$.
    """
    n = np.arange(1, longest + 1).astype(float)  # (N,)
    p = np.exp(log_prob(n, ref_stop))  # (N,)
    gap = n[:, None] - n[None, :]  # (N, N): row's length less column's
    reward = beta * (log_prob(n, stop) - log_prob(n, ref_stop))  # (N,)
    margin = reward[:, None] - reward[None, :] + alpha * gap  # (N, N)
    picked = sigmoid(taste * gap)  # (N, N): the row is chosen
    return float((p[:, None] * p[None, :] * 2 * picked * np.logaddexp(0.0, -margin)).sum())


def best_stop(ref_stop: float, taste: float, beta: float, alpha: float = 0.0) -> float:
    r"""Its minimiser: $1-(1-s_{ref})e^{(\text{taste}-\alpha)/\beta}$; at 0 and below, the best policy never stops."""
    return 1 - (1 - ref_stop) * float(np.exp((taste - alpha) / beta))


# --8<-- [end:stop]


def pick_rate(ref_stop: float, taste: float, longest: int = 300) -> float:
    """Share of the pairs of unequal length in which the longer one is chosen."""
    n = np.arange(1, longest + 1).astype(float)  # (N,)
    p = np.exp(log_prob(n, ref_stop))  # (N,)
    pair = np.triu(p[:, None] * p[None, :], 1)  # (N, N): the column is longer
    gap = n[None, :] - n[:, None]  # (N, N)
    return float((pair * sigmoid(taste * gap)).sum() / pair.sum())
