r"""Likelihood displacement: DPO on one pair lowers both of its responses when they look alike to the model.

Source: Razin et al., *Unintentional Unalignment* (arXiv:2410.08847), section 4: one-token responses, a softmax over
W·h with the unembedding W and the hidden state h.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.dpo import dpo
from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:rate]
def log_prob_rates(w: Array, h: Array, win: int, lose: int) -> tuple[Array, Array]:
    r"""Rate of change of every log π(y) (K,), per unit of pull, when DPO moves h (first), or `w` (second).

    `w` (K, d) holds a row per response, `h` (d,) the hidden state. The pull raises log π(win) − log π(lose), whose
    gradient is $w_{win}-w_{lose}$ in h, and $\pm h$ in the two rows.
    """
    pi = softmax(w @ h)  # (K,)
    by_h = w @ (w[win] - w[lose])  # (K,): change of the logits
    by_w = np.zeros(len(pi))  # (K,)
    by_w[win], by_w[lose] = h @ h, -(h @ h)
    return by_h - pi @ by_h, by_w - pi @ by_w  # log-softmax subtracts the mean change


# --8<-- [end:rate]


# --8<-- [start:train]
def train(
    w: Array, h: Array, win: int, lose: int, beta: float = 0.1, lr: float = 1.0, steps: int = 100, alpha: float = 0.0
) -> Array:
    """Probabilities (steps + 1, K) while descent moves h alone; `alpha` adds the NLL of the chosen response."""
    ref = np.log(softmax(w @ h))  # (K,): the policy before training
    path = [np.exp(ref)]
    for _ in range(steps):
        logp = np.log(softmax(w @ h))  # (K,)
        _, g_w, g_l = dpo(logp[[win]], logp[[lose]], ref[[win]], ref[[lose]], beta)
        mean = softmax(w @ h) @ w  # (d,)
        h = h - lr * ((g_w[0] - alpha) * (w[win] - mean) + g_l[0] * (w[lose] - mean))
        path.append(softmax(w @ h))
    return np.array(path)  # (steps + 1, K)


# --8<-- [end:train]

HIDDEN = np.array([1.0, 0.3])  # (d,)
ALIKE = np.array([[1.0, 0.2], [1.1, -0.2], [-0.5, 2.0]])  # (K, d)
"""Rows of the chosen, the rejected and a third response: the first two look alike, their difference the third."""
APART = np.array([[1.0, 0.2], [0.44, 2.0], [-0.5, 2.0]])  # (K, d): another rejected row with the same logit
