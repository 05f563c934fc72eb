r"""Linear attention: with $\phi(q)\cdot\phi(k)$ instead of $e^{q\cdot k}$ the past fits in one matrix.

Source: Katharopoulos et al., *Transformers are RNNs* (arXiv:2006.16236), sections 3.2 to 3.4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def phi(x: Array) -> Array:
    """The paper's feature map elu(x) + 1, always positive: (…, d) → (…, d)."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


# --8<-- [start:parallel]
def parallel(q: Array, k: Array, v: Array) -> Array:
    """All positions at once, O(n²): (n, d), (n, d), (n, d_v) → (n, d_v)."""
    a = np.tril(phi(q) @ phi(k).T)  # (n, n), the weights before normalising; 0 above the diagonal
    out: Array = a @ v / a.sum(axis=1, keepdims=True)  # (n, d_v)
    return out


# --8<-- [end:parallel]


# --8<-- [start:recurrent]
def recurrent(q: Array, k: Array, v: Array) -> Array:
    """The same numbers token by token: the whole past is one matrix and one vector."""
    s = np.zeros((v.shape[1], k.shape[1]))  # (d_v, d), sum of v φ(k)ᵀ
    z = np.zeros(k.shape[1])  # (d,), sum of φ(k)
    out = np.empty_like(v)  # (n, d_v)
    for t in range(len(q)):
        f_q, f_k = phi(q[t]), phi(k[t])  # (d,), (d,)
        s += np.outer(v[t], f_k)
        z += f_k
        out[t] = s @ f_q / (z @ f_q)
    return out


# --8<-- [end:recurrent]


# --8<-- [start:chunked]
def chunked(q: Array, k: Array, v: Array, size: int) -> Array:
    """What training uses: quadratic inside a chunk of `size`, a state between chunks."""
    f_q, f_k = phi(q), phi(k)  # (n, d), (n, d)
    s = np.zeros((v.shape[1], k.shape[1]))  # (d_v, d)
    z = np.zeros(k.shape[1])  # (d,)
    out = np.empty_like(v)  # (n, d_v)
    for start in range(0, len(q), size):
        c = slice(start, start + size)
        a = np.tril(f_q[c] @ f_k[c].T)  # (size, size), pairs inside the chunk
        out[c] = (a @ v[c] + f_q[c] @ s.T) / (a.sum(axis=1) + f_q[c] @ z)[:, None]
        s += v[c].T @ f_k[c]  # the chunk joins the past
        z += f_k[c].sum(axis=0)
    return out


# --8<-- [end:chunked]
