r"""What a bias in Q and K does to attention scores, without and with RoPE.

Source: Su Jianlin, kexue.fm/archives/9577 (the four terms); Qwen (arXiv:2309.16609), section 2.3, adopts it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:rope]
def rotate(x: Array, position: Array, base: float = 10_000.0) -> Array:
    """RoPE on pairs (2i, 2i+1): `x` (n, d_h) at `position` (n,) → (n, d_h)."""
    angle = position[:, None] * base ** (-np.arange(0, x.shape[1], 2) / x.shape[1])  # (n, d_h/2)
    z = (x[:, 0::2] + 1j * x[:, 1::2]) * np.exp(1j * angle)  # a pair is a complex number
    return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)


def scores(q: Array, k: Array, a: Array, b: Array, rope: bool = True) -> Array:
    r"""$(R_m(q_m+a))^\top(R_n(k_n+b))$ for all pairs: `q`, `k` (n, d_h), biases (d_h,) → (n, n)."""
    t = np.arange(len(q), dtype=np.float64)
    left, right = q + a, k + b
    return rotate(left, t) @ rotate(right, t).T if rope else left @ right.T


# --8<-- [end:rope]


# --8<-- [start:position]
def position_term(a: Array, b: Array, distance: int) -> Array:
    r"""$a^\top R_{-\delta}\,b$ for $\delta=m-n=0,1,…$: depends on the distance only, not on the tokens. (distance,)"""
    delta = np.arange(distance, dtype=np.float64)
    return rotate(np.tile(a, (distance, 1)), delta) @ b  # R_m^T R_n = R_{n-m}


# --8<-- [end:position]
