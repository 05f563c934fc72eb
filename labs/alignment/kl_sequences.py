r"""The KL of whole responses and its gradient token by token: which estimator keeps the effect on later tokens.

Sources: the chain rule of KL; Schulman's k1, k2, k3 (http://joschu.net/blog/kl-approx.html) applied per token.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from labs.alignment.kl_estimators import ESTIMATORS, kl, slope
from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]


# --8<-- [start:sequences]
def sequence_kl(z: Pair, ref: Pair) -> float:
    """KL of two-token responses: `z` holds logits of the first token (K,) and of the second after each first (K, K).

    Chain rule: KL of the first token, plus the mean over first tokens of the KL of the second. `ref`: probabilities.
    """
    first, second = softmax(z[0]), softmax(z[1])  # (K,), (K, K)
    later = np.array([kl(p, q) for p, q in zip(second, ref[1], strict=True)])  # (K,)
    return kl(first, ref[0]) + float((first * later).sum())


def mean_gradient(name: str, where: str, z: Pair, ref: Pair) -> Pair:
    """Expected gradient over all K² responses when token-level k goes into the loss, or into the per-token reward.

    As a reward, the cost of a token multiplies the gradient of log π of itself and of every token before it.
    """
    first, second = softmax(z[0]), softmax(z[1])  # (K,), (K, K)
    grads = np.zeros_like(first), np.zeros_like(second)
    for a, b in product(range(len(first)), repeat=2):
        p = first[a] * second[a, b]
        score = np.eye(len(first))[a] - first, np.eye(len(first))[b] - second[a]  # (K,), (K,): of log π(a), log π(b|a)
        if where == "loss":
            weight = slope(name, first, ref[0])[a], slope(name, second[a], ref[1][a])[b]
        else:
            k = ESTIMATORS[name]
            now, later = k(np.log(first), np.log(ref[0]))[a], k(np.log(second[a]), np.log(ref[1][a]))[b]
            weight = now + later, later
        grads[0][:] += p * weight[0] * score[0]
        grads[1][a] += p * weight[1] * score[1]
    return grads


# --8<-- [end:sequences]
