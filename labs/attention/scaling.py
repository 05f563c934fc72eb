r"""Why scores are divided by $\sqrt{d_k}$: unscaled, their variance is $d_k$ and softmax saturates.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 3.2.1 with footnote 4; for
T5's initial values, `T5PreTrainedModel._init_weights` of Hugging Face Transformers (after Mesh TensorFlow).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from labs.attention.scaled_dot_product import Array, scores, softmax


def dot_products(d_k: int, trials: int, rng: np.random.Generator) -> Array:
    """Dot products of `trials` independent pairs q, k with unit normal entries: (trials,)."""
    q, k = rng.standard_normal((2, trials, d_k))  # (trials, d_k) each
    dots: Array = np.einsum("td,td->t", q, k)  # (trials,)
    return dots


# --8<-- [start:saturation]
def jacobian(p: Array) -> Array:
    r"""Jacobian $\partial p/\partial s=\mathrm{diag}(p)-pp^\top$ of a softmax: (…, n) gives (…, n, n)."""
    return p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])


class Saturation(NamedTuple):
    """What softmax makes of the scores of random queries, as medians over the queries."""

    largest: float  # largest weight of a row
    entropy: float  # of a row, in nats
    gradient: float  # Frobenius norm of the row's Jacobian


def saturation(d_k: int, scaled: bool, keys: int = 64, queries: int = 1000, seed: int = 0) -> Saturation:
    """Softmax rows of random unit-normal queries and keys, with or without the factor 1/sqrt(d_k)."""
    rng = np.random.default_rng(seed)
    q = rng.standard_normal((queries, d_k))  # (queries, d_k)
    k = rng.standard_normal((keys, d_k))  # (keys, d_k)
    p = softmax(scores(q, k, scale=None if scaled else 1.0))  # (queries, keys)
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=-1)  # (queries,)
    gradient = np.linalg.norm(jacobian(p), axis=(-2, -1))  # (queries,)
    return Saturation(*(float(np.median(a)) for a in (p.max(axis=-1), entropy, gradient)))


# --8<-- [end:saturation]


# --8<-- [start:t5]
def t5_scores(n: int, d_model: int, d_kv: int, rng: np.random.Generator) -> Array:
    """Scores at T5's initial values, without any scaling at run time: (n, n) from unit-normal inputs."""
    x = rng.standard_normal((n, d_model))  # (n, d_model)
    w_q = rng.standard_normal((d_model, d_kv)) * (d_model * d_kv) ** -0.5  # (d_model, d_kv), the factor is here
    w_k = rng.standard_normal((d_model, d_kv)) * d_model**-0.5  # (d_model, d_kv)
    return scores(x @ w_q, x @ w_k, scale=1.0)  # (n, n)


# --8<-- [end:t5]
