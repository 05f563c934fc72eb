r"""PPO's two losses with their gradients written out: the clipped policy loss and the clipped value loss.

Source: Schulman et al., *Proximal Policy Optimization Algorithms* (arXiv:1707.06347), sections 3 and 5; the value
clipping is not in the paper but in OpenAI's code for it (baselines, lm-human-preferences).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:policy]
def clipped_objective(ratio: Array, advantages: Array, eps: float = 0.2) -> Array:
    r"""$\min(\rho A,\ \mathrm{clip}(\rho,1-\epsilon,1+\epsilon)A)$, elementwise: (n,)."""
    clipped = np.clip(ratio, 1 - eps, 1 + eps)  # (n,)
    return np.minimum(ratio * advantages, clipped * advantages)


def policy_loss(logp: Array, old_logp: Array, advantages: Array, eps: float = 0.2) -> tuple[float, Array]:
    """Loss over n tokens, and its gradient in `logp` (n,): −A·ρ/n where a token is active, 0 where it is clipped."""
    ratio = np.exp(logp - old_logp)  # (n,): 1 everywhere in the first pass over the batch
    loss = -clipped_objective(ratio, advantages, eps).mean()
    return float(loss), -np.where(active(ratio, advantages, eps), advantages * ratio, 0.0) / len(logp)  # (n,)


def active(ratio: Array, advantages: Array, eps: float = 0.2) -> npt.NDArray[np.bool_]:
    """(n,): which tokens still pull. Only one of the two bounds exists for each sign of A."""
    too_high = (advantages > 0) & (ratio > 1 + eps)  # already raised enough
    too_low = (advantages < 0) & (ratio < 1 - eps)  # already lowered enough
    return ~(too_high | too_low)


# --8<-- [end:policy]


# --8<-- [start:value]
def value_loss(values: Array, old_values: Array, returns: Array, eps: float | None = 0.2) -> tuple[float, Array]:
    r"""$\tfrac12\max\big((V-R)^2,(V_{clip}-R)^2\big)$ averaged over n states, and its gradient in `values` (n,).

    $V_{clip}$ keeps V within `eps` of `old_values`; `eps` None is the plain squared error.
    """
    error = values - returns  # (n,)
    if eps is None:
        return float(0.5 * (error**2).mean()), error / len(values)
    moved = old_values + np.clip(values - old_values, -eps, eps)  # (n,)
    inside = np.abs(values - old_values) <= eps  # (n,)
    plain, clipped = error**2, (moved - returns) ** 2  # (n,)
    grad = np.where(plain >= clipped, error, np.where(inside, moved - returns, 0.0))  # (n,)
    return float(0.5 * np.maximum(plain, clipped).mean()), grad / len(values)


# --8<-- [end:value]


# --8<-- [start:bandit]
def reuse(
    logits: Array, actions: npt.NDArray[np.int64], advantages: Array, lr: float, epochs: int, eps: float
) -> Array:
    """Probability ratios of all K actions after each of `epochs` passes over one batch: (epochs, K).

    One state, softmax policy over K actions; `actions` (n,) were drawn from softmax(`logits`).
    """
    old = softmax(logits)  # (K,)
    z = logits.copy()  # (K,)
    path = []
    for _ in range(epochs):
        pi = softmax(z)  # (K,)
        _, grad = policy_loss(np.log(pi[actions]), np.log(old[actions]), advantages, eps)  # (n,)
        score = np.eye(len(z))[actions] - pi  # (n, K): gradient of log π(a) in the logits
        z -= lr * (grad @ score)
        path.append(softmax(z) / old)
    return np.array(path)  # (epochs, K)


# --8<-- [end:bandit]
