r"""A small top-1 MoE trained from scratch: without balancing, the first experts to be good get everything.

Source: Shazeer et al. (arXiv:1701.06538), section 4, for the self-reinforcing imbalance; the loss is Switch's
(arXiv:2101.03961), equation 4. Tokens come from E clusters, each with a linear map of its own to learn.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.moe.balance import aux_loss

Array = npt.NDArray[np.float64]


# --8<-- [start:gradients]
def gradients(x: Array, target: Array, w_r: Array, maps: Array, alpha: float) -> tuple[float, Array, Array, Array]:
    """(task loss, d router (d, E), d experts (E, d, o), load (E,)) of y = p_e(x) · x M_e, e = argmax p."""
    logits = x @ w_r  # (T, E)
    p, e = softmax(logits), logits.argmax(axis=-1)
    chosen = e[:, None] == np.arange(p.shape[1])  # (T, E)
    out = np.zeros_like(target)  # (T, o)
    for i in range(p.shape[1]):
        out[e == i] = x[e == i] @ maps[i]
    gate = p[chosen][:, None]  # (T, 1): the only way by which a gradient reaches the router
    error = gate * out - target  # (T, o)
    g_y = 2 * error / len(x)
    # An expert that no token chose gets a gradient of zero.
    g_maps = np.stack([x[e == i].T @ (gate * g_y)[e == i] for i in range(p.shape[1])])  # (E, d, o)
    g_gate = (g_y * out).sum(axis=-1, keepdims=True)  # (T, 1)
    g_logits = g_gate * gate * (chosen - p)  # (T, E): dp_e/dlogit_j = p_e (δ_ej − p_j)
    g_logits = g_logits + aux_loss(logits, 1, alpha)[1]
    return float((error**2).sum(axis=-1).mean()), x.T @ g_logits, g_maps, chosen.mean(axis=0)


# --8<-- [end:gradients]


def train(alpha: float, steps: int = 300, n_experts: int = 8, seed: int = 0) -> tuple[Array, Array]:
    """Task loss (steps,) and load (steps, E); as many equally frequent clusters as experts."""
    rng = np.random.default_rng(seed)
    d, o = 16, 4
    centers = rng.standard_normal((n_experts, d)) * 2 / np.sqrt(d)
    truth = rng.standard_normal((n_experts, d, o))
    w_r = 0.1 * rng.standard_normal((d, n_experts))
    maps = 0.1 * rng.standard_normal((n_experts, d, o))
    losses, loads = [], []
    for _ in range(steps):
        c = rng.integers(n_experts, size=128)  # (T,)
        x = centers[c] + 0.1 * rng.standard_normal((128, d))  # (T, d)
        target = np.einsum("td,tdo->to", x, truth[c])  # (T, o)
        loss, g_r, g_m, load = gradients(x, target, w_r, maps, alpha)
        w_r, maps = w_r - 0.2 * g_r, maps - 0.1 * g_m
        losses.append(loss)
        loads.append(load)
    return np.array(losses), np.array(loads)
