"""LogN scaling: sharpen the softmax as the context grows, so that more tokens do not flatten it.

Sources: Su (2021), https://kexue.fm/archives/8823; the form with max(1, …) is that of the Qwen code
(`use_logn_attn`), Bai et al. (arXiv:2309.16609), section 2.5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:factor]
def logn_factor(n: int, trained: int) -> Array:
    r"""Factor of each query, (n,): $\max(1,\log_L i)$ at position i = 1 … n, L = `trained`."""
    position = np.arange(1, n + 1)  # (n,), also the number of tokens that this query sees
    factor: Array = np.maximum(1.0, np.log(position) / np.log(trained))  # (n,)
    return factor


# --8<-- [end:factor]


# --8<-- [start:entropy]
def entropy(p: Array) -> Array:
    """Entropy of each row in nats, (…, n) → (…): attention is spread over about $e^H$ tokens."""
    h: Array = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=-1)
    return h


def mean_entropy(n: int, sigma: float, factor: float, queries: int, rng: np.random.Generator) -> float:
    """Mean attention entropy over n keys with normal scores of deviation `sigma`."""
    s = sigma * rng.standard_normal((queries, n))  # (queries, n)
    return float(entropy(softmax(factor * s)).mean())


# --8<-- [end:entropy]
