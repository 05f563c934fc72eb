r"""LogN scaling: sharpen the softmax as the context grows, so that more tokens do not flatten the
attention.

Sources: Su, *从熵不变性看Attention的Scale操作* (https://kexue.fm/archives/8823); the form with max(1, …) is
that of the Qwen code (`use_logn_attn`), Bai et al. (arXiv:2309.16609), section 2.5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:factor]
def logn_factor(n: int, trained: int) -> Array:
    r"""What each query is multiplied by, (n,): $\max(1,\log_L i)$ at position i = 1 … n for training length
    L.
    """
    position = np.arange(1, n + 1)  # (n,), also the number of tokens that this query sees
    factor: Array = np.maximum(1.0, np.log(position) / np.log(trained))  # (n,)
    return factor


# --8<-- [end:factor]


# --8<-- [start:entropy]
def entropy(p: Array) -> Array:
    """Entropy of each row in nats: (…, n) → (…). e to this power is the number of tokens effectively
    attended to.
    """
    h: Array = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=-1)
    return h


def mean_entropy(n: int, sigma: float, factor: float, queries: int, rng: np.random.Generator) -> float:
    """Mean attention entropy of `queries` queries over n keys whose scores are normal with deviation
    `sigma`.
    """
    s = sigma * rng.standard_normal((queries, n))  # (queries, n)
    return float(entropy(softmax(factor * s)).mean())


# --8<-- [end:entropy]
