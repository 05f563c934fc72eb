r"""Zero-computation experts: some experts return their input, so tokens use different numbers of real experts.

Source: LongCat-Flash (arXiv:2509.01322), section 2.1: softmax router, top-K over N real and Z identity experts by
score plus bias; the bias of a real expert follows μ(K_e/(K·N) − T_i/(K·T)), that of an identity expert stays 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.moe.layer import Experts, top_k

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:layer]
def moe_with_identity(x: Array, p: Array, bias: Array, experts: Experts, k: int) -> tuple[Array, Ids]:
    """Output (T, d) and the number of real experts of each token (T,); `p` (T, N + Z) router scores."""
    ids = top_k(p + bias, k)  # (T, k): the bias chooses, the weight is p itself
    g = np.zeros_like(p)
    np.put_along_axis(g, ids, np.take_along_axis(p, ids, axis=-1), axis=-1)  # (T, N + Z)
    n = len(experts)
    y = g[:, n:].sum(axis=-1, keepdims=True) * x  # (T, d): all identity experts together, no matmul
    for i in range(n):
        chosen = np.flatnonzero(g[:, i])
        y[chosen] += g[chosen, i, None] * experts(i, x[chosen])
    return y, (ids < n).sum(axis=-1)


# --8<-- [end:layer]


# --8<-- [start:control]
def control(bias: Array, ids: Ids, n: int, k: int, target: float, mu: float) -> Array:
    """One step of the bias (N + Z,): real expert i should get the share K_e/(K·N) of all assignments."""
    share = np.bincount(ids.ravel(), minlength=len(bias)) / ids.size  # (N + Z,), T_i / (K·T)
    step = mu * (target / (k * n) - share)
    step[n:] = 0  # what the real experts leave is theirs
    return bias + step


# --8<-- [end:control]


def simulate(steps: int = 300, n: int = 32, z: int = 16, k: int = 6, target: float = 4, seed: int = 0) -> Array:
    """Mean number of real experts per step and kind of token, (steps, 2): columns easy and hard tokens.

    Half of the tokens are easy: their logits of the identity experts are higher by 1.
    """
    rng = np.random.default_rng(seed)
    bias, out = np.zeros(n + z), []
    offset = np.where(np.arange(n + z) < n, 0.0, 1.0)  # (N + Z,)
    easy = np.arange(256) % 2 == 0  # (T,)
    for _ in range(steps):
        p = softmax(rng.standard_normal((256, n + z)) + easy[:, None] * offset)  # (T, N + Z)
        ids = top_k(p + bias, k)
        real = (ids < n).sum(axis=-1)  # (T,)
        out.append([real[easy].mean(), real[~easy].mean()])
        bias = control(bias, ids, n, k, target, mu=0.05)
    return np.array(out)
