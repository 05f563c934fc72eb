r"""Cross-entropy, KL divergence and label smoothing: $H(p,q)=H(p)+D_{KL}(p\|q)$, all in nats.

Sources: Kullback and Leibler, *On Information and Sufficiency* (1951); Szegedy et al. (arXiv:1512.00567),
section 7, for label smoothing.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:divergence]
def cross_entropy(p: Array, q: Array) -> float:
    r"""$H(p,q)=-\sum_xp(x)\log q(x)$ of two distributions (K,); terms with p = 0 are 0."""
    keep = p > 0  # 0·log q is 0 even where q is 0
    with np.errstate(divide="ignore"):  # p > 0 where q = 0: infinitely surprising
        return float(-(p[keep] * np.log(q[keep])).sum())


def entropy(p: Array) -> float:
    """H(p) = H(p, p), the least that any q can reach."""
    return cross_entropy(p, p)


def kl(p: Array, q: Array) -> float:
    r"""$D_{KL}(p\|q)=H(p,q)-H(p)\ge0$, infinite where p > 0 and q = 0."""
    return cross_entropy(p, q) - entropy(p)


# --8<-- [end:divergence]


# --8<-- [start:gradients]
def grad_forward(p: Array, z: Array) -> Array:
    r"""Gradient in the logits z of $H(p,q)$, and of $D_{KL}(p\|q)$ alike, at q = softmax(z): (K,)."""
    return softmax(z) - p  # H(p) does not depend on z


def grad_reverse_kl(p: Array, z: Array) -> Array:
    r"""Gradient in z of $D_{KL}(q\|p)=\sum q\log(q/p)$: the first distribution moves. (K,)."""
    q = softmax(z)  # (K,)
    ratio = np.log(q / p)  # (K,)
    grad: Array = q * (ratio - (q * ratio).sum())
    return grad


def grad_reverse_ce(p: Array, z: Array) -> Array:
    r"""Gradient in z of $H(q,p)=-\sum q\log p$, which lacks the entropy of q. (K,)."""
    q = softmax(z)  # (K,)
    surprise = -np.log(p)  # (K,)
    grad: Array = q * (surprise - (q * surprise).sum())
    return grad


# --8<-- [end:gradients]


# --8<-- [start:smoothing]
def smooth(label: int, classes: int, eps: float) -> Array:
    r"""Target $(1-\epsilon)\,\mathbf 1[k=y]+\epsilon/K$: (K,), summing to 1."""
    target = np.full(classes, eps / classes)  # (K,)
    target[label] += 1 - eps
    return target


def smoothed_loss(z: Array, label: int, eps: float) -> tuple[float, Array]:
    """Cross-entropy of softmax(z) against the smoothed target, and its gradient in z (K,)."""
    target = smooth(label, len(z), eps)
    return cross_entropy(target, softmax(z)), grad_forward(target, z)


def best_gap(classes: int, eps: float) -> float:
    r"""Logit of the label less any other at the optimum: $\log\frac{1-\epsilon+\epsilon/K}{\epsilon/K}$."""
    return log((1 - eps + eps / classes) / (eps / classes))


# --8<-- [end:smoothing]


def gaussian(x: Array, mean: float, std: float) -> Array:
    """A normal density on the grid x (n,), made to sum to 1."""
    f = np.exp(-((x - mean) ** 2) / (2 * std**2))  # (n,)
    p: Array = f / f.sum()  # (n,)
    return p


GRID = np.linspace(-10, 10, 401)  # (n,)
TWO_PEAKS = 0.6 * gaussian(GRID, -3, 1) + 0.4 * gaussian(GRID, 3, 1)  # (n,)


def best_gaussian(p: Array, reverse: bool) -> tuple[float, float]:
    """Mean and deviation of the one Gaussian that is closest to p (n,) in forward or reverse KL, by search."""
    choices = [(m, s) for m in np.arange(-5, 5.05, 0.1) for s in np.arange(0.5, 5.05, 0.1)]
    p = np.maximum(p, 1e-300)
    qs = [np.maximum(gaussian(GRID, m, s), 1e-300) for m, s in choices]
    loss = [float((q * np.log(q / p)).sum() if reverse else (p * np.log(p / q)).sum()) for q in qs]
    mean, std = choices[int(np.argmin(loss))]
    return round(float(mean), 1), round(float(std), 1)
