r"""Token ratio, product and geometric mean on all answers of a tiny policy: what each corrects, and how it spreads.

Answers have T tokens, each one of V signs, and the policy has its own logits at every place (T, V).
Source: Zheng et al., *GSPO* (arXiv:2507.18071), sections 3 and 4.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:enumerate]
def answers(length: int, signs: int) -> npt.NDArray[np.int64]:
    """All sign sequences: (signs^length, length)."""
    return np.array(list(product(range(signs), repeat=length)))


def token_logp(logits: Array, seqs: npt.NDArray[np.int64]) -> Array:
    """Log-probability of each token of each answer: logits (T, V), seqs (N, T) → (N, T)."""
    table = np.log(softmax(logits))  # (T, V)
    return table[np.arange(logits.shape[0]), seqs]


def surrogates(new: Array, old: Array, reward: Array, seqs: npt.NDArray[np.int64]) -> dict[str, float]:
    r"""Exact expectations under the old policy, without clipping: $E[w\,r]$ for four weights w, and the true J.

    `reward` (N,); product: the whole ratio; token: mean of the token ratios (GRPO); sequence: geometric mean (GSPO).
    """
    log_ratio = token_logp(new, seqs) - token_logp(old, seqs)  # (N, T)
    chance = np.exp(token_logp(old, seqs).sum(axis=1))  # (N,)
    weights = {
        "product": np.exp(log_ratio.sum(axis=1)),  # (N,)
        "token": np.exp(log_ratio).mean(axis=1),  # (N,)
        "sequence": np.exp(log_ratio.mean(axis=1)),  # (N,)
    }
    out = {name: float((chance * w * reward).sum()) for name, w in weights.items()}
    out["true"] = float((np.exp(token_logp(new, seqs).sum(axis=1)) * reward).sum())
    return out


# --8<-- [end:enumerate]


# --8<-- [start:spread]
def spread(noise: float, length: int) -> tuple[float, float, float]:
    r"""Deviation of log w when token log-ratios are independent with deviation `noise`: token, product, sequence."""
    return noise, noise * length**0.5, noise / length**0.5


# --8<-- [end:spread]
