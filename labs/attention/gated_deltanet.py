r"""Gated DeltaNet: a matrix memory that forgets by $\alpha$ and corrects what it holds under a key.

Source: Yang et al., *Gated Delta Networks* (arXiv:2412.06464), section 3.1, equation (10), appendix A.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:write]
def write(s: Array, k: Array, v: Array, alpha: float, beta: float) -> Array:
    r"""One update $S\alpha(I-\beta kk^\top)+\beta vk^\top$: (d_v, d_k), (d_k,), (d_v,) → (d_v, d_k)."""
    s = alpha * s  # forget a little of everything
    error = v - s @ k  # (d_v,), what the memory would answer for this key, against what it should
    return s + beta * np.outer(error, k)  # gradient step on |Sk - v|²/2, rate beta


# --8<-- [end:write]


# --8<-- [start:recurrent]
def recurrent(q: Array, k: Array, v: Array, alpha: Array, beta: Array) -> tuple[Array, Array]:
    """`q`, `k` (n, d_k), `v` (n, d_v), `alpha`, `beta` (n,) → outputs (n, d_v), state (d_v, d_k)."""
    s = np.zeros((v.shape[1], k.shape[1]))  # (d_v, d_k), the only thing that decoding keeps
    out = np.empty_like(v)  # (n, d_v)
    for t in range(len(q)):
        s = write(s, k[t], v[t], float(alpha[t]), float(beta[t]))
        out[t] = s @ q[t]
    return out, s


# --8<-- [end:recurrent]


# --8<-- [start:parallel]
def parallel(q: Array, k: Array, v: Array, alpha: Array, beta: Array) -> Array:
    r"""The same outputs without a loop over time, as inside a chunk of a training kernel: (n, d_v).

    $S_t=\sum_{i\le t}\frac{\gamma_t}{\gamma_i}u_ik_i^\top$ with $\gamma_t=\prod_{s\le t}\alpha_s$; the
    corrected values $u$ depend only on earlier ones, so they solve a triangular system.
    """
    n = len(q)
    log_gamma = np.cumsum(np.log(alpha))  # (n,)
    decay = np.tril(np.exp(np.minimum(log_gamma[:, None] - log_gamma[None, :], 0)))  # (n, n), γ_t / γ_i for i <= t
    lower = np.tril(beta[:, None] * decay * (k @ k.T), -1)  # (n, n), how much older keys overlap with this one
    u = np.linalg.solve(np.eye(n) + lower, beta[:, None] * v)  # (n, d_v)
    out: Array = (decay * (q @ k.T)) @ u  # (n, d_v)
    return out


# --8<-- [end:parallel]
