r"""Temperature and the truncations top-k, top-p and min-p as functions from logits to logits, to be chained.

Sources: Hinton et al. (arXiv:1503.02531), section 2 (temperature); Fan et al. (arXiv:1805.04833), section 5 (top-k);
Holtzman et al. (arXiv:1904.09751), section 3.1 (nucleus). A dropped token has logit −∞, so every stage can be
followed by any other, and one softmax at the end renormalises.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:temperature]
def temperature(logits: Array, t: float) -> Array:
    """Logits (V,) divided by `t` > 0, before the softmax."""
    return logits / t


def divide_probabilities(logits: Array, t: float) -> Array:
    """The mistake: dividing softmax's output and normalising again gives back what it was. (V,) → (V,)"""
    p = softmax(logits) / t  # (V,)
    return np.asarray(p / p.sum())


def entropy(p: Array) -> float:
    """Nats of a distribution (V,), zeros allowed."""
    q = p[p > 0]
    return float(-(q * np.log(q)).sum())


# --8<-- [end:temperature]


# --8<-- [start:truncate]
def top_k(logits: Array, k: int) -> Array:
    """Keep the `k` largest logits (V,); ties with the k-th stay."""
    kth = np.sort(logits)[-min(k, len(logits))]
    return np.where(logits >= kth, logits, -np.inf)


def top_p(logits: Array, p: float) -> Array:
    """Keep the fewest tokens, likeliest first, whose probabilities add up to `p` or more; at least one."""
    prob = softmax(logits)  # (V,): of what earlier stages left, renormalised
    order = np.argsort(-prob, kind="stable")  # (V,)
    before = np.cumsum(prob[order]) - prob[order]  # (V,): mass of the likelier ones
    keep = np.zeros(len(logits), dtype=bool)
    keep[order] = before < p - 1e-12  # a token stays while the mass before it has not reached p
    keep[order[0]] = True
    return np.where(keep, logits, -np.inf)


def min_p(logits: Array, ratio: float) -> Array:
    """Keep tokens at least `ratio` times as likely as the likeliest: a line in logits, max + log(ratio)."""
    return np.where(logits >= logits.max() + np.log(ratio), logits, -np.inf)


# --8<-- [end:truncate]


def kept(logits: Array) -> list[int]:
    """Tokens that survived."""
    return [int(i) for i in np.flatnonzero(np.isfinite(logits))]


# --8<-- [start:draw]
def draw(logits: Array, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """`n` tokens from softmax(logits) by inverting the cumulative distribution: one uniform number each."""
    cumulative = np.cumsum(softmax(logits))  # (V,)
    return np.minimum(np.searchsorted(cumulative, rng.random(n), side="right"), len(logits) - 1)


def draw_gumbel(logits: Array, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """The same distribution by argmax of logits plus Gumbel noise: sampling as a noisy greedy step."""
    noise = -np.log(-np.log(rng.random((n, len(logits)))))  # (n, V)
    return np.asarray((logits + noise).argmax(1))  # (n,)


# --8<-- [end:draw]


# --8<-- [start:tail]
def zipf(vocab: int, exponent: float = 1.0) -> Array:
    """Logits (V,) of p(rank r) ∝ r^−exponent: a head that matters and a long tail."""
    return -exponent * np.log(np.arange(1, vocab + 1))


def with_tail(head: Array, n: int, exponent: float = 1.5) -> Array:
    """`head` (H,), then `n` logits that fall on from its least one as `zipf` does from rank H: (H + n,)."""
    return np.concatenate([head, head.min() - exponent * np.log1p(np.arange(1, n + 1) / len(head))])


def tail_mass(logits: Array, head: int) -> float:
    """Probability of everything behind the `head` likeliest tokens."""
    p = np.sort(softmax(logits))[::-1]  # (V,)
    return float(p[head:].sum())


# --8<-- [end:tail]
