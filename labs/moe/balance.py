r"""Two ways to even out a skewed router: the auxiliary loss (with its gradient) and a bias outside the gradient.

Sources: Fedus et al., *Switch* (arXiv:2101.03961), section 2.2, equations 4 to 6; Wang et al., *Loss-Free Balancing*
(arXiv:2408.15664), algorithm 1, and equation 4 for MaxVio; DeepSeek-V3 (arXiv:2412.19437), section 2.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.moe.layer import Ids, top_k
from labs.transformer.ffn import sigmoid

Array = npt.NDArray[np.float64]


# --8<-- [start:aux]
def aux_loss(logits: Array, k: int, alpha: float = 1e-2) -> tuple[float, Array]:
    """α·E·Σ f_i P_i and its gradient (T, E); f is a count, so only P carries a gradient."""
    n_tokens, n_experts = logits.shape
    p = softmax(logits)  # (T, E)
    f = load(logits, k)  # (E,), sums to 1
    loss = alpha * n_experts * f @ p.mean(axis=0)
    # dP_i/dlogit_tj = p_ti (δ_ij − p_tj) / T, summed over i with weights f_i
    grad = alpha * n_experts / n_tokens * p * (f - p @ f[:, None])  # (T, E)
    return float(loss), grad


def load(scores: Array, k: int) -> Array:
    """f_i: share of the T·k assignments that goes to expert i, (E,)."""
    counts = np.bincount(top_k(scores, k).ravel(), minlength=scores.shape[1])
    share: Array = counts / counts.sum()
    return share


def max_violation(f: Array) -> float:
    """MaxVio: by how much the busiest expert exceeds the mean load."""
    return float(f.max() * len(f) - 1)


# --8<-- [end:aux]


# --8<-- [start:bias]
def update_bias(bias: Array, f: Array, rate: float = 1e-3) -> Array:
    """Busy experts lose γ, idle ones gain γ; nothing here is differentiated."""
    out: Array = bias - rate * np.sign(f - f.mean())  # (E,)
    return out


def choose(scores: Array, bias: Array, k: int) -> tuple[Ids, Array]:
    """Experts (T, k) chosen by s + b, and their weights (T, k) from s alone."""
    ids = top_k(scores + bias, k)
    s = np.take_along_axis(scores, ids, axis=-1)  # (T, k), without the bias
    return ids, s / s.sum(axis=-1, keepdims=True)


# --8<-- [end:bias]


# --8<-- [start:simulation]
@dataclass(frozen=True)
class Run:
    """One simulation: loads after each step, the router before and after, and the bias."""

    loads: Array  # (steps, E)
    before: Array  # (d, E)
    after: Array  # (d, E)
    bias: Array  # (E,)


def skewed_router(d: int, n_experts: int, rng: np.random.Generator, skew: float = 1.0) -> Array:
    """Router (d, E) whose first row, met by the constant input 1, makes some experts popular."""
    w: Array = rng.standard_normal((d, n_experts)) / np.sqrt(d)
    w[0] = skew * np.linspace(1, -1, n_experts)
    return w


def tokens(n: int, d: int, rng: np.random.Generator) -> Array:
    """Random tokens (n, d) with a constant first entry, which is how a popularity can live in a linear router."""
    x: Array = rng.standard_normal((n, d))
    x[:, 0] = 1
    return x


def simulate(how: str, steps: int = 600, gamma: float = 1e-3, alpha: float = 1e-2, seed: int = 0) -> Run:
    """Same tokens, same skewed router of 8 experts, k = 2, for "none", "aux" (gradient descent) and "bias".

    The task is caricatured as a spring of strength 1e-3 that pulls the router back to where it started.
    """
    rng, d, n, k = np.random.default_rng(seed), 16, 256, 2
    before = skewed_router(d, 8, rng)
    w, bias, loads = before.copy(), np.zeros(8), []
    for _ in range(steps):
        x = tokens(n, d, rng)
        logits = x @ w  # (n, E)
        loads.append(load(sigmoid(logits) + bias, k))  # sigmoid keeps the order, so "aux" is not affected
        if how == "aux":
            w = w - 10 * (x.T @ aux_loss(logits, k, alpha)[1] + 1e-3 * (w - before))  # (d, E)
        elif how == "bias":
            bias = update_bias(bias, loads[-1], gamma)
    return Run(np.array(loads), before, w, bias)


# --8<-- [end:simulation]
