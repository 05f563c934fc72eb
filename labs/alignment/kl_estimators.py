r"""Three estimates of KL(π‖π_ref) from samples, and what each becomes when it is differentiated.

Source: Schulman, *Approximating KL Divergence* (http://joschu.net/blog/kl-approx.html), for k1, k2 and k3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:estimators]
def k1(logp: Array, ref: Array) -> Array:
    r"""$\log\pi-\log\pi_{ref}$: unbiased, of either sign."""
    return logp - ref


def k2(logp: Array, ref: Array) -> Array:
    r"""$\tfrac12(\log\pi-\log\pi_{ref})^2$: never negative, biased."""
    return 0.5 * (logp - ref) ** 2


def k3(logp: Array, ref: Array) -> Array:
    r"""$r-1-\log r$ with $r=\pi_{ref}/\pi$: never negative and unbiased."""
    return np.expm1(ref - logp) - (ref - logp)


# --8<-- [end:estimators]

ESTIMATORS = {"k1": k1, "k2": k2, "k3": k3}


# --8<-- [start:moments]
def kl(p: Array, q: Array) -> float:
    """KL(p‖q) of two distributions (K,)."""
    return float((p * np.log(p / q)).sum())


def moments(name: str, pi: Array, ref: Array, behaviour: Array | None = None) -> tuple[float, float]:
    """Exact mean and deviation of one sample of an estimator, drawn from `behaviour` (K,), which is π by default."""
    weight = pi if behaviour is None else behaviour  # (K,)
    value = ESTIMATORS[name](np.log(pi), np.log(ref))  # (K,)
    mean = float((weight * value).sum())
    return mean, float(np.sqrt((weight * (value - mean) ** 2).sum()))


# --8<-- [end:moments]


# --8<-- [start:gradients]
def slope(name: str, pi: Array, ref: Array) -> Array:
    r"""$\partial k/\partial\log\pi$ of one sample (K,): 1, $\log(\pi/\pi_{ref})$ and $1-\pi_{ref}/\pi$."""
    log_ratio = np.log(pi / ref)  # (K,)
    return {"k1": np.ones_like(pi), "k2": log_ratio, "k3": -np.expm1(-log_ratio)}[name]


def as_loss(name: str, z: Array, ref: Array) -> Array:
    """Mean gradient in the logits z (K,) when k is put in the loss and differentiated, with samples from π."""
    pi = softmax(z)  # (K,)
    weight = pi * slope(name, pi, ref)  # (K,)
    grad: Array = weight - weight.sum() * pi  # Σ_a w_a·∇log π(a), where ∇log π(a) = e_a − π
    return grad


def as_reward(name: str, z: Array, ref: Array) -> Array:
    """Mean policy gradient in z (K,) when k is a cost: a number k(a) that multiplies the gradient of log π(a)."""
    pi = softmax(z)  # (K,)
    weight = pi * ESTIMATORS[name](np.log(pi), np.log(ref))  # (K,)
    grad: Array = weight - weight.sum() * pi
    return grad


def reverse_kl_grad(z: Array, ref: Array) -> Array:
    """True gradient of KL(π‖ref) in z: (K,)."""
    pi = softmax(z)  # (K,)
    grad: Array = pi * (np.log(pi / ref) - kl(pi, ref))
    return grad


def forward_kl_grad(z: Array, ref: Array) -> Array:
    """True gradient of KL(ref‖π) in z: (K,)."""
    grad: Array = softmax(z) - ref
    return grad


# --8<-- [end:gradients]
