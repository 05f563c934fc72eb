r"""Randomness in the router: noise on the logits, a coin for the second expert, Gumbel noise on the second choice.

Sources: Shazeer et al. (arXiv:1701.06538), equations 4 and 5; GShard (arXiv:2006.16668), section 2.2 and algorithm 1;
DeepSpeed's `top2gating` for the Gumbel variant. Three different mechanisms.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.moe.layer import top_k

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:noisy]
def noisy_logits(x: Array, w_g: Array, w_n: Array, rng: np.random.Generator) -> Array:
    """(T, E): x W_g + ε·softplus(x W_n), ε ~ N(0, 1); the scale of the noise is learned per expert."""
    scale = np.logaddexp(0, x @ w_n)  # (T, E), softplus
    return x @ w_g + rng.standard_normal(scale.shape) * scale


def coin_for_second(logits: Array, rng: np.random.Generator) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """GShard: the two best (T, 2); the second is sent with probability 2·g₂, g normalised over the two."""
    ids = top_k(logits, 2)
    g = softmax(np.take_along_axis(logits, ids, axis=-1))  # (T, 2)
    return ids, rng.random(len(ids)) < 2 * g[:, 1]  # g₂ ≤ ½, so this is a probability


def gumbel_second(logits: Array, rng: np.random.Generator) -> Ids:
    """DeepSpeed: the best stays; the second is the best of the rest after Gumbel noise, (T, 2)."""
    first = logits.argmax(axis=-1)  # (T,)
    noisy = logits + rng.gumbel(size=logits.shape)  # argmax of this samples from the softmax
    noisy[np.arange(len(first)), first] = -np.inf
    return np.stack([first, noisy.argmax(axis=-1)], axis=-1)


# --8<-- [end:noisy]
